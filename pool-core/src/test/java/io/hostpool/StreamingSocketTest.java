package io.hostpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.HttpException;
import io.hostpool.error.HttpStatusException;
import io.hostpool.http.Response;
import io.hostpool.policy.Retry;
import io.hostpool.pool.HttpConnectionPool;
import io.hostpool.testkit.LoopbackServer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streamed responses that are held together, or break; policies that several requests share. */
@Timeout(60)
class StreamingSocketTest {

  private static final String LARGE = "x".repeat(4_000_000);

  /** Upstream: test_lazy_load_twice, test_connection_count. */
  @Test
  void streamsThatAreHeldTogetherHaveAConnectionEach() throws Exception {
    try (LoopbackServer server = LoopbackServer.start(exchange -> exchange.respond(200, LARGE));
        HttpConnectionPool pool =
            HttpConnectionPool.builder("127.0.0.1").port(server.port()).maxsize(1).build()) {
      Response first = pool.urlopen("GET", "/1", r -> r.stream(true));
      Response second = pool.urlopen("GET", "/2", r -> r.stream(true));

      assertThat(second.bytes()).hasSize(LARGE.length());
      assertThat(first.bytes()).hasSize(LARGE.length());

      assertThat(server.accepted()).isEqualTo(2);
      assertThat(pool.stats().discarded()).isEqualTo(1);
    }
  }

  /** Upstream: test_retry_reuse_safe: what one request used up of a policy is no other's loss. */
  @Test
  void policyIsNotUsedUpByOneRequest() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    try (LoopbackServer server =
            LoopbackServer.start(
                exchange ->
                    exchange.respond(attempts.incrementAndGet() % 2 == 1 ? 500 : 200, "x"));
        HttpConnectionPool pool = pool(server)) {
      Retry retry = Retry.builder().total(1).statusForcelist(Set.of(500)).build();

      for (int i = 0; i < 3; i++) {
        assertThat(pool.urlopen("GET", "/", r -> r.retries(retry)).status()).isEqualTo(200);
      }
      assertThat(retry.total()).isEqualTo(1);
      assertThat(retry.history()).isEmpty();
    }
  }

  /** Upstream: test_connection_cleanup_on_protocol_error_during_read, over a half-read body. */
  @Test
  void streamThatBreaksCannotBeReadToALaterEnd() throws Exception {
    try (LoopbackServer server =
            LoopbackServer.start(
                exchange -> exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab").fin());
        HttpConnectionPool pool = pool(server)) {
      Response response = pool.urlopen("GET", "/", r -> r.stream(true));

      assertThatThrownBy(response::bytes).isInstanceOf(HttpException.class);
      assertThatThrownBy(response::bytes).isInstanceOf(HttpException.class);
      assertThat(pool.stats().leased() + pool.stats().idle()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 4_000_000})
  void streamedResponseThatRaisesForItsStatusGivesItsConnectionBack(int length) throws Exception {
    try (LoopbackServer server =
            LoopbackServer.start(
                exchange -> exchange.respond(429, new byte[length], "Retry-After: 7"));
        HttpConnectionPool pool = pool(server)) {
      for (int i = 0; i < 3; i++) {
        Response response = pool.urlopen("GET", "/", r -> r.stream(true));

        assertThatThrownBy(response::raiseForStatus)
            .isInstanceOfSatisfying(
                HttpStatusException.class,
                e -> {
                  assertThat(e.status()).isEqualTo(429);
                  assertThat(e.headers().get("retry-after")).containsExactly("7");
                });
        assertThat(pool.stats().leased()).isZero();
        assertThat(response.headers().get("Retry-After")).isEqualTo("7");
      }
      assertThat(server.accepted()).isEqualTo(length > 100_000 ? 3 : 1);
    }
  }

  private static HttpConnectionPool pool(LoopbackServer server) {
    return HttpConnectionPool.builder("127.0.0.1")
        .port(server.port())
        .maxsize(1)
        .block(true)
        .poolTimeout(Duration.ZERO)
        .retries(Retry.none())
        .timeout(io.hostpool.policy.Timeout.of(Duration.ofSeconds(5), Duration.ofMillis(700)))
        .build();
  }
}
