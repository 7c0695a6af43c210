package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.hostpool.CapturedLog;
import io.hostpool.error.ClosedPoolException;
import io.hostpool.error.NewConnectionException;
import io.hostpool.error.RequestInterruptedException;
import io.hostpool.internal.lease.ConnectionLease;
import io.hostpool.internal.lease.ConnectionLimit;
import io.hostpool.internal.lease.LeaseConfig;
import io.hostpool.internal.lease.PendingAcquire;
import io.hostpool.internal.lease.PendingAcquire.State;
import io.hostpool.internal.lease.PoolErrors;
import io.hostpool.internal.time.Deadline;
import io.hostpool.pool.TestPool.Call;
import io.hostpool.testkit.Eventually;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A thread whose own connection is being opened takes one that comes back before, and what is
 * opened is kept for the next. Every dial stands at a latch until the test lets it go.
 */
@Timeout(60)
class OwnDialTest {

  private final CountDownLatch open = new CountDownLatch(1);

  /** From here on every dial waits until {@link #open} is counted down. */
  private void holdDials(TestPool test) {
    test.factory.beforeOpen = () -> await(open);
  }

  @Test
  void connectionThatComesBackServesAThreadBeforeItsOwnIsOpen() throws Exception {
    try (TestPool test = TestPool.overflowing(2)) {
      ConnectionLease out = test.lease();
      holdDials(test);
      Call<ConnectionLease> dialing = test.leaseInRace();

      out.bodyEnded();

      assertThat(TestPool.fake(dialing.get())).isSameAs(TestPool.fake(out));
      assertThat(dialing.get().isReused()).isTrue();
      assertThat(test.stats().dialing()).isEqualTo(1);
      open.countDown();
    }
  }

  @Test
  void connectionThatIsOpenedTooLateIsKeptForTheNext() throws Exception {
    try (TestPool test = TestPool.blocking(2)) {
      ConnectionLease out = test.lease();
      holdDials(test);
      Call<ConnectionLease> dialing = test.leaseInRace();
      out.bodyEnded();
      dialing.get();

      open.countDown();
      test.awaitStats("it is kept", stats -> stats.idle() == 1);

      assertThat(test.lease().isReused()).isTrue();
      assertThat(test.stats().opened()).isEqualTo(2);
    }
  }

  @Test
  void connectionThatIsOpenedTooLateServesAThreadInTheQueue() throws Exception {
    try (TestPool test = TestPool.blocking(2)) {
      ConnectionLease out = test.lease();
      holdDials(test);
      Call<ConnectionLease> dialing = test.leaseInRace();
      Call<ConnectionLease> queued = test.leaseInQueue();
      out.bodyEnded();
      assertThat(TestPool.fake(dialing.get())).isSameAs(TestPool.fake(out));

      open.countDown();

      assertThat(TestPool.fake(queued.get())).isNotSameAs(TestPool.fake(out));
      assertThat(test.stats().opened()).isEqualTo(2);
    }
  }

  @Test
  void surplusThatIsOpenedTooLateIsClosedInAnOverflowingPool() throws Exception {
    try (TestPool test = TestPool.overflowing(1)) {
      ConnectionLease out = test.lease();
      holdDials(test);
      Call<ConnectionLease> dialing = test.leaseInRace();
      out.bodyEnded();
      dialing.get().bodyEnded();

      open.countDown();

      test.awaitStats("it is discarded", stats -> stats.discarded() == 1);
      assertThat(test.stats().idle()).isEqualTo(1);
    }
  }

  @Test
  void failureToConnectReachesTheThreadThatAskedWithBothTraces() throws Exception {
    try (CapturedLog log = CapturedLog.of("io.hostpool.pool", Level.DEBUG);
        TestPool test = TestPool.overflowing(2)) {
      test.lease();
      test.factory.refuses = true;

      Exception failure = test.leaseInThread().failure();

      assertThat(failure).isInstanceOf(NewConnectionException.class);
      assertThat(failure.getStackTrace())
          .extracting(StackTraceElement::getClassName)
          .contains(FakeConnectionFactory.class.getName(), TestPool.class.getName());
      assertThat(log.count("could not be opened ahead of need")).isZero();
      assertThat(test.stats().failedDials()).isEqualTo(1);
      assertThat(test.stats().dialing()).isZero();
    }
  }

