package io.hostpool.pool;

import static java.time.temporal.ChronoUnit.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.hostpool.CapturedLog;
import io.hostpool.error.HttpException;
import io.hostpool.error.NewConnectionException;
import io.hostpool.internal.connection.Reuse;
import io.hostpool.internal.lease.ConnectionLease;
import io.hostpool.internal.lease.PendingAcquire;
import io.hostpool.internal.lease.PendingAcquire.State;
import io.hostpool.internal.socket.Liveness;
import io.hostpool.internal.time.Deadline;
import io.hostpool.internal.time.Ticker;
import io.hostpool.stats.CloseReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which connection a request gets, and what becomes of it afterwards. */
@Timeout(60)
class ReuseTest {

  @Test
  void latestConnectionThatCameBackGoesOutFirst() throws Exception {
    try (TestPool test = TestPool.overflowing(3)) {
      List<ConnectionLease> leases = List.of(test.lease(), test.lease(), test.lease());
      leases.forEach(ConnectionLease::bodyEnded);

      for (int i = 0; i < 3; i++) {
        ConnectionLease lease = test.lease();
        assertThat(TestPool.fake(lease).number).isEqualTo(3);
        lease.bodyEnded();
      }
    }
  }

  @Test
  void poolWithoutTimeLimitsLooksAtNoClock() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    Ticker counting = looks::incrementAndGet;
    try (TestPool test =
        new TestPool(
            builder ->
                builder
                    .ticker(counting)
                    .idleTimeout(FOREVER.getDuration())
                    .maxLifetime(Duration.ZERO))) {
      test.lease().bodyEnded();
      int before = looks.get();

      test.lease().bodyEnded();

      assertThat(looks).hasValue(before);
      assertThat(test.stats().reused()).isEqualTo(1);
    }
  }

  @Test
  void keepAliveOfTheServerCountsInAPoolWithoutTimeLimits() throws Exception {
    try (TestPool test = new TestPool(builder -> builder.idleTimeout(FOREVER.getDuration()))) {
      test.ticker.advance(Duration.ofDays(1));
      ConnectionLease lease = test.lease();
      lease.keepAlive(Duration.ofSeconds(5).toNanos());
      lease.bodyEnded();

      test.ticker.advance(Duration.ofMillis(3999));
      test.lease().bodyEnded();
      test.ticker.advance(Duration.ofSeconds(4));
      test.lease();

      assertThat(test.stats().closedBy()).containsEntry(CloseReason.IDLE, 1L);
      assertThat(test.stats().reused()).isEqualTo(1);
    }
  }

  @Test
  void liveIdleConnectionGoesBeforeADial() throws Exception {
    try (TestPool test = TestPool.overflowing(2)) {
      ConnectionLease good = test.lease();
      ConnectionLease broken = test.lease();
      good.bodyEnded();
      broken.bodyFailed();

      assertThat(TestPool.fake(test.lease())).isSameAs(TestPool.fake(good));
      assertThat(test.stats().opened()).isEqualTo(2);
    }
  }

  @Test
  void deadConnectionGivesWayToTheNextIdleOne() throws Exception {
    try (TestPool test = TestPool.overflowing(2)) {
      ConnectionLease older = test.lease();
      ConnectionLease newer = test.lease();
      older.bodyEnded();
      newer.bodyEnded();
      TestPool.fake(newer).liveness = Liveness.CLOSED;

      assertThat(TestPool.fake(test.lease())).isSameAs(TestPool.fake(older));
      assertThat(TestPool.fake(newer).isClosed()).isTrue();
      assertThat(test.stats().closedBy()).containsEntry(CloseReason.STALE, 1L);
    }
  }

  @Test
  void droppedConnectionIsDialledAgainAsTheSameObject() throws Exception {
    try (TestPool test = TestPool.overflowing(1);
        CapturedLog log = CapturedLog.of("io.hostpool.pool", Level.DEBUG)) {
      ConnectionLease first = test.lease();
      first.bodyEnded();
      TestPool.fake(first).liveness = Liveness.CLOSED;

      test.lease().bodyEnded();

      assertThat(test.stats().redialed()).isEqualTo(1);
      assertThat(test.stats().created()).isEqualTo(1);
      assertThat(test.stats().opened()).isEqualTo(2);
      assertThat(log.messages())
          .containsExactly(
              "Starting new HTTP connection (1): host:80", "Resetting dropped connection: host");
    }
  }

  @Test
  void connectionWithUnsolicitedBytesIsNeverHandedOut() throws Exception {
    try (TestPool test = TestPool.overflowing(1)) {
      ConnectionLease first = test.lease();
      first.bodyEnded();
      TestPool.fake(first).liveness = Liveness.UNSOLICITED;

      assertThat(TestPool.fake(test.lease())).isNotSameAs(TestPool.fake(first));
      assertThat(test.stats().closedBy()).containsEntry(CloseReason.UNSOLICITED, 1L);
      assertThat(test.stats().redialed()).isEqualTo(1);
    }
  }

  /** It is handed over unseen: only the thread that gets it looks at it. */
  @Test
  void waiterThatIsHandedADeadConnectionOpensAnother() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      ConnectionLease out = test.lease();
      TestPool.Call<ConnectionLease> waiter = test.leaseInQueue();
      TestPool.fake(out).liveness = Liveness.CLOSED;

      out.bodyEnded();

      assertThat(waiter.get().isReused()).isFalse();
      assertThat(TestPool.fake(out).isClosed()).isTrue();
      assertThat(test.stats().redialed()).isEqualTo(1);
    }
  }

  @Test
  void requestsAreCountedAndAmongThemThoseOnKeptConnections() throws Exception {
    try (TestPool test = TestPool.overflowing(1)) {
      test.lease().bodyEnded();
      test.lease().bodyEnded();
      test.lease().bodyFailed();

      assertThat(test.stats().requests()).isEqualTo(3);
      assertThat(test.stats().reused()).isEqualTo(2);
    }
  }

  @Test
  void connectionWithBytesLeftOverIsNotKept() throws Exception {
    try (TestPool test = TestPool.overflowing(1)) {
      ConnectionLease first = test.lease();
      TestPool.fake(first).reuse = Reuse.UNSOLICITED;

      first.bodyEnded();

      assertThat(TestPool.fake(first).isClosed()).isTrue();
      assertThat(test.stats().closedBy()).containsEntry(CloseReason.UNSOLICITED, 1L);
    }
  }

  @Test
  void connectionThatLayIdleTooLongIsNotUsed() throws Exception {
    try (TestPool test = new TestPool(b -> b.idleTimeout(Duration.ofSeconds(10)))) {
      ConnectionLease first = test.lease();
      first.bodyEnded();

      test.ticker.advance(Duration.ofSeconds(10));

      assertThat(TestPool.fake(test.lease())).isNotSameAs(TestPool.fake(first));
      assertThat(test.stats().closedBy()).containsEntry(CloseReason.IDLE, 1L);
      assertThat(test.stats().redialed()).isZero();
    }
  }

  @Test
  void timeThatTheServerPromisesIsUsedButForItsLastSecond() throws Exception {
    try (TestPool test = new TestPool(b -> b.idleTimeout(Duration.ofSeconds(10)))) {
      ConnectionLease first = test.lease();
      first.keepAlive(Duration.ofSeconds(5).toNanos());
      first.bodyEnded();
      test.ticker.advance(Duration.ofMillis(3999));
      ConnectionLease again = test.lease();
      assertThat(TestPool.fake(again)).isSameAs(TestPool.fake(first));
      again.keepAlive(Duration.ofSeconds(5).toNanos());
      again.bodyEnded();

      test.ticker.advance(Duration.ofSeconds(4));

      assertThat(TestPool.fake(test.lease())).isNotSameAs(TestPool.fake(first));
    }
  }

  @Test
  void connectionBeyondItsLifetimeIsNeitherUsedNorKept() throws Exception {
    try (TestPool test = new TestPool(b -> b.maxsize(2).maxLifetime(Duration.ofSeconds(10)))) {
      ConnectionLease idle = test.lease();
      ConnectionLease out = test.lease();
      idle.bodyEnded();

      test.ticker.advance(Duration.ofSeconds(10));
      out.bodyEnded();

      assertThat(TestPool.fake(out).isClosed()).isTrue();
      assertThat(TestPool.fake(test.lease())).isNotSameAs(TestPool.fake(idle));
      assertThat(test.stats().closedBy()).containsEntry(CloseReason.LIFETIME, 2L);
    }
  }

  @Test
  void lifetimesAreSpreadOverTheirLastTenth() throws Exception {
    try (TestPool test =
        new TestPool(
            b ->
                b.maxsize(100)
                    .idleTimeout(Duration.ofHours(1))
                    .maxLifetime(Duration.ofSeconds(100)))) {
      List<ConnectionLease> leases = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        leases.add(test.lease());
      }
      leases.forEach(ConnectionLease::bodyEnded);

      test.ticker.advance(Duration.ofMillis(89_999));
      assertThat(test.sweepIdleAfter(Duration.ZERO)).isEqualTo(100);
      int middle = test.sweepIdleAfter(Duration.ofSeconds(5));
      assertThat(middle).isBetween(1, 99);
      assertThat(test.sweepIdleAfter(Duration.ofMillis(5001))).isZero();
    }
  }

  @Test
  void sweepClosesWhatIsOverdueAndSaysWhenTheNextIs() throws Exception {
    try (TestPool test = new TestPool(b -> b.maxsize(2).idleTimeout(Duration.ofSeconds(10)))) {
      ConnectionLease first = test.lease();
      ConnectionLease second = test.lease();
      first.bodyEnded();
      test.ticker.advance(Duration.ofSeconds(4));
      second.bodyEnded();
      test.ticker.advance(Duration.ofSeconds(6));

      long next = test.pool.store().control().sweep();

      assertThat(test.factory.open()).containsExactly(TestPool.fake(second));
      assertThat(Duration.ofNanos(next)).isEqualTo(Duration.ofSeconds(4));
    }
  }

  @Test
  void overflowOpensOneMoreAndDiscardsItOnReturn() throws Exception {
    try (TestPool test = TestPool.overflowing(1)) {
      ConnectionLease first = test.lease();
      ConnectionLease second = test.lease();

      first.bodyEnded();
      second.bodyEnded();

      assertThat(test.factory.open()).containsExactly(TestPool.fake(first));
      assertThat(test.stats().discarded()).isEqualTo(1);
    }
  }

  @Test
  void warningsOfAFullPoolAreFewAndNameTheSize() throws Exception {
    try (TestPool test = TestPool.overflowing(1);
        CapturedLog log = CapturedLog.of("io.hostpool.pool", Level.DEBUG)) {
      discard(test, 20);
      assertThat(log.messages(Level.WARN))
          .hasSize(5)
          .containsOnly(
              "Connection pool is full, discarding connection: host. Connection pool size: 1."
                  + " Pool: http://host:80. To keep more, raise pool-maxsize (poolMaxsize)");
      assertThat(log.count("Connection pool is full")).isEqualTo(20);

      test.ticker.advance(Duration.ofMinutes(1));
      discard(test, 1);

      assertThat(log.messages(Level.WARN)).hasSize(6);
      assertThat(test.stats().discarded()).isEqualTo(21);
    }
  }

  @Test
  void leaseEndsOnceHoweverOftenItIsEnded() throws Exception {
    try (TestPool test = TestPool.blocking(2)) {
      ConnectionLease lease = test.lease();

      lease.bodyEnded();
      lease.bodyFailed();
      lease.bodyAbandoned();
      lease.bodyEnded();

      assertThat(test.stats().leased()).isZero();
      assertThat(test.stats().idle()).isEqualTo(1);
      assertThat(test.stats().requests()).isEqualTo(1);
    }
  }

  @Test
  void halfReadBodyThatIsShortKeepsItsConnection() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      ConnectionLease lease = test.lease();

      lease.bodyAbandoned();

      assertThat(test.stats().idle()).isEqualTo(1);
    }
  }

  @Test
  void deadConnectionIsReplacedUnderTheSamePermit() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      test.lease().bodyEnded();
      ConnectionLease dead = test.lease();
      PendingAcquire waiter = test.queue();

      ConnectionLease fresh = dead.redial(1, Deadline.none());

      assertThat(fresh.isReused()).isFalse();
      assertThat(waiter.state()).isEqualTo(State.QUEUED);
      assertThat(test.stats().redialed()).isEqualTo(1);
      fresh.bodyEnded();
      assertThat(waiter.state()).isEqualTo(State.SERVED);
    }
  }

  @Test
  void failedRedialGivesThePermitBack() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      test.lease().bodyEnded();
      ConnectionLease dead = test.lease();
      test.factory.refuses = true;

      assertThatThrownBy(() -> dead.redial(1, Deadline.none()))
          .isInstanceOf(NewConnectionException.class);

      test.factory.refuses = false;
      assertThat(test.lease().isReused()).isFalse();
    }
  }

  @Test
  void probeThatThrowsDoesNotKeepThePermit() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      ConnectionLease first = test.lease();
      first.bodyEnded();
      TestPool.fake(first).liveness = null;

      assertThatThrownBy(test::lease).isInstanceOf(NullPointerException.class);

      assertThat(test.stats().leased()).isZero();
      assertThat(test.lease().isReused()).isFalse();
    }
  }

  /** A TLS close_notify to a peer that does not read can block for seconds. */
  @Test
  void closeThatBlocksStopsNobodyElse() throws Exception {
    try (TestPool test = TestPool.blocking(2)) {
      CountDownLatch closing = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      ConnectionLease slow = test.lease();
      ConnectionLease other = test.lease();
      test.factory.onClose =
          () -> {
            closing.countDown();
            await(goOn);
          };
      TestPool.Call<Boolean> closer =
          test.inThread(
              () -> {
                slow.bodyFailed();
                return true;
              });
      await(closing);

      other.bodyEnded();
      ConnectionLease again = test.lease();
      ConnectionLease fresh = test.lease();

      assertThat(again.isReused()).isTrue();
      assertThat(fresh.isReused()).isFalse();
      assertThat(test.stats().leased()).isEqualTo(2);
      goOn.countDown();
      assertThat(closer.get()).isTrue();
    }
  }

  @Test
  void prewarmOpensUpToTheSizeAndTheFirstRequestsReuse() throws Exception {
    try (TestPool test = TestPool.blocking(3)) {
      assertThat(test.pool.prewarm(2)).isEqualTo(2);
      assertThat(test.pool.prewarm(10)).isEqualTo(1);
      assertThat(test.pool.prewarm(10)).isZero();

      assertThat(test.stats().idle()).isEqualTo(3);
      assertThat(test.lease().isReused()).isTrue();
      assertThat(test.stats().requests()).isZero();
    }
  }

  @Test
  void prewarmCountsWhatIsInUse() throws Exception {
    try (TestPool test = TestPool.blocking(5)) {
      test.lease();
      test.lease();

      assertThat(test.pool.prewarm(3)).isEqualTo(1);
      assertThat(test.pool.prewarm(1)).isZero();
      assertThatThrownBy(() -> test.pool.prewarm(0)).hasMessage("count must be 1 or more: 0");
    }
  }

  @Test
  void prewarmThatFailsKeepsWhatItOpened() throws Exception {
    try (TestPool test = TestPool.blocking(3)) {
      test.factory.beforeOpen =
          () -> {
            if (test.factory.opened().size() == 2) {
              throw new NewConnectionException("refused", null);
            }
          };

      assertThatThrownBy(() -> test.pool.prewarm(3)).isInstanceOf(HttpException.class);

      assertThat(test.stats().idle()).isEqualTo(2);
      assertThat(test.stats().dialing()).isZero();
    }
  }

  private static void discard(TestPool test, int count) throws HttpException {
    for (int i = 0; i < count; i++) {
      ConnectionLease kept = test.lease();
      ConnectionLease surplus = test.lease();
      kept.bodyEnded();
      surplus.bodyEnded();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
