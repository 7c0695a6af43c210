package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.hostpool.CapturedLog;
import io.hostpool.http.Response;
import io.hostpool.internal.lease.ConnectionLease;
import io.hostpool.stats.CloseReason;
import io.hostpool.testkit.Eventually;
import io.hostpool.testkit.LoopbackServer;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streamed responses that nobody closes. */
@Timeout(60)
class LeakTest {

  @Test
  void responseThatIsHeldTooLongIsReportedOnceWithTheStackThatTookIt() throws Exception {
    try (TestPool test = new TestPool(b -> b.leakDetectionThreshold(Duration.ofSeconds(5)));
        CapturedLog log = CapturedLog.of("io.hostpool.pool", Level.WARN)) {
      ConnectionLease lease = test.lease();
      InputStream body = new ByteArrayInputStream(new byte[0]);
      lease.watch(body);
      test.ticker.advance(Duration.ofSeconds(5));
      test.pool.source().upkeep().run();
      assertThat(log.messages()).isEmpty();

      test.ticker.advance(Duration.ofMillis(1));
      test.pool.source().upkeep().run();
      test.pool.source().upkeep().run();

      assertThat(log.messages())
          .containsExactly(
              "http://host:80 - a streamed response has not been closed for 5001 ms. Did you forget to"
                  + " close it?");
      assertThat(log.stacks())
          .singleElement()
          .asString()
          .contains("responseThatIsHeldTooLongIsReportedOnceWithTheStackThatTookIt");
      assertThat(test.stats().leaked()).isEqualTo(1);
      assertThat(test.stats().leased()).isEqualTo(1);
      lease.bodyEnded();
      assertThat(test.stats().idle()).isEqualTo(1);
      assertThat(body).isNotNull();
    }
  }

  @Test
  void responseThatIsClosedInTimeIsNotReported() throws Exception {
    try (TestPool test = new TestPool(b -> b.leakDetectionThreshold(Duration.ofSeconds(5)));
        CapturedLog log = CapturedLog.of("io.hostpool.pool", Level.WARN)) {
      ConnectionLease lease = test.lease();
      lease.watch(new ByteArrayInputStream(new byte[0]));

      lease.bodyAbandoned();
      test.ticker.advance(Duration.ofMinutes(1));
      test.pool.source().upkeep().run();

      assertThat(log.messages()).isEmpty();
      assertThat(test.pool.source().upkeep().leaks().isWatching()).isFalse();
    }
  }

  @Test
  void responseThatIsCollectedUnclosedGivesItsPermitToWhoWaits() throws Exception {
    try (LoopbackServer server =
            LoopbackServer.start(exchange -> exchange.respond(200, "x".repeat(100_000)));
        HttpConnectionPool pool =
            HttpConnectionPool.builder("127.0.0.1").port(server.port()).block(true).build();
        CapturedLog log = CapturedLog.of("io.hostpool.pool", Level.WARN)) {
      forget(pool);

      Eventually.until(
          "the collector takes the response and the permit is back",
          () -> {
            System.gc();
            return !log.messages().isEmpty();
          });

      assertThat(pool.urlopen("GET", "/").status()).isEqualTo(200);
      assertThat(pool.stats().leaked()).isEqualTo(1);
      assertThat(pool.stats().closedBy()).containsEntry(CloseReason.LEAKED, 1L);
      assertThat(log.messages())
          .containsExactly(
              "http://127.0.0.1:"
                  + server.port()
                  + " - a streamed response was collected without having been closed; its connection"
                  + " is closed now. Did you forget to close it? Set a leak detection threshold to"
                  + " see who took it.");
    }
  }

  @Test
  void responseWhoseStreamIsStillReadIsNoLeak() throws Exception {
    try (LoopbackServer server =
            LoopbackServer.start(exchange -> exchange.respond(200, "x".repeat(100_000)));
        HttpConnectionPool pool =
            HttpConnectionPool.builder("127.0.0.1").port(server.port()).block(true).build()) {
      InputStream body = stream(pool);
      for (int i = 0; i < 5; i++) {
        System.gc();
        pool.source().upkeep().run();
      }

      assertThat(body.readAllBytes()).hasSize(100_000);
      assertThat(pool.stats().leaked()).isZero();
      assertThat(pool.stats().idle()).isEqualTo(1);
    }
  }

  /** In a method of its own, so that no stack slot keeps the response. */
  private static void forget(HttpConnectionPool pool) throws Exception {
    Response response = pool.urlopen("GET", "/", request -> request.stream(true));
    assertThat(response.status()).isEqualTo(200);
  }

  private static InputStream stream(HttpConnectionPool pool) throws Exception {
    return pool.urlopen("GET", "/", request -> request.stream(true)).body();
  }
}
