package io.hostpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import io.hostpool.error.MaxRetryException;
import io.hostpool.error.ReadTimeoutException;
import io.hostpool.http.Headers;
import io.hostpool.http.Response;
import io.hostpool.policy.Retry;
import io.hostpool.pool.HttpConnectionPool;
import io.hostpool.pool.PoolManager;
import io.hostpool.testkit.Exchange;
import io.hostpool.testkit.LoopbackServer;
import io.hostpool.testkit.ReceivedRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request brings with it, against what its pool and its connection had before. */
@Timeout(60)
class RequestSettingsSocketTest {

  private final CountDownLatch over = new CountDownLatch(1);
  private final LoopbackServer server = LoopbackServer.start(this::answer);
  private final HttpConnectionPool pool =
      HttpConnectionPool.builder("127.0.0.1")
          .port(server.port())
          .retries(Retry.none())
          .timeout(io.hostpool.policy.Timeout.of(Duration.ofSeconds(5), Duration.ofSeconds(15)))
          .headers(Headers.builder().add("X-Pool", "p").add("X-Both", "p").build())
          .build();

  @AfterEach
  void stop() {
    over.countDown();
    pool.close();
    server.close();
  }

  /** Upstream: test_socket_timeout_updated_on_reuse_constructor, …_parameter. */
  @Test
  void readTimeoutOfARequestHoldsOnAConnectionThatHadAnother() throws Exception {
    pool.urlopen("GET", "/ok");

    assertThatThrownBy(() -> pool.urlopen("GET", "/silent", r -> r.timeout(read(300))))
        .isInstanceOf(ReadTimeoutException.class)
        .hasMessageContaining("300 ms");
    assertThat(server.accepted()).isEqualTo(1);
  }

  @Test
  void readTimeoutOfOneRequestIsNotThatOfTheNext() throws Exception {
    pool.urlopen("GET", "/ok", r -> r.timeout(read(100)));

    assertThat(pool.urlopen("GET", "/late").text()).isEqualTo("late");
    assertThat(server.accepted()).isEqualTo(1);
  }

  /** Upstream: test_retry_exception_str, test_max_retry. */
  @Test
  void messageOfRetriesThatRanOutNamesPeerPathCountAndLastFailure() throws Exception {
    int port;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
    }
    try (HttpConnectionPool closed =
        HttpConnectionPool.builder("127.0.0.1").port(port).retries(2).build()) {
      assertThatThrownBy(() -> closed.urlopen("GET", "/path?secret"))
          .isInstanceOfSatisfying(
              MaxRetryException.class, e -> assertThat(e.attempts()).isEqualTo(3))
          .hasMessageContaining("127.0.0.1:" + port + ": 3 attempts of GET /path failed")
          .hasMessageContaining("refused")
          .hasMessageNotContaining("secret");
    }
  }

  /** Upstream: test_headers, test_merge_headers_with_pool_manager_headers; here they merge. */
  @Test
  void headersOfTheRequestGoBeforeThoseOfThePool() throws Exception {
    pool.urlopen("GET", "/ok", r -> r.header("x-both", "r"));

    ReceivedRequest request = server.requests().get(0);
    assertThat(request.header("X-Pool")).isEqualTo("p");
    assertThat(request.headers())
        .filteredOn(header -> header.getKey().equalsIgnoreCase("X-Both"))
        .extracting(java.util.Map.Entry::getValue)
        .containsExactly("r");
  }

  /** Upstream: test_percent_encode_invalid_target_chars, test_encode_http_target. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "/echo/ä?ö=%zz /echo/%C3%A4?%C3%B6=%25zz",
        "/echo/a'b\"c /echo/a'b%22c",
        "/echo#fragment /echo",
      })
  void targetIsEncodedOrRefused(String target, String sent) throws Exception {
    assertThat(pool.urlopen("GET", target).text()).isEqualTo(sent);
    assertThatThrownBy(() -> pool.urlopen("GET", target + "\r\n"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Upstream: test_mixed_case_hostname. */
  @Test
  void hostIsSentInLowerCase() throws Exception {
    try (HttpConnectionPool mixed =
        HttpConnectionPool.fromUrl("http://LoCaLhOsT:" + server.port())) {
      mixed.urlopen("GET", "/ok");
    }

    assertThat(server.requests().get(0).header("Host")).isEqualTo("localhost:" + server.port());
  }

  /** Upstream: TestIPv6PoolManager::test_ipv6. */
  @Test
  void addressOfIpv6IsConnectedToAndSentInBrackets() throws Exception {
    LoopbackServer six;
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
      assumeTrue(probe.isBound());
      six = LoopbackServer.builder(this::answer).host("::1").start();
    } catch (IOException noIpv6) {
      assumeTrue(false, "no IPv6 on this machine");
      return;
    }
    try (six;
        PoolManager manager = PoolManager.create(1)) {
      assertThat(manager.request("GET", "http://[::1]:" + six.port() + "/ok").text())
          .isEqualTo("ok");
      assertThat(six.requests().get(0).header("Host")).isEqualTo("[::1]:" + six.port());
      assertThat(manager.pools().get(0).key()).isEqualTo("http://[::1]:" + six.port());
    }
  }

  /** Upstream: test_retry_redirect_history, test_multi_redirect_history. */
  @Test
  void historyHoldsTheRedirectsInTheirOrder() throws Exception {
    Response response = pool.urlopen("GET", "/redirect/2", r -> r.retries(Retry.defaults()));

    assertThat(response.history()).extracting(Response::status).containsExactly(302, 302);
    assertThat(
            response.history().stream()
                .map(r -> r.request().url().path())
                .collect(Collectors.toList()))
        .containsExactly("/redirect/2", "/redirect/1");
    assertThat(response.url()).endsWith("/redirect/0");
  }

  /** Upstream: test_debug_log; without the query, which may hold secrets. */
  @ParameterizedTest
  @ValueSource(strings = {"/ok", "/ok?secret"})
  void linesThatUsersOfUrllib3LookForAreLogged(String target) throws Exception {
    try (CapturedLog log = CapturedLog.of("io.hostpool.pool", Level.DEBUG)) {
      pool.urlopen("GET", target);

      String shown = target.equals("/ok") ? "/ok" : "/ok?…";
      assertThat(log.messages())
          .contains(
              "Starting new HTTP connection (1): 127.0.0.1:" + server.port(),
              "http://127.0.0.1:" + server.port() + " \"GET " + shown + " HTTP/1.1\" 200 2");
    }
  }

  private void answer(Exchange exchange) throws Exception {
    String target = exchange.target();
    if (target.equals("/silent")) {
      exchange.await(over).closeConnection();
    } else if (target.equals("/late")) {
      over.await(400, java.util.concurrent.TimeUnit.MILLISECONDS);
      exchange.respond(200, "late");
    } else if (target.startsWith("/redirect/") && !target.endsWith("0")) {
      int left = Integer.parseInt(target.substring("/redirect/".length()));
      exchange.respond(302, "", "Location: /redirect/" + (left - 1));
    } else {
      exchange.respond(200, target.startsWith("/echo") ? target : "ok");
    }
  }

  private static io.hostpool.policy.Timeout read(long millis) {
    return io.hostpool.policy.Timeout.of(Duration.ofSeconds(5), Duration.ofMillis(millis));
  }
}
