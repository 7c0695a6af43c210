package io.hostpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.adapter.HttpAdapter;
import io.hostpool.error.HttpException;
import io.hostpool.error.NewConnectionException;
import io.hostpool.error.ProtocolException;
import io.hostpool.http.Auth;
import io.hostpool.http.BodyOfType;
import io.hostpool.http.RequestBody;
import io.hostpool.policy.Retry;
import io.hostpool.pool.HttpConnectionPool;
import io.hostpool.pool.PoolManager;
import io.hostpool.stats.PoolStats;
import io.hostpool.testkit.Exchange;
import io.hostpool.testkit.LoopbackServer;
import io.hostpool.testkit.ReceivedRequest;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a request goes, and what of its URL, headers and body is on the wire. */
@Timeout(60)
class RequestTargetSocketTest {

  private final LoopbackServer server = LoopbackServer.start(this::answer);
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final Session session =
      Session.builder()
          .mount("http://", HttpAdapter.builder().resolver(this::resolve).build())
          .auth(Auth.basic("own", "own"))
          .build();

  /** Every name is this machine, so a name that gets here is connected to. */
  private List<InetAddress> resolve(String host) throws UnknownHostException {
    asked.add(host);
    return List.of(InetAddress.getByName("127.0.0.1"));
  }

  @AfterEach
  void stop() {
    session.close();
    server.close();
  }

