package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.ClosedPoolException;
import io.hostpool.error.DeadlineExceededException;
import io.hostpool.error.EmptyPoolException;
import io.hostpool.error.NewConnectionException;
import io.hostpool.error.RequestInterruptedException;
import io.hostpool.internal.connection.Reuse;
import io.hostpool.internal.lease.ConnectionLease;
import io.hostpool.internal.lease.ConnectionLimit;
import io.hostpool.internal.lease.PendingAcquire;
import io.hostpool.internal.lease.PendingAcquire.State;
import io.hostpool.internal.lease.PoolErrors;
import io.hostpool.internal.lease.PooledConnection;
import io.hostpool.internal.time.Deadline;
import io.hostpool.internal.time.Ticker;
import io.hostpool.policy.WhenExhausted;
import io.hostpool.pool.TestPool.Call;
import io.hostpool.stats.AcquireOutcome;
import io.hostpool.stats.CloseReason;
import io.hostpool.stats.PoolStats;
import io.hostpool.testkit.Eventually;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A permit that frees while somebody waits reaches the longest waiter, however it frees. */
@Timeout(60)
class WaitingTest {

  @Test
  void waiterGetsTheVeryConnectionThatComesBack() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      ConnectionLease first = test.lease();
      Call<ConnectionLease> waiter = test.leaseInQueue();

      first.bodyEnded();

