package io.hostpool.pool;

import io.hostpool.policy.Ticker;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One thread's place in the queue. Links and outcome are written under the pool's lock; the waiting
 * thread reads the outcome without it.
 */
final class Waiter implements Grant {

  enum Outcome {
    WAITING,
    /** {@link #granted()} holds what was handed over. */
    GRANTED,
    /** The pool was closed. */
    CLOSED
  }

  private final Thread thread = Thread.currentThread();
  private final long limitNanos;
  private volatile Outcome outcome = Outcome.WAITING;
  private @Nullable Grant granted;

  // Guarded by the lock of the pool whose queue this is in.
  @Nullable Waiter previous;
  @Nullable Waiter next;

  /**
   * @param limitNanos the longest wait, as the pool's settings were when it began
   */
  Waiter(long limitNanos) {
    this.limitNanos = limitNanos;
  }

  long limitNanos() {
    return limitNanos;
  }

  Outcome outcome() {
    return outcome;
  }

  /** Returns what was handed over; to be called once the outcome is GRANTED. */
  @Nullable Grant granted() {
    return granted;
  }

  /** Hands over a connection or the right to dial. Under the pool's lock. */
  void grant(Grant grant) {
    granted = grant;
    outcome = Outcome.GRANTED;
  }

  /** Ends the wait because the pool is closed. Under the pool's lock. */
  void poolClosed() {
    outcome = Outcome.CLOSED;
  }

  /** Wakes the thread. After the lock was left: waking can be slow. */
  void wake() {
    LockSupport.unpark(thread);
  }

  /**
   * Blocks until there is an outcome, the time is over or the thread is interrupted; the caller
   * finds out which. Leaves the interrupt flag as it is.
   */
  void await(Ticker ticker, long nanos) {
    long start = ticker.nanos();
    long left = nanos;
    while (outcome == Outcome.WAITING && left > 0 && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(this, left);
      left = nanos - (ticker.nanos() - start);
    }
  }
}
