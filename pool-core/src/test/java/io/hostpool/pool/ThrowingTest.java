package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.hostpool.CapturedLog;
import io.hostpool.internal.connection.Reuse;
import io.hostpool.internal.lease.ConnectionLease;
import io.hostpool.internal.lease.PendingAcquire;
import io.hostpool.internal.lease.PendingAcquire.State;
import io.hostpool.internal.socket.Liveness;
import io.hostpool.internal.time.Deadline;
import io.hostpool.stats.AcquireOutcome;
import io.hostpool.stats.CloseReason;
import io.hostpool.stats.PoolListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** What is thrown around the books changes nothing in them, and stops no clean-up half-way. */
@Timeout(60)
class ThrowingTest {

  /** Where something throws. */
  enum Thrower {
    CLOSE,
    LISTENER,
    LOG
  }

  private final Logger logger = (Logger) LoggerFactory.getLogger("io.hostpool.pool");
  private final CapturedLog quiet = CapturedLog.of("io.hostpool.pool", Level.ALL);
  private final AppenderBase<ILoggingEvent> brokenLog =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {}

        @Override
        public void doAppend(ILoggingEvent event) {
          throw new NoClassDefFoundError("thrown by the log of the test");
        }
      };

  @AfterEach
  void restore() {
    logger.detachAppender(brokenLog);
    quiet.close();
  }

  private TestPool broken(Thrower thrower, int maxsize) {
    TestPool test =
        new TestPool(
            b -> {
              b.maxsize(maxsize).block(true).idleTimeout(Duration.ofSeconds(1));
              if (thrower == Thrower.LISTENER) {
                b.listener(new ThrowingListener());
              }
            });
    if (thrower == Thrower.CLOSE) {
      test.factory.onClose =
          () -> {
            throw new NoClassDefFoundError("thrown by a connection of the test");
          };
    }
    if (thrower == Thrower.LOG) {
      brokenLog.start();
      logger.addAppender(brokenLog);
    }
    return test;
  }

  @ParameterizedTest
  @EnumSource
  void leaseAndReturnKeepTheBooksRight(Thrower thrower) throws Exception {
    try (TestPool test = broken(thrower, 1)) {
      test.lease().bodyEnded();
      test.lease().bodyFailed();
      ConnectionLease unread = test.lease();
      TestPool.fake(unread).drains = false;
      unread.bodyAbandoned();
      ConnectionLease refused = test.lease();
      TestPool.fake(refused).reuse = Reuse.SERVER_CLOSES;
      refused.bodyEnded();

      assertThat(test.stats().leased() + test.stats().idle()).isZero();
      assertThat(test.stats().closed()).isEqualTo(3);
      test.lease().bodyEnded();
      assertThat(test.stats().idle()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void waiterIsServedAllTheSame(Thrower thrower) throws Exception {
    try (TestPool test = broken(thrower, 1)) {
      ConnectionLease out = test.lease();
      PendingAcquire waiting = test.queue();

      out.bodyFailed();

      assertThat(waiting.state()).isEqualTo(State.PERMITTED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void deadConnectionIsReplacedUnderItsPermit(Thrower thrower) throws Exception {
    try (TestPool test = broken(thrower, 1)) {
      test.lease().bodyEnded();
      test.factory.opened().get(0).liveness = Liveness.CLOSED;

      assertThat(test.lease().isReused()).isFalse();

      assertThat(test.stats().leased()).isEqualTo(1);
      assertThat(test.stats().redialed()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void redialKeepsThePermit(Thrower thrower) throws Exception {
    try (TestPool test = broken(thrower, 1)) {
      test.lease().bodyEnded();

      ConnectionLease fresh = test.lease().redial(1, Deadline.none());

      fresh.bodyEnded();
      assertThat(test.stats().idle()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyIdleConnectionIsClosedBySweep(Thrower thrower) throws Exception {
    try (TestPool test = broken(thrower, 3)) {
      fill(test, 3);

      assertThat(test.sweepIdleAfter(Duration.ofSeconds(1))).isZero();

      assertThat(test.factory.open()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void everySurplusConnectionIsClosedByASmallerSize(Thrower thrower) throws Exception {
    try (TestPool test = broken(thrower, 4)) {
      fill(test, 4);

      test.pool.resize(1);

      assertThat(test.factory.open()).hasSize(1);
      assertThat(test.stats().idle()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void closeClosesEveryConnectionAndWakesEveryThread(Thrower thrower) throws Exception {
    try (TestPool test = broken(thrower, 3)) {
      List<ConnectionLease> out = List.of(test.lease(), test.lease(), test.lease());
      PendingAcquire waiting = test.queue();
      out.forEach(ConnectionLease::bodyEnded);
      test.pool.store().abandon(waiting);
      fill(test, 3);

      test.pool.close();

      assertThat(test.pool.isClosed()).isTrue();
      assertThat(test.factory.open()).isEmpty();
      assertThat(test.stats().idle()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void retiredPoolClosesEveryConnection(Thrower thrower) throws Exception {
    try (TestPool test = broken(thrower, 3)) {
      fill(test, 3);

      test.pool.retire();

      assertThat(test.factory.open()).isEmpty();
    }
  }

  @Test
  void poolWhoseConnectionsThrowWhenTheyAreClosedIsNotHandedOutForEver() throws Exception {
    FakeConnectionFactory factory = new FakeConnectionFactory();
    factory.onClose =
        () -> {
          throw new IllegalStateException("thrown by a connection of the test");
        };
    try (PoolManager manager =
        PoolManager.builder().connectionFactory(endpoint -> factory).build()) {
      manager.request("GET", "http://a/");
      manager.connectionFromUrl("http://a/").close();

      assertThat(manager.request("GET", "http://a/").status()).isEqualTo(200);
    }
  }

  @Test
  void slotOfAConnectionThatThrowsWhenItIsClosedGoesOn() throws Exception {
    FakeConnectionFactory factory = new FakeConnectionFactory();
    factory.onClose =
        () -> {
          throw new NoClassDefFoundError("thrown by a connection of the test");
        };
    try (PoolManager manager =
        PoolManager.builder().maxConnections(1).connectionFactory(endpoint -> factory).build()) {
      for (String host : List.of("a", "b", "c")) {
        assertThat(manager.request("GET", "http://" + host + "/").status()).isEqualTo(200);
      }
    }
  }

  @Test
  void connectionThatCannotBeLookedAtIsGivenBack() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      test.lease().bodyEnded();
      test.factory.opened().get(0).beforeProbe =
          () -> {
            throw new OutOfMemoryError("thrown by the test");
          };

      assertThatThrownBy(test::lease).isInstanceOf(OutOfMemoryError.class);

      assertThat(test.stats().leased()).isZero();
      assertThat(test.factory.open()).isEmpty();
      assertThat(test.stats().unserved()).containsEntry(AcquireOutcome.FAILED, 1L);
    }
  }

  @Test
  void connectionThatCannotBeLookedAtIsPassedOnByAWaiter() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      ConnectionLease out = test.lease();
      TestPool.Call<ConnectionLease> waiter = test.leaseInQueue();
      test.factory.opened().get(0).beforeProbe =
          () -> {
            throw new IllegalStateException("thrown by the test");
          };

      out.bodyEnded();

      assertThat(waiter.failure()).hasMessage("thrown by the test");
      assertThat(test.stats().leased()).isZero();
      assertThat(test.lease().isReused()).isFalse();
    }
  }

  private static void fill(TestPool test, int count) throws Exception {
    List<ConnectionLease> leases = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      leases.add(test.lease());
    }
    leases.forEach(ConnectionLease::bodyEnded);
  }

  /** Throws an Error at every event. */
  private static final class ThrowingListener implements PoolListener {
    private static void fail() {
      throw new NoClassDefFoundError("thrown by the listener of the test");
    }

    @Override
    public void connectionAcquired(String pool, AcquireOutcome outcome, Duration time) {
      fail();
    }

    @Override
    public void acquireFailed(String pool, AcquireOutcome outcome, Duration time) {
      fail();
    }

    @Override
    public void connectionOpened(String pool, Duration time) {
      fail();
    }

    @Override
    public void connectionReleased(String pool, Duration time) {
      fail();
    }

    @Override
    public void connectionClosed(String pool, CloseReason reason) {
      fail();
    }
  }
}
