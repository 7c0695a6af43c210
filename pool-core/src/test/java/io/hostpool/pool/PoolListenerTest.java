package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.hostpool.CapturedLog;
import io.hostpool.error.EmptyPoolException;
import io.hostpool.error.NewConnectionException;
import io.hostpool.internal.lease.ConnectionLease;
import io.hostpool.internal.socket.Liveness;
import io.hostpool.policy.WhenExhausted;
import io.hostpool.stats.AcquireOutcome;
import io.hostpool.stats.CloseReason;
import io.hostpool.stats.PoolListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PoolListenerTest {

  private final RecordingPoolListener listener = new RecordingPoolListener();

  @Test
  void lifeOfAConnectionIsToldInOrder() throws Exception {
    try (TestPool test = new TestPool(b -> b.listener(listener))) {
      test.lease().bodyEnded();
      test.lease().bodyFailed();

      assertThat(listener.events())
          .containsExactly(
              "opened",
              "acquired opened",
              "released",
              "acquired reused",
              "closed error",
              "released");
    }
  }

  @Test
  void timesAreThoseOfTheClockOfThePool() throws Exception {
    Map<String, Long> millis = new TreeMap<>();
    PoolListener times =
        new PoolListener() {
          @Override
          public void connectionOpened(String pool, Duration time) {
            millis.put("opened", time.toMillis());
          }

          @Override
          public void connectionAcquired(String pool, AcquireOutcome outcome, Duration time) {
            millis.put("acquired", time.toMillis());
          }

          @Override
          public void connectionReleased(String pool, Duration time) {
            millis.put("released", time.toMillis());
          }

          @Override
          public void acquireFailed(String pool, AcquireOutcome outcome, Duration time) {
            millis.put("failed", time.toMillis());
          }
        };
    try (TestPool test = new TestPool(b -> b.listener(times))) {
      test.factory.beforeOpen = () -> test.ticker.advance(Duration.ofMillis(70));
      ConnectionLease lease = test.lease();
      test.ticker.advance(Duration.ofMillis(30));
      lease.bodyFailed();
      test.factory.refuses = true;
      assertThatThrownBy(test::lease).isInstanceOf(NewConnectionException.class);
    }

    assertThat(millis)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("opened", 70L, "acquired", 70L, "released", 30L, "failed", 70L));
  }

  @Test
  void everyWayOfNotGettingAConnectionHasItsOutcome() throws Exception {
    try (TestPool test =
        new TestPool(b -> b.whenExhausted(WhenExhausted.FAIL).listener(listener))) {
      test.lease();
      assertThatThrownBy(test::lease).isInstanceOf(EmptyPoolException.class);
      test.pool.resize(2);
      test.factory.refuses = true;
      assertThatThrownBy(test::lease).isInstanceOf(NewConnectionException.class);

      assertThat(listener.events()).contains("failed rejected", "failed failed");
    }
  }

  @Test
  void droppedConnectionIsToldWithItsReason() throws Exception {
    try (TestPool test = new TestPool(b -> b.listener(listener))) {
      ConnectionLease lease = test.lease();
      lease.bodyEnded();
      TestPool.fake(lease).liveness = Liveness.CLOSED;
      test.lease();

      assertThat(listener.events()).contains("closed stale");
    }
  }

  @Test
  void listenerThatThrowsHarmsNoRequest() throws Exception {
    PoolListener broken =
        new PoolListener() {
          @Override
          public void connectionAcquired(String pool, AcquireOutcome outcome, Duration time) {
            throw new IllegalStateException("broken by the test");
          }
        };
    try (TestPool test = new TestPool(b -> b.listener(broken).listener(listener));
        CapturedLog log = CapturedLog.of("io.hostpool.pool", Level.WARN)) {
      test.lease().bodyEnded();

      assertThat(listener.events()).contains("acquired opened", "released");
      assertThat(log.messages()).containsExactly("A PoolListener failed; the request goes on");
    }
  }

  /** A listener may use the pool: no lock is held while it is told. */
  @Test
  void listenerIsNeverCalledUnderALock() throws Exception {
    List<Integer> seen = new ArrayList<>();
    TestPool[] holder = new TestPool[1];
    PoolListener asking =
        new PoolListener() {
          @Override
          public void connectionClosed(String pool, CloseReason reason) {
            seen.add(ask(holder[0]));
          }

          @Override
          public void connectionReleased(String pool, Duration time) {
            seen.add(ask(holder[0]));
          }
        };
    try (TestPool test = new TestPool(b -> b.maxsize(2).listener(asking))) {
      holder[0] = test;
      ConnectionLease first = test.lease();
      ConnectionLease second = test.lease();
      first.bodyEnded();
      second.bodyFailed();
      test.sweepIdleAfter(Duration.ofDays(1));

      assertThat(seen).containsExactly(2, 1, 1, 0);
    }
  }

  /** Else its meters could go when those of the next pool of the host are there already. */
  @Test
  void managerTellsThatAPoolGoesBeforeItClosesItsConnections() throws Exception {
    try (PoolManager manager =
        PoolManager.builder()
            .listener(listener)
            .connectionFactory(endpoint -> new FakeConnectionFactory())
            .build()) {
      manager.request("GET", "http://a/");

      manager.clear();
    }

    assertThat(listener.events()).containsSubsequence("removed http://a:80", "closed evicted");
  }

  @Test
  void managerTellsOfPoolsThatComeAndGo() throws Exception {
    try (PoolManager manager =
        PoolManager.builder()
            .numPools(1)
            .listener(listener)
            .connectionFactory(endpoint -> new FakeConnectionFactory())
            .build()) {
      manager.connectionFromUrl("http://a/");
      manager.connectionFromUrl("http://a/x");
      manager.connectionFromUrl("http://b/");
    }

    assertThat(listener.events())
        .containsExactly(
            "created http://a:80",
            "removed http://a:80",
            "created http://b:80",
            "removed http://b:80");
  }

  /** From another thread, since a lock that this one held would let it in again. */
  private static int ask(TestPool test) {
    try {
      return test.inThread(
              () -> {
                // Takes the lock; the numbers alone would not.
                test.pool.store().control().isShortOfIdle(0);
                return test.stats().idle() + test.stats().leased();
              })
          .get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
