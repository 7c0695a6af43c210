package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.ClosedPoolException;
import io.hostpool.error.HostChangedException;
import io.hostpool.error.HttpException;
import io.hostpool.http.Response;
import io.hostpool.net.TlsConfig;
import io.hostpool.policy.Retry;
import io.hostpool.policy.Timeout;
import io.hostpool.stats.CloseReason;
import io.hostpool.stats.PoolStats;
import io.hostpool.testkit.LoopbackServer;
import io.hostpool.testkit.ReceivedRequest;
import io.hostpool.testkit.TestCa;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users of urllib3 write first, in our words. */
@org.junit.jupiter.api.Timeout(60)
class SeedPoolsSocketTest {

  private final LoopbackServer server =
      LoopbackServer.start(exchange -> exchange.respond(200, "got " + exchange.target()));

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void managerOfOnePoolKeepsTheLatestHostOnly() throws Exception {
    try (LoopbackServer other =
            LoopbackServer.builder(exchange -> exchange.respond(200, "ok"))
                .host("127.0.0.2")
                .start();
        PoolManager manager = PoolManager.create(1)) {
      assertThat(manager.request("GET", server.url("/")).status()).isEqualTo(200);
      assertThat(manager.request("GET", other.url("/")).status()).isEqualTo(200);

      assertThat(manager.pools())
          .extracting(PoolStats::key)
          .containsExactly("http://127.0.0.2:" + other.port());
      manager.request("GET", server.url("/"));
      assertThat(server.accepted()).isEqualTo(2);
    }
  }

