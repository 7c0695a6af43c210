package io.hostpool.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostpool.Session;
import io.hostpool.adapter.HttpAdapter;
import io.hostpool.http.JsonCodec;
import io.hostpool.http.JsonType;
import io.hostpool.http.RequestBody;
import io.hostpool.http.Response;
import io.hostpool.net.TlsConfig;
import io.hostpool.testkit.LoopbackServer;
import io.hostpool.testkit.ReceivedRequest;
import io.hostpool.testkit.TestCa;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The code of requests.md and bodies.md. */
@Timeout(60)
class RequestsSnippetsSocketTest {

  private final JsonCodec codec = new JacksonCodec();
  private final LoopbackServer server =
      LoopbackServer.start(exchange -> exchange.respond(200, "answer"));
  private final String url = server.url("/");
  private final Session session =
      Session.builder()
          .json(codec)
          .mount("https://api.example.com/", new ToLoopback(server))
          .build();

  @TempDir Path folder;

  @AfterEach
  void stop() {
    session.close();
    server.close();
    assertThat(server.failures()).isEmpty();
  }

  @Test
  void requestIsMadeOfItsParts() throws Exception {
    Map<String, String> user = Map.of("name", "Ada");
    // tag::parts[]
    Response response =
        session.post(
            "https://api.example.com/users",
            r ->
                r.param("notify", "yes").header("X-Trace", "17").json(user).maxBodyBytes(1L << 20));
    // end::parts[]

    ReceivedRequest request = server.requests().get(0);
    assertThat(response.text()).isEqualTo("answer");
    assertThat(request.target()).isEqualTo("/users?notify=yes");
    assertThat(request.header("X-Trace")).isEqualTo("17");
    assertThat(request.text()).isEqualTo("{\"name\":\"Ada\"}");
  }

  @Test
  void partsOfAMultipartBodyAreFieldsAndFiles() throws Exception {
    Path map = Files.writeString(folder.resolve("map.png"), "pixels");
    // tag::multipart[]
    session.post(url, r -> r.multipart(parts -> parts.field("title", "Map").file("image", map)));
    // end::multipart[]

    ReceivedRequest request = server.requests().get(0);
    assertThat(request.header("Content-Type")).startsWith("multipart/form-data; boundary=");
    assertThat(request.text())
        .contains("name=\"title\"\r\n\r\nMap\r\n")
        .contains("name=\"image\"; filename=\"map.png\"")
        .contains("\r\n\r\npixels\r\n");
  }

  @Test
  void sessionHasACodec() {
    // tag::codec[]
    Session session = Session.builder().json(codec).build();
    // end::codec[]
    session.close();
  }

  record User(String name) {}

  @Test
  void jsonOfATypeWithArguments() throws Exception {
    try (LoopbackServer directory =
        LoopbackServer.start(exchange -> exchange.respond(200, "[{\"name\":\"Ada\"}]"))) {
      String url = directory.url("/users");
      // tag::jsonType[]
      List<User> users = session.get(url).json(new JsonType<List<User>>() {});
      // end::jsonType[]

      assertThat(users).containsExactly(new User("Ada"));
    }
  }

  @Test
  void bodyFollowsWhenTheServerAsksForIt() throws Exception {
    Path file = Files.writeString(folder.resolve("data"), "content");
    try (LoopbackServer asking =
        LoopbackServer.start(
            exchange -> {
              exchange.send("HTTP/1.1 100 Continue\r\n\r\n").readBody();
              exchange.respond(200, exchange.request().text());
            })) {
      String url = asking.url("/");
      // tag::expect[]
      Response response =
          session.put(url, r -> r.header("Expect", "100-continue").body(RequestBody.of(file)));
      // end::expect[]

      assertThat(response.text()).isEqualTo("content");
    }
  }

  @Test
  void streamedBodyIsReadAndClosed() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    // tag::stream[]
    try (Response response = session.get(url, r -> r.stream(true))) {
      response.body().transferTo(out);
    }
    // end::stream[]

    assertThat(out).hasToString("answer");
    assertThat(session.pools()).allMatch(pool -> pool.leased() == 0);
  }

  @Test
  void contextOfTheApplicationIsTrusted() throws Exception {
    TestCa ca = TestCa.create();
    SSLContext sslContext = ca.clientContext();
    // tag::tls[]
    TlsConfig tls = TlsConfig.builder().sslContext(sslContext).build();
    HttpAdapter adapter = HttpAdapter.builder().tls(tls).build();
    // end::tls[]

    try (LoopbackServer secure =
        LoopbackServer.builder(exchange -> exchange.respond(200, "secret"))
            .tls(ca.serverContext("127.0.0.1"))
            .start()) {
      session.mount(secure.url("/"), adapter);

      assertThat(session.get(secure.url("/")).text()).isEqualTo("secret");
    }
  }

  @Test
  void resolverFindsTheAddresses() {
    // tag::resolver[]
    HttpAdapter adapter =
        HttpAdapter.builder().resolver(host -> List.of(InetAddress.getByName("10.0.0.7"))).build();
    // end::resolver[]
    adapter.close();
  }

  @Test
  void limitOfABodyIsSetForAllRequestsOrForOne() throws Exception {
    // tag::maxBodyBytes[]
    HttpAdapter adapter = HttpAdapter.builder().maxBodyBytes(10L << 20).build();
    session.mount("https://api.example.com/small/", adapter);

    session.get(url, r -> r.maxBodyBytes(1L << 30)); // this request only
    // end::maxBodyBytes[]

    assertThat(server.requests()).hasSize(1);
  }
}
