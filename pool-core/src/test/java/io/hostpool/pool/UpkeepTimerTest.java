package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.CapturedLog;
import io.hostpool.error.ReadTimeoutException;
import io.hostpool.internal.lease.ConnectionLease;
import io.hostpool.internal.lease.PendingAcquire;
import io.hostpool.internal.lease.UpkeepTimer;
import io.hostpool.internal.time.Deadline;
import io.hostpool.policy.Retry;
import io.hostpool.stats.AcquireOutcome;
import io.hostpool.stats.CloseReason;
import io.hostpool.stats.PoolListener;
import io.hostpool.testkit.Eventually;
import io.hostpool.testkit.LoopbackServer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The one background thread, in real time: these tests wait for it and assert no duration. */
@Timeout(60)
class UpkeepTimerTest {

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
  void connectionsThatWereOpenedAheadOfNeedAreClosedWhenTheirTimeIsOver() throws Exception {
    FakeConnectionFactory factory = new FakeConnectionFactory();
    try (HttpConnectionPool pool = shortIdle(factory)) {
      pool.prewarm(2);

      Eventually.until("they are closed", () -> factory.open().isEmpty());

      assertThat(pool.stats().closedBy()).containsEntry(CloseReason.IDLE, 2L);
    }
  }

  @Test
  void connectionThatWasOpenedTooLateIsClosedWhenItsTimeIsOver() throws Exception {
    FakeConnectionFactory factory = new FakeConnectionFactory();
    try (HttpConnectionPool pool = shortIdle(factory)) {
      ConnectionLease out = pool.source().lease(1, Deadline.none());
      PendingAcquire late = TestPool.queue(pool.store());
      TestPool.begin(pool.store(), late);
      pool.store().abandon(late);
      awaitWhatIsPlannedWithin(Duration.ofMillis(20));

      pool.store().dialed(late, TestPool.connection(pool.store()));

      Eventually.until("it is closed", () -> pool.stats().idle() == 0);
      out.bodyFailed();
    }
  }

  /** What was planned before, for an earlier time, is run before. */
  private static void awaitWhatIsPlannedWithin(Duration time) {
    AtomicInteger runs = new AtomicInteger();
    UpkeepTimer.shared().schedule(upkeep(runs::incrementAndGet), time.toNanos());
    Eventually.until("it was run", () -> runs.get() == 1);
  }

  private static HttpConnectionPool shortIdle(FakeConnectionFactory factory) {
    return HttpConnectionPool.builder("host")
        .maxsize(2)
        .idleTimeout(Duration.ofMillis(20))
        .connectionFactory(endpoint -> factory)
        .build();
  }

  @Test
  void failureOfOneStoreDoesNotStopTheOthers() {
    AtomicInteger sweeps = new AtomicInteger();
    AtomicInteger failures = new AtomicInteger();
    UpkeepTimer.Upkeep broken =
        upkeep(
            () -> {
              if (failures.incrementAndGet() == 1) {
                throw new NoClassDefFoundError("broken by the test");
              }
            });
    UpkeepTimer.Upkeep working = upkeep(sweeps::incrementAndGet);

    UpkeepTimer.shared().schedule(broken, 0);
    UpkeepTimer.shared().schedule(working, 0);

    Eventually.until("the working one is run", () -> sweeps.get() == 1);
    Eventually.until("the broken one is tried again", () -> failures.get() == 2);
  }

  private static UpkeepTimer.Upkeep upkeep(Runnable body) {
    return new UpkeepTimer.Upkeep() {
      @Override
      public void run() {
        body.run();
      }
    };
  }

  @Test
  void connectionsOfAPoolThatWasDroppedAreClosedWhenTheirTimeIsOver() throws Exception {
    try (LoopbackServer server = LoopbackServer.start(exchange -> exchange.respond(200, "ok"))) {
      useAndDrop(server);
      System.gc();

      Eventually.until("the idle connection is closed", () -> server.open() == 0);
    }
  }

  @SuppressWarnings("resource")
  private static void useAndDrop(LoopbackServer server) throws Exception {
    HttpConnectionPool.builder("127.0.0.1")
        .port(server.port())
        .idleTimeout(Duration.ofMillis(300))
        .build()
        .urlopen("GET", "/");
  }

  /** Timeouts are kept by a thread of their own. */
  @Test
  void listenerThatBlocksTheUpkeepTimerStopsNoTimeout() throws Exception {
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    PoolListener listener =
        new PoolListener() {
          @Override
          public void connectionClosed(String pool, CloseReason reason) {
            if (reason == CloseReason.IDLE) {
              blocked.countDown();
              awaitQuietly(leave);
            }
          }
        };
    try (LoopbackServer server =
            LoopbackServer.start(
                exchange -> {
                  if (exchange.target().equals("/silent")) {
                    exchange.awaitClientClose();
                  } else {
                    exchange.respond(200, "ok");
                  }
                });
        HttpConnectionPool pool =
            HttpConnectionPool.builder("127.0.0.1")
                .port(server.port())
                .retries(Retry.none())
                .timeout(
                    io.hostpool.policy.Timeout.of(Duration.ofSeconds(5), Duration.ofMillis(100)))
                .idleTimeout(Duration.ofMillis(20))
                .listener(listener)
                .build()) {
      pool.urlopen("GET", "/");
      blocked.await();

      assertThatThrownBy(() -> pool.urlopen("GET", "/silent"))
          .isInstanceOf(ReadTimeoutException.class);
    } finally {
      leave.countDown();
    }
  }

  @Test
  void errorOfAListenerCostsNeitherThePermitNorTheUpkeepTimer() throws Exception {
    PoolListener listener =
        new PoolListener() {
          @Override
          public void connectionAcquired(String pool, AcquireOutcome outcome, Duration time) {
            throw new NoClassDefFoundError("gone, says the test");
          }

          @Override
          public void connectionClosed(String pool, CloseReason reason) {
            throw new NoClassDefFoundError("gone, says the test");
          }
        };
    try (CapturedLog quiet = CapturedLog.of("io.hostpool.pool", ch.qos.logback.classic.Level.OFF);
        LoopbackServer server = LoopbackServer.start(exchange -> exchange.respond(200, "ok"));
        HttpConnectionPool pool =
            HttpConnectionPool.builder("127.0.0.1")
                .port(server.port())
                .idleTimeout(Duration.ofMillis(20))
                .listener(listener)
                .build()) {
      for (int i = 1; i <= 2; i++) {
        pool.urlopen("GET", "/");
        Eventually.until("the idle connection is closed", () -> pool.stats().idle() == 0);
      }

      assertThat(pool.stats().leased()).isZero();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void threadIsADaemonThatKeepsNoClassLoader() {
    AtomicInteger runs = new AtomicInteger();
    UpkeepTimer.shared().schedule(upkeep(runs::incrementAndGet), 0);
    Eventually.until("it ran", () -> runs.get() == 1);

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