  @Test
  void poolBuiltByHandSendsItsHeadersAndKeepsItsConnection() throws Exception {
    try (HttpConnectionPool pool =
        HttpConnectionPool.builder("127.0.0.1")
            .port(server.port())
            .maxsize(10)
            .block(true)
            .timeout(Timeout.of(Duration.ofSeconds(2), Duration.ofSeconds(5)))
            .retries(Retry.builder().total(3).backoffFactor(0.3).build())
            .headers(Map.of("User-Agent", "MyApp/1.0"))
            .build()) {
      Response got = pool.urlopen("GET", "/get");
      Response posted = pool.urlopen("POST", "/post", r -> r.form(Map.of("key", "value")));

      assertThat(got.status()).isEqualTo(200);
      assertThat(got.text()).isEqualTo("got /get");
      assertThat(posted.text()).isEqualTo("got /post");
      ReceivedRequest request = server.requests().get(1);
      assertThat(request.header("User-Agent")).isEqualTo("MyApp/1.0");
      assertThat(request.header("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
      assertThat(request.header("Content-Length")).isEqualTo("9");
      assertThat(request.text()).isEqualTo("key=value");
      assertThat(server.accepted()).isEqualTo(1);
      assertThat(pool.stats().idle()).isEqualTo(1);
      assertThat(pool.stats().requests()).isEqualTo(2);
    }
  }

  @Test
  void httpsPoolVerifiesTheServerAndKeepsItsConnection() throws Exception {
    TestCa ca = TestCa.create();
    try (LoopbackServer secure =
            LoopbackServer.builder(exchange -> exchange.respond(200, "secret"))
                .tls(ca.serverContext("127.0.0.1"))
                .start();
        HttpsConnectionPool pool =
            HttpsConnectionPool.builder("127.0.0.1")
                .port(secure.port())
                .maxsize(2)
                .tls(TlsConfig.builder().sslContext(ca.clientContext()).build())
                .build()) {
      assertThat(pool.urlopen("GET", "/a").text()).isEqualTo("secret");
      assertThat(pool.urlopen("GET", "/b").text()).isEqualTo("secret");

      assertThat(secure.accepted()).isEqualTo(1);
      assertThat(pool.stats().key()).isEqualTo("https://127.0.0.1:" + secure.port());
    }
  }

  /**
   * The session tickets that a server sends after the handshake lie unread on such a connection.
   */
  @Test
  void connectionOpenedAheadWithItsHandshakeServesTheFirstRequest() throws Exception {
    TestCa ca = TestCa.create();
    CyclicBarrier both = new CyclicBarrier(2);
    try (LoopbackServer secure =
            LoopbackServer.builder(exchange -> exchange.meet(both).respond(200, "secret"))
                .tls(ca.serverContext("127.0.0.1"))
                .start();
        HttpsConnectionPool pool =
            HttpsConnectionPool.builder("127.0.0.1")
                .port(secure.port())
                .maxsize(2)
                .tls(TlsConfig.builder().sslContext(ca.clientContext()).build())
                .build()) {
      assertThat(pool.prewarm(2)).isEqualTo(2);
      CompletableFuture<String> other =
          CompletableFuture.supplyAsync(() -> text(pool), task -> new Thread(task).start());

      assertThat(text(pool)).isEqualTo("secret");
      assertThat(other.get(30, TimeUnit.SECONDS)).isEqualTo("secret");
      assertThat(secure.accepted()).isEqualTo(2);
      assertThat(pool.stats().reused()).isEqualTo(2);
      assertThat(pool.stats().closed()).isZero();
    }
  }

  private static String text(HttpConnectionPool pool) {
    try {
      return pool.urlopen("GET", "/").text();
    } catch (HttpException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void poolFromUrlTakesSchemeHostAndPort() {
    try (HttpConnectionPool https = HttpConnectionPool.fromUrl("https://host:8443");
        HttpConnectionPool http = HttpConnectionPool.fromUrl("http://host/path?query")) {
      assertThat(https).isInstanceOf(HttpsConnectionPool.class);
      assertThat(https.stats().key()).isEqualTo("https://host:8443");
      assertThat(http).isNotInstanceOf(HttpsConnectionPool.class);
      assertThat(http.stats().key()).isEqualTo("http://host:80");
    }
  }

  /** Upstream: test_same_host, test_not_same_host and their kin. */
  @ParameterizedTest
  @CsvSource({
    "http://google.com/, /, true",
    "http://google.com/, http://google.com/, true",
    "http://google.com/, http://google.com, true",
    "http://google.com/, http://google.com/abra/cadabra, true",
    "http://google.com:42/, http://google.com:42/abracadabra, true",
    "http://google.com:80/, http://google.com/abracadabra, true",
    "http://google.com/, http://google.com:80/abracadabra, true",
    "https://google.com:443/, https://google.com/abracadabra, true",
    "https://google.com/, https://google.com:443/abracadabra, true",
    "http://[2607:f8b0:4005:805::200e%25eth0]/, http://[2607:f8b0:4005:805::200e%eth0]/, true",
    "http://GOOGLE.com/, http://google.COM/, true",
    "https://google.com/, http://google.com/, false",
    "http://google.com/, https://google.com/, false",
    "http://yahoo.com/, http://google.com/, false",
    "http://google.com:42, https://google.com:42/abracadabra, false",
    "http://google.com:42, http://google.com:43/, false",
    "https://google.net/, http://google.net/, false",
    "http://google.com/, http://google.com./, false",
    "http://google.com/, //google.com/, true",
  })
  void sameHostMeansSameSchemeHostAndPort(String pool, String url, boolean same) {
    try (HttpConnectionPool opened = HttpConnectionPool.fromUrl(pool)) {
      assertThat(opened.isSameHost(url)).isEqualTo(same);
    }
  }

  @Test
  void urlOfAnotherHostIsRefusedAndNothingIsSent() {
    try (HttpConnectionPool pool = HttpConnectionPool.fromUrl(server.url("/"))) {
      assertThatThrownBy(() -> pool.urlopen("GET", "http://127.0.0.2:1/"))
          .isInstanceOf(HostChangedException.class)
          .hasMessageContaining("http://127.0.0.2:1/");
      assertThat(server.accepted()).isZero();
    }
  }

  /** Upstream: test_paths_arent_parsed_as_urls. */
  @Test
  void pathThatLooksLikeAHostIsSentAsAPath() throws Exception {
    try (HttpConnectionPool pool = HttpConnectionPool.fromUrl(server.url("/"))) {
      pool.urlopen("GET", "//v:80/x");

      assertThat(server.requests().get(0).target()).isEqualTo("//v:80/x");
    }
  }

  @Test
  void closedPoolRefusesAndHasNoConnectionLeft() throws Exception {
    HttpConnectionPool pool = HttpConnectionPool.fromUrl(server.url("/"));
    pool.urlopen("GET", "/");

    pool.close();
    pool.close();

    assertThatThrownBy(() -> pool.urlopen("GET", "/")).isInstanceOf(ClosedPoolException.class);
    assertThat(pool.stats().idle() + pool.stats().leased()).isZero();
    assertThat(pool.stats().closedBy()).containsEntry(CloseReason.SHUTDOWN, 1L);
  }

  @Test
  void closedManagerRefusesAlsoHostsThatItNeverSaw() throws Exception {
    PoolManager manager = PoolManager.create(2);
    manager.request("GET", server.url("/"));

    manager.close();

    assertThatThrownBy(() -> manager.request("GET", server.url("/")))
        .isInstanceOf(ClosedPoolException.class);
    assertThatThrownBy(() -> manager.connectionFromUrl("http://never.example/").urlopen("GET", "/"))
        .isInstanceOf(ClosedPoolException.class);
    assertThat(manager.pools()).isEmpty();
  }

  @Test
  void clearedManagerServesOn() throws Exception {
    try (PoolManager manager = PoolManager.create(2)) {
      manager.request("GET", server.url("/"));
      HttpConnectionPool held = manager.connectionFromUrl(server.url("/"));

      manager.clear();

      assertThat(manager.pools()).isEmpty();
      assertThat(manager.request("GET", server.url("/")).status()).isEqualTo(200);
      assertThat(held.urlopen("GET", "/").status()).isEqualTo(200);
      assertThat(held.stats().idle()).isZero();
      assertThat(held.stats().closedBy()).containsEntry(CloseReason.EVICTED, 2L);
    }
  }

  @Test
  void equalPeersShareAPoolHoweverTheyAreWritten() {
    try (PoolManager manager = PoolManager.create(10)) {
      HttpConnectionPool pool = manager.connectionFromUrl("http://ExAmPle.com/");

      assertThat(manager.connectionFromUrl("HTTP://example.COM:80/x?y")).isSameAs(pool);
      assertThat(manager.connectionFromHost("EXAMPLE.com", 80, "HTTP")).isSameAs(pool);
      assertThat(manager.connectionFromUrl("http://example.com./")).isNotSameAs(pool);
      assertThat(manager.connectionFromUrl("https://example.com/"))
          .isSameAs(manager.connectionFromUrl("https://example.com:443/"));
      assertThat(manager.pools()).hasSize(3);
    }
  }

  @Test
  void poolThatSomebodyClosedIsReplacedByItsManager() throws Exception {
    try (PoolManager manager = PoolManager.create(2)) {
      manager.connectionFromUrl(server.url("/")).close();

      assertThat(manager.request("GET", server.url("/")).status()).isEqualTo(200);
    }
  }
}