  /** It is told of the failure, and no longer in line for what comes back. */
  @Test
  void connectionThatComesBackAfterAFailureToConnectIsKept() throws Exception {
    try (TestPool test = TestPool.blocking(2)) {
      ConnectionLease out = test.lease();
      PendingAcquire dialing = test.queue();
      TestPool.begin(test.pool.store(), dialing);

      boolean isTold =
          test.pool.store().dialFailed(dialing, new NewConnectionException("refused", null));
      out.bodyEnded();

      assertThat(isTold).isTrue();
      assertThat(dialing.state()).isEqualTo(State.FAILED);
      assertThat(test.stats().idle()).isEqualTo(1);
    }
  }

  @Test
  void errorOfTheFactoryReachesTheThreadThatAsked() throws Exception {
    try (TestPool test = TestPool.overflowing(2)) {
      test.lease();
      test.factory.beforeOpen =
          () -> {
            throw new StackOverflowError("thrown by the test");
          };

      assertThatThrownBy(test::lease).isInstanceOf(StackOverflowError.class);
      assertThat(test.stats().dialing()).isZero();
    }
  }

  @Test
  void failureToConnectIsOnlyLoggedWhenTheThreadWasServedBefore() throws Exception {
    try (CapturedLog log = CapturedLog.of("io.hostpool.pool", Level.DEBUG);
        TestPool test = TestPool.blocking(2)) {
      ConnectionLease out = test.lease();
      holdDials(test);
      Call<ConnectionLease> dialing = test.leaseInRace();
      out.bodyEnded();
      dialing.get();

      test.factory.refuses = true;
      open.countDown();

      test.awaitStats("it failed", stats -> stats.failedDials() == 1);
      assertThat(test.stats().dialing()).isZero();
      assertThat(test.stats().leased()).isEqualTo(1);
      Eventually.until("it is logged", () -> log.count("could not be opened ahead of need") == 1);
    }
  }

  @Test
  void interruptEndsTheWaitAtOnceAndTheConnectionIsKept() throws Exception {
    try (TestPool test = TestPool.blocking(2)) {
      test.lease();
      holdDials(test);
      Call<ConnectionLease> dialing = test.leaseInRace();

      dialing.thread().interrupt();

      assertThat(dialing.failure()).isInstanceOf(RequestInterruptedException.class);
      assertThat(test.stats().dialing()).isEqualTo(1);
      open.countDown();
      test.awaitStats("it is kept", stats -> stats.idle() == 1);
    }
  }

  @Test
  void closeEndsTheWaitAtOnceAndTheConnectionIsClosed() throws Exception {
    try (TestPool test = TestPool.blocking(2)) {
      ConnectionLease out = test.lease();
      holdDials(test);
      Call<ConnectionLease> dialing = test.leaseInRace();

      test.pool.close();

      assertThat(dialing.failure()).isInstanceOf(ClosedPoolException.class);
      open.countDown();
      test.awaitStats("its connection is closed", stats -> stats.closed() == 1);
      assertThat(test.stats().dialing()).isZero();
      out.bodyEnded();
    }
  }

  @Test
  void waitForItsOwnConnectionEndsWithNoPoolTimeout() throws Exception {
    try (TestPool test =
        new TestPool(b -> b.maxsize(2).block(true).poolTimeout(Duration.ofNanos(1)))) {
      ConnectionLease out = test.lease();
      holdDials(test);
      Call<ConnectionLease> dialing = test.leaseInRace();

      open.countDown();

      assertThat(TestPool.fake(dialing.get())).isNotSameAs(TestPool.fake(out));
    }
  }

  @Test
  void connectionsThatAreBeingOpenedCountAsOutInMessages() throws Exception {
    try (TestPool test = TestPool.blocking(2)) {
      test.lease();
      TestPool.begin(test.pool.store(), test.queue());
      PendingAcquire waiting = test.queue();

      PoolErrors.WaitEnd end = test.pool.store().timedOut(waiting);

      assertThat(
              new PoolErrors(test.pool.poolKey())
                  .waitEnded(1, Deadline.none(), end, ConnectionLimit.none()))
          .hasMessageContaining("(active=2, idle=0, pending=1, max=2)");
    }
  }

  @Test
  void threadSleepsWhileItsConnectionIsOpened() throws Exception {
    try (TestPool test = TestPool.blocking(2)) {
      test.lease();
      holdDials(test);
      Call<ConnectionLease> dialing = test.leaseInRace();

      Eventually.until("it sleeps", () -> dialing.thread().getState() == Thread.State.WAITING);

      open.countDown();
      dialing.get();
    }
  }

