package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostpool.error.RequestInterruptedException;
import io.hostpool.internal.lease.ConnectionLease;
import io.hostpool.stats.AcquireOutcome;
import io.hostpool.stats.PoolStats;
import io.hostpool.testkit.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Row 37 of docs/faults.md: interrupts at every moment of asking, waiting and being served. */
@Timeout(120)
class InterruptStormTest {

  private static final int THREADS = 8;
  private static final int ROUNDS = 1_000;
  private static final int INTERRUPTS = 100_000;

  private final TestPool test = TestPool.blocking(2);
  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicLong interrupted = new AtomicLong();
  private final AtomicLong served = new AtomicLong();
  private final List<TestPool.Call<Boolean>> users = new ArrayList<>();

  @AfterEach
  void close() throws InterruptedException {
    stop.set(true);
    test.close();
  }

  /**
   * Every connection is out, so a thread that stands in the queue leaves it by an interrupt only.
   */
  @Test
  void eachOfThousandsOfInterruptsEndsTheWaitThatItHits() throws Exception {
    List<ConnectionLease> out = List.of(test.lease(), test.lease());
    startUsers();

    for (int round = 1; round <= ROUNDS; round++) {
      test.awaitPending(THREADS);
      users.forEach(user -> user.thread().interrupt());
      awaitInterrupted(round);
    }
    test.awaitPending(THREADS);
    stop.set(true);
    out.forEach(ConnectionLease::bodyEnded);

    requireNothingLost();
    assertThat(interrupted).hasValue((long) ROUNDS * THREADS);
    assertThat(test.stats().unserved())
        .containsEntry(AcquireOutcome.INTERRUPTED, (long) ROUNDS * THREADS);
    assertThat(served).hasValue(THREADS);
    assertThat(test.stats().opened()).isEqualTo(2);
  }

  /** A connection and a permit come back while all threads that wait for them are interrupted. */
  @Test
  void noPermitIsLostToInterruptsThatMeetAHandOver() throws Exception {
    startUsers();

    for (int round = 1; round <= ROUNDS; round++) {
      ConnectionLease one = test.lease();
      ConnectionLease other = test.lease();
      test.awaitPending(THREADS);
      users.forEach(user -> user.thread().interrupt());
      one.bodyEnded();
      other.bodyFailed();
      // Also a thread that was served first: it keeps the flag and is told when it asks again.
      awaitInterrupted(round);
    }
    stop.set(true);

    requireNothingLost();
    assertThat(interrupted).hasValue((long) ROUNDS * THREADS);
  }

  @Test
  void noPermitIsLostToAHundredThousandInterrupts() throws Exception {
    startUsers();

    for (int i = 0; i < INTERRUPTS; i++) {
      users.get(i % THREADS).thread().interrupt();
    }
    stop.set(true);

    requireNothingLost();
    assertThat(interrupted.get()).isPositive();
    assertThat(served.get()).isPositive();
  }

  private void startUsers() {
    for (int i = 0; i < THREADS; i++) {
      users.add(test.inThread(this::useUntilTheEnd));
    }
  }

  /** Else the next interrupt could come before the one before was told of, and be none. */
  private void awaitInterrupted(int rounds) {
    long all = (long) rounds * THREADS;
    Eventually.until("every thread is told", () -> interrupted.get() == all);
  }

  private boolean useUntilTheEnd() throws Exception {
    while (!stop.get()) {
      try {
        test.lease().bodyEnded();
        served.incrementAndGet();
      } catch (RequestInterruptedException e) {
        Thread.interrupted();
        interrupted.incrementAndGet();
      }
    }
    return true;
  }

  private void requireNothingLost() throws Exception {
    for (TestPool.Call<Boolean> user : users) {
      assertThat(user.get()).isTrue();
    }
    PoolStats stats = test.stats();
    assertThat(stats.leased() + stats.dialing() + stats.pending()).isZero();
    assertThat(stats.idle()).isEqualTo(test.factory.open().size());
    test.pool.configure(test.pool.capacity().withPoolTimeout(Duration.ZERO));
    test.lease();
    test.lease();
  }
}
