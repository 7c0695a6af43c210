package io.hostpool.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.Session;
import io.hostpool.adapter.HttpAdapter;
import io.hostpool.error.DeadlineExceededException;
import io.hostpool.http.JsonCodec;
import io.hostpool.http.RequestBody;
import io.hostpool.http.Response;
import io.hostpool.net.TlsConfig;
import io.hostpool.policy.Backoff;
import io.hostpool.policy.Retry;
import io.hostpool.policy.Timeout;
import io.hostpool.policy.WhenExhausted;
import io.hostpool.stats.CloseReason;
import io.hostpool.stats.PoolListener;
import io.hostpool.testkit.Eventually;
import io.hostpool.testkit.Exchange;
import io.hostpool.testkit.LoopbackServer;
import io.hostpool.testkit.ReceivedRequest;
import io.hostpool.testkit.TestCa;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of recipes.md: what a request carries, and how it is sent. */
@org.junit.jupiter.api.Timeout(60)
class RecipesSocketTest {

  // tag::user[]
  record User(String name, int age) {}

  // end::user[]

  private final LoopbackServer server = LoopbackServer.start(RecipesSocketTest::answer);
  private final String api = server.url("/");
  private final Session session = Session.builder().json(new JacksonCodec()).build();

  @TempDir Path folder;

  private static void answer(Exchange exchange) throws Exception {
    ReceivedRequest request = exchange.request();
    switch (exchange.target()) {
      case "/busy-twice" -> exchange.respond(request.count() < 3 ? 503 : 200, "at last");
      case "/export" -> exchange.respond(200, new byte[1_000_000]);
      case "/silent" -> exchange.awaitClientClose();
      default -> exchange.respond(200, request.text());
    }
  }

  @AfterEach
  void stop() {
    assertThat(session.pools()).allMatch(pool -> pool.leased() == 0);
    session.close();
    server.close();
    assertThat(server.failures()).isEmpty();
  }

  @Test
  void failedRequestsAreRepeatedAfterPauses() throws Exception {
    // tag::retry[]
    Retry retry =
        Retry.builder()
            .total(4)
            .statusForcelist(Set.of(502, 503, 504))
            .backoff(Backoff.fullJitter(Duration.ofMillis(100), Duration.ofSeconds(5)))
            .build();
    session.mount(api, HttpAdapter.builder().maxRetries(retry).build());
    // end::retry[]

    assertThat(session.get(api + "busy-twice").text()).isEqualTo("at last");
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void eachHostHasASizeOfItsOwn() {
    // tag::sizes[]
    session.mount("https://", HttpAdapter.builder().poolMaxsize(10).build());
    session.mount(
        "https://search.example.com/",
        HttpAdapter.builder()
            .poolMaxsize(50)
            .poolBlock(true)
            .poolTimeout(Duration.ofMillis(500))
            .maxPending(200)
            .build());
    // end::sizes[]

    assertThat(session.adapterFor("https://search.example.com/q"))
        .isInstanceOfSatisfying(
            HttpAdapter.class,
            adapter -> assertThat(adapter.poolManager().capacity().maxsize()).isEqualTo(50));
    assertThat(session.adapterFor("https://other.example.com/"))
        .isInstanceOfSatisfying(
            HttpAdapter.class,
            adapter -> assertThat(adapter.poolManager().capacity().maxsize()).isEqualTo(10));
  }

  @Test
  void allPoolsTogetherAreBounded() throws Exception {
    // tag::limits[]
    HttpAdapter crawler =
        HttpAdapter.builder()
            .poolConnections(1_000) // hosts
            .poolMaxsize(4) // connections per host
            .maxConnections(500) // connections of all hosts together
            .whenExhausted(WhenExhausted.BLOCK)
            .poolTimeout(Duration.ofSeconds(10))
            .unusedPoolTimeout(Duration.ofMinutes(5))
            .build();
    session.mount("http://", crawler);
    // end::limits[]

    assertThat(session.get(api).status()).isEqualTo(200);
    assertThat(crawler.poolManager().numPools()).isEqualTo(1_000);
  }

  @Test
  void bodyOfAnySizeGoesToAFile() throws Exception {
    Path file = folder.resolve("export");
    // tag::download[]
    try (Response response = session.get(api + "export", r -> r.stream(true)).raiseForStatus()) {
      Files.copy(response.body(), file, StandardCopyOption.REPLACE_EXISTING);
    }
    // end::download[]

    assertThat(file).hasSize(1_000_000);
  }

  @Test
  void fileIsSentFromDisk() throws Exception {
    Path file = Files.writeString(folder.resolve("report.pdf"), "pages");
    // tag::upload[]
    session
        .put(
            api + "reports/7",
            r -> r.header("Content-Type", "application/pdf").body(RequestBody.of(file)))
        .raiseForStatus();
    // end::upload[]

    ReceivedRequest request = server.requests().get(0);
    assertThat(request.header("Content-Length")).isEqualTo("5");
    assertThat(request.header("Content-Type")).isEqualTo("application/pdf");
    assertThat(request.text()).isEqualTo("pages");
  }

  @Test
  void formsAreFieldsOrParts() throws Exception {
    Path picture = Files.writeString(folder.resolve("ada.png"), "pixels");
    // tag::forms[]
    session.post(api + "login", r -> r.form(Map.of("user", "ada")));

    session.post(
        api + "profile",
        r -> r.multipart(parts -> parts.field("name", "Ada").file("picture", picture)));
    // end::forms[]

    assertThat(server.requests().get(0).text()).isEqualTo("user=ada");
    assertThat(server.requests().get(1).text()).contains("filename=\"ada.png\"");
  }

  @Test
  void objectsAreSentAndReadAsJson() throws Exception {
    // tag::json[]
    User created =
        session
            .post(api + "users", r -> r.json(new User("Ada", 36)))
            .raiseForStatus()
            .json(User.class);
    // end::json[]

    assertThat(created).isEqualTo(new User("Ada", 36));
    assertThat(server.requests().get(0).header("Content-Type")).isEqualTo("application/json");
  }

  @Test
  void timeIsBoundedForAllRequestsAndForOne() {
    assertThatThrownBy(
            () -> {
              // tag::timeouts[]
              Timeout usual =
                  Timeout.builder()
                      .connect(Duration.ofSeconds(1))
                      .read(Duration.ofSeconds(5))
                      .total(Duration.ofSeconds(10))
                      .build();
              session.mount(api, HttpAdapter.builder().timeout(usual).build());

              Timeout hurried = usual.toBuilder().total(Duration.ofMillis(200)).build();
              session.get(api + "silent", r -> r.timeout(hurried));
              // end::timeouts[]
            })
        .isInstanceOf(DeadlineExceededException.class)
        .hasMessageContaining("total time of 200 ms is over");
  }

  @Test
  void ownAuthorityIsTrusted() throws Exception {
    TestCa ca = TestCa.create();
    Path trustStore = folder.resolve("trust.p12");
    char[] password = TestCa.password();
    writeTrustStore(ca, trustStore, password);
    try (LoopbackServer secure =
        LoopbackServer.builder(exchange -> exchange.respond(200, "secret"))
            .tls(ca.serverContext("127.0.0.1"))
            .start()) {
      String internal = secure.url("/");
      // tag::tls[]
      KeyStore trusted = KeyStore.getInstance(trustStore.toFile(), password);
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);

      TlsConfig tls = TlsConfig.builder().sslContext(context).build();
      session.mount(internal, HttpAdapter.builder().tls(tls).build());
      // end::tls[]

      assertThat(session.get(internal).text()).isEqualTo("secret");
    }
  }