  @Test
  void threadAloneOpensItsConnectionItself() throws Exception {
    try (TestPool test = TestPool.overflowing(2)) {
      AtomicReference<Thread> opener = new AtomicReference<>();
      test.factory.beforeOpen = () -> opener.set(Thread.currentThread());

      test.lease();

      assertThat(opener).hasValue(Thread.currentThread());
    }
  }

  @Test
  void threadOpensItsConnectionItselfWhereNoOtherCanBeStarted() throws Exception {
    LeaseConfig.Seams noThreads =
        LeaseConfig.Seams.NONE.withDialThreads(
            task -> {
              throw new OutOfMemoryError("unable to create native thread, says the test");
            });
    try (TestPool test = new TestPool(b -> b.maxsize(2).seams(noThreads))) {
      test.lease();
      AtomicReference<Thread> opener = new AtomicReference<>();
      test.factory.beforeOpen = () -> opener.set(Thread.currentThread());

      assertThat(test.lease().isReused()).isFalse();

      assertThat(opener).hasValue(Thread.currentThread());
      assertThat(test.stats().leased()).isEqualTo(2);
    }
  }

  /** It could use what comes back only when its own connection is open. */
  @Test
  void threadThatOpensItsConnectionItselfIsHandedNoOther() throws Exception {
    LeaseConfig.Seams noThreads =
        LeaseConfig.Seams.NONE.withDialThreads(
            task -> {
              throw new OutOfMemoryError("unable to create native thread, says the test");
            });
    try (TestPool test = new TestPool(b -> b.maxsize(2).seams(noThreads))) {
      ConnectionLease out = test.lease();
      test.factory.beforeOpen = out::bodyEnded;

      ConnectionLease own = test.lease();

      assertThat(own.isReused()).isFalse();
      assertThat(test.stats().idle()).isEqualTo(1);
    }
  }

  /** The connection comes back while no thread can be started: the permit is not lost with it. */
  @Test
  void threadThatIsServedBeforeItCouldBeginGivesItsPermitBack() throws Exception {
    AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
    LeaseConfig.Seams noThreads =
        LeaseConfig.Seams.NONE.withDialThreads(
            task -> {
              meanwhile.getAndSet(() -> {}).run();
              throw new OutOfMemoryError("unable to create native thread, says the test");
            });
    try (TestPool test = new TestPool(b -> b.maxsize(2).block(true).seams(noThreads))) {
      ConnectionLease out = test.lease();
      meanwhile.set(out::bodyEnded);

      ConnectionLease next = test.lease();

      assertThat(TestPool.fake(next)).isSameAs(TestPool.fake(out));
      assertThat(test.stats().dialing()).isZero();
      assertThat(test.stats().leased()).isEqualTo(1);
    }
  }

  /** Between its permit and the beginning of its dial a thread is handed what comes back. */
  @Test
  void permitThatIsNotNeededGoesToTheNextInTheQueue() throws Exception {
    try (TestPool test = TestPool.blocking(2)) {
      ConnectionLease one = test.lease();
      ConnectionLease other = test.lease();
      PendingAcquire first = test.queue();
      PendingAcquire second = test.queue();
      one.bodyFailed();
      assertThat(first.state()).isEqualTo(State.PERMITTED);

      other.bodyEnded();
      assertThat(first.state()).isEqualTo(State.SERVED);
      assertThat(second.state()).isEqualTo(State.QUEUED);
      test.pool.store().returnUnusedPermit(first);

      assertThat(second.state()).isEqualTo(State.PERMITTED);
      assertThat(test.stats().leased()).isEqualTo(1);
      assertThat(test.stats().dialing()).isEqualTo(1);
    }
  }

  @Test
  void threadWithAPermitIsNotLeftWaitingWhenThePoolIsClosed() throws Exception {
    try (TestPool test = TestPool.blocking(2)) {
      ConnectionLease one = test.lease();
      ConnectionLease other = test.lease();
      PendingAcquire first = test.queue();
      one.bodyFailed();

      test.pool.close();

      assertThat(first.state()).isEqualTo(State.CLOSED);
      assertThat(test.pool.store().beginDial(first, State.RACING)).isFalse();
      test.pool.store().abandon(first);
      other.bodyEnded();
      assertThat(test.stats().leased() + test.stats().dialing()).isZero();
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