      assertThat(TestPool.fake(waiter.get())).isSameAs(TestPool.fake(first));
      assertThat(test.stats().opened()).isEqualTo(1);
      assertThat(test.stats().pending()).isZero();
    }
  }

  @Test
  void waiterIsWokenByAConnectionThatCannotBeReused() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      ConnectionLease first = test.lease();
      TestPool.fake(first).reuse = Reuse.SERVER_CLOSES;
      Call<ConnectionLease> waiter = test.leaseInQueue();

      first.bodyEnded();

      assertThat(TestPool.fake(waiter.get())).isNotSameAs(TestPool.fake(first));
      assertThat(test.stats().closedBy()).containsEntry(CloseReason.SERVER, 1L);
      assertThat(test.stats().pending()).isZero();
    }
  }

  @Test
  void waiterIsWokenByAFailedExchange() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      ConnectionLease first = test.lease();
      Call<ConnectionLease> waiter = test.leaseInQueue();

      first.bodyFailed();

      assertThat(waiter.get().isReused()).isFalse();
    }
  }

  @Test
  void waiterIsWokenByAConnectionThatThrowsWhenItsExchangeIsFinished() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      ConnectionLease first = test.lease();
      TestPool.fake(first).beforeFinish =
          () -> {
            throw new IllegalStateException("thrown by the test");
          };
      Call<ConnectionLease> waiter = test.leaseInQueue();

      assertThatThrownBy(first::bodyEnded).hasMessage("thrown by the test");

      assertThat(TestPool.fake(waiter.get())).isNotSameAs(TestPool.fake(first));
      assertThat(TestPool.fake(first).isClosed()).isTrue();
      assertThat(test.stats().closedBy()).containsEntry(CloseReason.ERROR, 1L);
    }
  }

  @Test
  void waiterIsWokenByADialThatFails() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      CountDownLatch dialing = new CountDownLatch(1);
      CountDownLatch refuse = new CountDownLatch(1);
      test.factory.beforeOpen =
          () -> {
            test.factory.beforeOpen = () -> {};
            dialing.countDown();
            await(refuse);
            throw new NewConnectionException("refused", null);
          };
      Call<ConnectionLease> dialer = test.leaseInThread();
      await(dialing);
      Call<ConnectionLease> waiter = test.leaseInQueue();

      refuse.countDown();

      assertThat(dialer.failure()).isInstanceOf(NewConnectionException.class);
      assertThat(waiter.get().isReused()).isFalse();
      assertThat(test.stats().failedDials()).isEqualTo(1);
    }
  }

  @Test
  void waiterIsWokenByABodyThatIsAbandoned() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      ConnectionLease first = test.lease();
      TestPool.fake(first).drains = false;
      Call<ConnectionLease> waiter = test.leaseInQueue();

      first.bodyAbandoned();

      assertThat(waiter.get().isReused()).isFalse();
      assertThat(test.stats().closedBy()).containsEntry(CloseReason.UNREAD, 1L);
    }
  }

  @Test
  void waiterOfARetiredPoolIsServed() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      ConnectionLease first = test.lease();
      Call<ConnectionLease> waiter = test.leaseInQueue();

      test.pool.retire();
      first.bodyEnded();

      ConnectionLease second = waiter.get();
      assertThat(second.isReused()).isTrue();
      second.bodyEnded();
      assertThat(test.stats().idle()).isZero();
      assertThat(test.stats().closedBy()).containsEntry(CloseReason.EVICTED, 1L);
    }
  }

  @Test
  void closeWakesEveryWaiterAndLetsTheLeaseFinish() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      ConnectionLease first = test.lease();
      List<Call<ConnectionLease>> waiters = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        waiters.add(test.leaseInQueue());
      }

      test.pool.close();

      for (Call<ConnectionLease> waiter : waiters) {
        assertThat(waiter.failure()).isInstanceOf(ClosedPoolException.class);
      }
      assertThat(TestPool.fake(first).isClosed()).isFalse();
      first.bodyEnded();
      assertThat(TestPool.fake(first).isClosed()).isTrue();
      assertThat(test.stats().leased() + test.stats().pending()).isZero();
    }
  }

  @Test
  void waitersAreServedInTheOrderInWhichTheyCame() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      List<Integer> served = Collections.synchronizedList(new ArrayList<>());
      ConnectionLease first = test.lease();
      List<Call<Integer>> calls = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        int number = i;
        calls.add(
            test.inThread(
                () -> {
                  ConnectionLease lease = test.lease();
                  served.add(number);
                  lease.bodyEnded();
                  return number;
                }));
        test.awaitPending(i + 1);
      }

      first.bodyEnded();

      for (Call<Integer> call : calls) {
        call.get();
      }
      assertThat(served).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }
  }

  @Test
  void newcomerDoesNotOvertakeWhoWaits() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      ConnectionLease first = test.lease();
      Call<ConnectionLease> waiter = test.leaseInQueue();
      Call<ConnectionLease> newcomer = test.leaseInQueue();

      first.bodyEnded();
      ConnectionLease second = waiter.get();

      assertThat(newcomer.isDone()).isFalse();
      second.bodyEnded();
      assertThat(newcomer.get().isReused()).isTrue();
    }
  }

  @Test
  void messageOfATimeoutSaysHowManyAreOutAndWait() throws Exception {
    try (TestPool test =
        new TestPool(
            builder -> builder.maxsize(1).block(true).poolTimeout(Duration.ofMillis(20)))) {
      test.lease();
      PendingAcquire waiter = test.queue();

      PoolErrors.WaitEnd end = test.pool.store().timedOut(waiter);

      assertThat(
              new PoolErrors(test.pool.poolKey())
                  .waitEnded(20_000_000, Deadline.none(), end, ConnectionLimit.none()))
          .isInstanceOf(EmptyPoolException.class)
          .hasMessage(
              "host:80: no connection free within 20 ms (active=1, idle=0, pending=1, max=1)");
    }
  }

  /** The nanosecond is over at once in real time, and never by a clock that stands still. */
  @Test
  void waiterIsServedWhoseTimeIsNotOverByTheClockOfThePool() throws Exception {
    try (TestPool test =
        new TestPool(builder -> builder.block(true).poolTimeout(Duration.ofNanos(1)))) {
      ConnectionLease first = test.lease();
      Call<ConnectionLease> waiter = test.leaseInQueue();

      first.bodyEnded();

      assertThat(waiter.get().isReused()).isTrue();
    }
  }

  @Test
  void realTimeEndsAWaitToo() throws Exception {
    try (HttpConnectionPool pool =
        HttpConnectionPool.builder("host")
            .block(true)
            .poolTimeout(Duration.ofMillis(30))
            .connectionFactory(endpoint -> new FakeConnectionFactory())
            .build()) {
      ConnectionLease lease = pool.source().lease(1, Deadline.none());

      assertThatThrownBy(() -> pool.source().lease(1, Deadline.none()))
          .isInstanceOf(EmptyPoolException.class)
          .hasMessageContaining("no connection free within 30 ms");
      lease.bodyEnded();
      assertThat(pool.stats().unserved()).containsOnlyKeys(AcquireOutcome.TIMEOUT);
    }
  }

  @Test
  void deadlineEndsAWaitBeforeThePoolTimeout() throws Exception {
    try (HttpConnectionPool pool =
        HttpConnectionPool.builder("host")
            .block(true)
            .poolTimeout(ChronoUnit.FOREVER.getDuration())
            .connectionFactory(endpoint -> new FakeConnectionFactory())
            .build()) {
      ConnectionLease lease = pool.source().lease(1, Deadline.none());
      Deadline soon = Deadline.after(Ticker.system(), TimeUnit.MILLISECONDS.toNanos(30));

      assertThatThrownBy(() -> pool.source().lease(1, soon))
          .isInstanceOf(DeadlineExceededException.class)
          .hasMessageContaining("total time of 30 ms is over in phase ACQUIRE");
      lease.bodyEnded();
    }
  }

  /** The hand-over comes first and the timeout after it: the waiter keeps what it was given. */
  @Test
  void timeoutThatRacesAHandOverKeepsTheConnection() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      ConnectionLease first = test.lease();
      PendingAcquire waiter = test.queue();

      first.bodyEnded();
      PoolErrors.WaitEnd end = test.pool.store().timedOut(waiter);

      assertThat(end).isNull();
      assertThat(waiter.connection()).isNotNull();
      assertThat(test.stats().leased()).isEqualTo(1);
      assertThat(test.stats().timeouts()).isZero();
    }
  }

  /** The timeout comes first: what comes back later is not handed to somebody who has left. */
  @Test
  void connectionThatComesBackAfterATimeoutIsKept() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      ConnectionLease first = test.lease();
      PendingAcquire waiter = test.queue();

      test.pool.store().timedOut(waiter);
      first.bodyEnded();

      assertThat(waiter.state()).isEqualTo(State.LEFT);
      assertThat(test.stats().idle()).isEqualTo(1);
    }
  }

  @Test
  void interruptThatRacesAHandOverPassesTheConnectionOn() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      ConnectionLease first = test.lease();
      PendingAcquire interrupted = test.queue();
      PendingAcquire next = test.queue();

      first.bodyEnded();
      PooledConnection connection = interrupted.connection();
      test.pool.store().abandon(interrupted);

      assertThat(next.connection()).isSameAs(connection);
      assertThat(test.stats().leased()).isEqualTo(1);
    }
  }

  @Test
  void interruptThatRacesAPermitPassesThePermitOn() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      ConnectionLease first = test.lease();
      PendingAcquire interrupted = test.queue();
      PendingAcquire next = test.queue();

      first.bodyFailed();
      test.pool.store().abandon(interrupted);

      assertThat(next.state()).isEqualTo(State.PERMITTED);
      assertThat(test.stats().dialing()).isEqualTo(1);
    }
  }

  @Test
  void waiterIsWokenWhenAnInterruptedOnePassesItsConnectionOn() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      ConnectionLease first = test.lease();
      PendingAcquire interrupted = test.queue();
      Call<ConnectionLease> next = test.leaseInQueue();
      first.bodyEnded();

      test.pool.store().abandon(interrupted);

      assertThat(TestPool.fake(next.get())).isSameAs(TestPool.fake(first));
    }
  }

  @Test
  void waiterIsWokenWhenAnInterruptedOnePassesItsPermitOn() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      ConnectionLease first = test.lease();
      PendingAcquire interrupted = test.queue();
      Call<ConnectionLease> next = test.leaseInQueue();
      first.bodyFailed();

      test.pool.store().abandon(interrupted);

      assertThat(next.get().isReused()).isFalse();
    }
  }

  @Test
  void waiterIsWokenByALargerSize() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      test.lease();
      Call<ConnectionLease> first = test.leaseInQueue();
      Call<ConnectionLease> second = test.leaseInQueue();

      test.pool.resize(3);

      assertThat(first.get().isReused()).isFalse();
      assertThat(second.get().isReused()).isFalse();
    }
  }

  @Test
  void waiterIsWokenByAConnectionThatWasOpenedForAnother() throws Exception {
    try (TestPool test = TestPool.blocking(2)) {
      ConnectionLease first = test.lease();
      PendingAcquire dialing = test.queue();
      TestPool.begin(test.pool.store(), dialing);
      Call<ConnectionLease> next = test.leaseInQueue();
      test.pool.store().abandon(dialing);

      test.pool.store().dialed(dialing, TestPool.connection(test.pool.store()));

      assertThat(TestPool.fake(next.get())).isNotSameAs(TestPool.fake(first));
    }
  }

  @Test
  void waiterIsWokenByASlotThatComesFree() throws Exception {
    try (PoolManager manager =
        PoolManager.builder()
            .maxConnections(1)
            .poolTimeout(ChronoUnit.FOREVER.getDuration())
            .connectionFactory(endpoint -> new FakeConnectionFactory())
            .build()) {
      HttpConnectionPool pool = manager.connectionFromUrl("http://a/");
      ConnectionLease out = pool.source().lease(1, Deadline.none());
      HttpConnectionPool other = manager.connectionFromUrl("http://b/");
      FutureTask<Integer> call = new FutureTask<>(() -> other.urlopen("GET", "/").status());
      Thread thread = new Thread(call, "testkit-waits-for-a-slot");
      thread.start();
      Eventually.until("it waits", () -> other.stats().pending() == 1);

      out.bodyFailed();

      assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo(200);
      thread.join();
    }
  }

  @Test
  void interruptEndsAWaitAndKeepsTheFlag() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      test.lease();
      Call<Boolean> waiter =
          test.inThread(
              () -> {
                assertThatThrownBy(test::lease)
                    .isInstanceOf(RequestInterruptedException.class)
                    .hasCauseInstanceOf(InterruptedException.class);
                return Thread.interrupted();
              });
      test.awaitPending(1);

      waiter.thread().interrupt();

      assertThat(waiter.get()).isTrue();
      assertThat(test.stats().pending()).isZero();
    }
  }

  @Test
  void interruptedThreadTakesNothing() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      test.lease().bodyEnded();
      Call<Boolean> call =
          test.inThread(
              () -> {
                Thread.currentThread().interrupt();
                assertThatThrownBy(test::lease).isInstanceOf(RequestInterruptedException.class);
                return Thread.interrupted();
              });

      assertThat(call.get()).isTrue();
      assertThat(test.stats().idle()).isEqualTo(1);
      assertThat(test.factory.open()).hasSize(1);
    }
  }

  @Test
  void thousandTimedOutWaitsCostNothing() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      ConnectionLease first = test.lease();
      PoolStats before = test.stats();
      for (int i = 0; i < 1000; i++) {
        test.pool.store().timedOut(test.queue());
      }

      PoolStats after = test.stats();
      assertThat(after.leased()).isEqualTo(before.leased());
      assertThat(after.pending()).isZero();
      assertThat(after.idle()).isZero();
      first.bodyEnded();
      assertThat(test.lease().isReused()).isTrue();
    }
  }

  @Test
  void queueThatIsFullTurnsAwayAtOnce() throws Exception {
    try (TestPool test = new TestPool(builder -> builder.block(true).maxPending(1))) {
      test.lease();
      test.leaseInQueue();

      assertThatThrownBy(test::lease)
          .isInstanceOf(EmptyPoolException.class)
          .hasMessage(
              "host:80: no connection free and the queue is full"
                  + " (active=1, idle=0, pending=1, max=1)");
    }
  }

  @Test
  void poolTimeoutOfZeroDoesNotWait() throws Exception {
    try (TestPool test = new TestPool(builder -> builder.block(true).poolTimeout(Duration.ZERO))) {
      test.lease();

      assertThatThrownBy(test::lease).isInstanceOf(EmptyPoolException.class);
      assertThat(test.stats().unserved()).containsOnlyKeys(AcquireOutcome.REJECTED);
    }
  }

  @Test
  void failModeDoesNotWait() throws Exception {
    try (TestPool test =
        new TestPool(builder -> builder.maxsize(2).whenExhausted(WhenExhausted.FAIL))) {
      ConnectionLease first = test.lease();
      test.lease();

      assertThatThrownBy(test::lease)
          .isInstanceOf(EmptyPoolException.class)
          .hasMessage("host:80: no connection free (active=2, idle=0, pending=0, max=2)");
      first.bodyEnded();
      assertThat(test.lease().isReused()).isTrue();
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