  /** requests and curl connect to 87.0.0.1. */
  @ParameterizedTest
  @ValueSource(
      strings = {"0127.0.0.1", "0x7f.0.0.1", "127.1", "127\u20240\u20240\u20241", "127.0.0.1."})
  void addressInAnotherSpellingReachesNoResolver(String host) {
    String url = "http://" + host + ":" + server.port() + "/x";

    assertThatThrownBy(() -> session.get(url)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> HttpConnectionPool.builder(host))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PoolManager.create(1).connectionFromHost(host, 80, "http"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(asked).isEmpty();
    assertThat(server.accepted()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "http://0127.0.0.1/x, that ends in a number",
    "//0x7f.1/x, that ends in a number",
    "http://%E1%B2%90.example/, international host",
    "tel:5551234, scheme tel without //host",
    "mailto:a, scheme mailto without //host",
    "host:8080/x, scheme host without //host",
    "http:/x, scheme http without //host",
    "/\\evil.example/, backslash before the path"
  })
  void redirectThatLeadsNowhereElseReadsIsRefused(String location, String message) {
    String target = "/to?" + location;

    assertThatThrownBy(() -> session.get(server.url(target)))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(((HttpException) e).requestSent()).isTrue());
    assertThat(server.requests()).hasSize(1);
    assertThat(asked).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/secure/%2E%2E/evil, /evil",
    "/a/../b/%2e%2e/c, /c",
    "/a%2f..%2fb, /a%2F..%2Fb",
    "/%7Euser?a=%7E&b=%2f, /~user?a=~&b=%2F"
  })
  void targetIsSentInItsNormalForm(String target, String sent) throws Exception {
    try (HttpConnectionPool pool = HttpConnectionPool.fromUrl(server.url("/"));
        PoolManager manager = PoolManager.create(1);
        Session based = Session.builder().baseUrl(server.url("/api/")).build()) {
      session.get(server.url(target));
      pool.urlopen("GET", target);
      manager.request("GET", server.url(target));
      based.get(target);
    }

    assertThat(server.requests())
        .extracting(ReceivedRequest::target)
        .containsExactly(sent, sent, sent, sent);
  }

  @Test
  void targetOfARedirectIsSentInItsNormalForm() throws Exception {
    session.get(server.url("/to?/secure/%252E%252E/evil"));

    assertThat(server.requests().get(1).target()).isEqualTo("/evil");
  }

  /** requests: {@code if any(url_auth)}. */
  @ParameterizedTest
  @CsvSource({"'', own:own", "@, own:own", ":@, own:own", "u@, u:", "u:@, u:", ":p@, :p"})
  void userThatIsEmptyLeavesTheCredentialsOfTheSession(String user, String pair) throws Exception {
    session.get(server.url("/").replace("//", "//" + user));

    assertThat(server.requests().get(0).header("Authorization"))
        .isEqualTo("Basic " + Base64.getEncoder().encodeToString(pair.getBytes()));
  }

  /** CVE-2023-29406. */
  @ParameterizedTest
  @ValueSource(strings = {"evil.example/@ x", "a\r\nX: y", "", "a b"})
  void hostThatIsNoneIsNotSent(String host) {
    assertThatThrownBy(() -> session.get(server.url("/"), r -> r.header("Host", host)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("header Host");
    assertThatThrownBy(() -> Session.builder().header("host", host))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PoolManager.builder().headers(Map.of("HOST", host)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(server.accepted()).isZero();
  }

  @Test
  void hostOfTheCallerIsSentInThePlaceOfTheOwnOne() throws Exception {
    session.get(server.url("/"), r -> r.header("Host", "virtual.example:8080"));

    assertThat(server.requests().get(0).headerNames().stream().filter("Host"::equalsIgnoreCase))
        .hasSize(1);
    assertThat(server.requests().get(0).header("Host")).isEqualTo("virtual.example:8080");
  }

  @Test
  void contentTypeIsWhatTheBodySaidWhenItWasChecked() throws Exception {
    Iterator<String> types = List.of("text/x", "a/b\r\nX: y").iterator();
    RequestBody body = new BodyOfType(types::next);

    session.post(server.url("/"), body);

    assertThat(server.requests().get(0).header("Content-Type")).isEqualTo("text/x");
  }

  @Test
  void formWithoutFieldsIsSentWithoutAType() throws Exception {
    session.post(server.url("/"), r -> r.form(Map.of("a", List.of())));

    assertThat(server.requests().get(0).headerNames()).doesNotContain("Content-Type");
    assertThat(server.requests().get(0).header("Content-Length")).isEqualTo("0");
  }

  /** CVE-2022-27775: the same address in two zones is two machines. */
  @Test
  void zonesOfOneAddressHaveTwoPools() throws Exception {
    try (PoolManager manager = PoolManager.create(9)) {
      HttpConnectionPool one = manager.connectionFromUrl("http://[fe80::1%25zone1]/");
      HttpConnectionPool other = manager.connectionFromUrl("http://[fe80::1%25zone2]/");

      assertThat(one).isNotSameAs(other);
      assertThat(manager.connectionFromUrl("http://[FE80::1%zone1]:80/x")).isSameAs(one);
      assertThat(manager.connectionFromHost("fe80::1%zone1", 80, "http")).isSameAs(one);
      assertThat(manager.pools())
          .extracting(PoolStats::key)
          .containsExactlyInAnyOrder("http://[fe80::1%25zone1]:80", "http://[fe80::1%25zone2]:80");
    }
  }

  /** The zone was in lower case in one place and not in the other. */
  @ParameterizedTest
  @ValueSource(strings = {"[::1%25NOZONE]", "[fe80::1%25251]", "[fe80::1%25Eth9]"})
  void zoneIsOneAndTheSameInUrlAndPool(String host) {
    String url = "http://" + host + ":" + server.port();
    try (HttpConnectionPool pool = HttpConnectionPool.fromUrl(url);
        PoolManager manager = PoolManager.create(1)) {
      assertThat(pool.isSameHost(url + "/x")).isTrue();
      for (ThrowingCallable request :
          List.<ThrowingCallable>of(
              () -> pool.urlopen("GET", "/x", r -> r.retries(Retry.none())),
              () -> pool.urlopen("GET", url + "/x", r -> r.retries(Retry.none())),
              () -> manager.request("GET", url + "/x", r -> r.retries(Retry.none())))) {
        assertThatThrownBy(request)
            .isInstanceOf(NewConnectionException.class)
            .hasMessageStartingWith(host + ":" + server.port());
      }
    }
  }

  /** RFC 9110 section 9.3.6. */
  @Test
  void connectIsRefusedByName() {
    try (HttpConnectionPool pool = HttpConnectionPool.fromUrl(server.url("/"));
        PoolManager manager = PoolManager.create(1)) {
      for (ThrowingCallable request :
          List.<ThrowingCallable>of(
              () -> session.request("CONNECT", server.url("/")),
              () -> manager.request("CONNECT", server.url("/")),
              () -> pool.urlopen("CONNECT", "/"))) {
        assertThatThrownBy(request)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("CONNECT asks a proxy for a tunnel");
      }
    }
    assertThat(server.accepted()).isZero();
  }

  /** Redirects to what stands behind the question mark. */
  private void answer(Exchange exchange) throws Exception {
    String target = exchange.target();
    if (target.startsWith("/to?")) {
      String location = URLDecoder.decode(target.substring(4), StandardCharsets.ISO_8859_1);
      exchange.respond(302, "", "Location: " + location);
    } else {
      exchange.respond(200, "ok");
    }
  }
}
