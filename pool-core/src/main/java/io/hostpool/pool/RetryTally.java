package io.hostpool.pool;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.hostpool.internal.time.Ticker;
import io.hostpool.policy.RetryBudget;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts requests and their repetitions over the window of a {@link RetryBudget}, in slots of a
 * tenth of it. Thread-safe.
 */
final class RetryTally {

  private static final int SLOTS = 10;

  private final RetryBudget budget;
  private final Ticker ticker;
  private final long slotNanos;
  private final long start;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final long[] requests = new long[SLOTS];

  @GuardedBy("lock")
  private final long[] repetitions = new long[SLOTS];

  @GuardedBy("lock")
  private long slot;

  RetryTally(RetryBudget budget, Ticker ticker) {
    this.budget = budget;
    this.ticker = ticker;
    this.slotNanos = budget.windowNanos() / SLOTS;
    this.start = ticker.nanos();
  }

  /** Counts a request that is made for the first time. */
  void requested() {
    long now = ticker.nanos();
    lock.lock();
    try {
      requests[index(now)]++;
    } finally {
      lock.unlock();
    }
  }

  /** Counts a repetition if the budget allows it; returns whether it does. */
  boolean tryRepeat() {
    long now = ticker.nanos();
    lock.lock();
    try {
      int index = index(now);
      if (sum(repetitions) + 1 > budget.allowed(sum(requests))) {
        return false;
      }
      repetitions[index]++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the index of the slot of {@code now}, and empties those that are over. */
  @GuardedBy("lock")
  private int index(long now) {
    long current = Math.max(slot, (now - start) / slotNanos);
    long passed = current - slot;
    if (passed >= SLOTS) {
      Arrays.fill(requests, 0);
      Arrays.fill(repetitions, 0);
    } else {
      for (long i = slot + 1; i <= current; i++) {
        requests[(int) (i % SLOTS)] = 0;
        repetitions[(int) (i % SLOTS)] = 0;
      }
    }
    slot = current;
    return (int) (current % SLOTS);
  }

  private static long sum(long[] slots) {
    long sum = 0;
    for (long one : slots) {
      sum += one;
    }
    return sum;
  }
}