  private static void writeTrustStore(TestCa ca, Path file, char[] password) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, password);
    store.setCertificateEntry(
        "ca", ca.serverKeyStore("127.0.0.1").getCertificateChain("server")[1]);
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, password);
    }
  }

  @Test
  void connectionsAreReadyBeforeTheFirstRequest() {
    // tag::ready[]
    session.mount(api, HttpAdapter.builder().poolMaxsize(20).minIdle(2).build());
    // end::ready[]

    Eventually.until("two are open", () -> server.accepted() == 2);
  }

  @Test
  void listenerCountsWhyConnectionsAreClosed() throws Exception {
    // tag::listener[]
    Map<String, Integer> closed = new ConcurrentHashMap<>();
    PoolListener listener =
        new PoolListener() {
          @Override
          public void connectionClosed(String pool, CloseReason reason) {
            closed.merge(pool + " " + reason.tag(), 1, Integer::sum);
          }
        };
    session.mount(api, HttpAdapter.builder().listener(listener).build());
    // end::listener[]

    session.get(api, r -> r.header("Connection", "close"));
    assertThat(closed).containsEntry("http://127.0.0.1:" + server.port() + " server", 1);
  }

  @Test
  void codeForRequestsHasItsCounterpart() throws Exception {
    JsonCodec codec = new JacksonCodec();
    try (LoopbackServer search =
        LoopbackServer.start(exchange -> exchange.respond(200, "{\"hits\": 1}"))) {
      String api = search.url("/");
      // tag::fromRequests[]
      Retry retry =
          Retry.builder()
              .total(3)
              .backoffFactor(0.2)
              .statusForcelist(Set.of(502, 503, 504))
              .build();
      HttpAdapter adapter =
          HttpAdapter.builder()
              .poolConnections(10)
              .poolMaxsize(20)
              .poolBlock(true)
              .maxRetries(retry)
              .build();
      Timeout timeout = Timeout.of(Duration.ofSeconds(2), Duration.ofSeconds(10));

      try (Session session =
          Session.builder().header("X-Team", "search").json(codec).mount(api, adapter).build()) {
        Response response = session.get(api + "items", r -> r.param("q", "map").timeout(timeout));
        response.raiseForStatus();
        System.out.println(response.json(Map.class).get("hits"));
      }
      // end::fromRequests[]

      assertThat(search.requests().get(0).target()).isEqualTo("/items?q=map");
      assertThat(search.requests().get(0).header("X-Team")).isEqualTo("search");
    }
  }
}
