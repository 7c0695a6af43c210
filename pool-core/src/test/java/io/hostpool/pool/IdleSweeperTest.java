package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostpool.policy.Durations;
import io.hostpool.testkit.Eventually;
import io.hostpool.testkit.LoopbackServer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The one background thread, in real time: these tests wait for it and assert no duration. */
@Timeout(60)
class IdleSweeperTest {

  @Test
  void connectionThatNobodyUsesIsClosedWithoutAnotherRequest() throws Exception {
    try (LoopbackServer server = LoopbackServer.start(exchange -> exchange.respond(200, "ok"));
        HttpConnectionPool pool =
            HttpConnectionPool.builder("127.0.0.1")
                .port(server.port())
                .idleTimeout(Duration.ofMillis(20))
                .build()) {
      pool.urlopen("GET", "/");

      Eventually.until("the idle connection is closed", () -> pool.stats().idle() == 0);

      assertThat(pool.stats().closedBy()).containsEntry(CloseReason.IDLE, 1L);
      Eventually.until("the server sees it too", () -> server.open() == 0);
    }
  }

  @Test
  void failureOfOneStoreDoesNotStopTheOthers() {
    AtomicInteger sweeps = new AtomicInteger();
    AtomicInteger failures = new AtomicInteger();
    IdleSweeper.Swept broken =
        () -> {
          if (failures.incrementAndGet() == 1) {
            throw new IllegalStateException("broken by the test");
          }
          return Durations.NO_LIMIT;
        };
    IdleSweeper.Swept working =
        () -> {
          sweeps.incrementAndGet();
          return Durations.NO_LIMIT;
        };

    IdleSweeper.shared().add(broken);
    IdleSweeper.shared().add(working);

    Eventually.until("the working one is swept", () -> sweeps.get() == 1);
    Eventually.until("the broken one is tried again", () -> failures.get() == 2);
  }

  @Test
  void threadIsADaemonThatKeepsNoClassLoader() {
    IdleSweeper.shared().add(() -> Duration.ofMillis(500).toNanos());

    Thread thread = find();

    assertThat(thread.isDaemon()).isTrue();
    assertThat(thread.getContextClassLoader()).isNull();
  }

  private static Thread find() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("hostpool-background"))
        .findFirst()
        .orElseThrow();
  }
}
