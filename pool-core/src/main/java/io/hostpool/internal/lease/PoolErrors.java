package io.hostpool.internal.lease;

import io.hostpool.error.ClosedPoolException;
import io.hostpool.error.DeadlineExceededException;
import io.hostpool.error.EmptyPoolException;
import io.hostpool.error.HttpException;
import io.hostpool.error.Phase;
import io.hostpool.error.Progress;
import io.hostpool.error.RequestInterruptedException;
import io.hostpool.internal.time.Deadline;
import io.hostpool.internal.time.Durations;
import io.hostpool.stats.AcquireOutcome;
import io.hostpool.stats.PoolStats;
import org.jspecify.annotations.Nullable;

/**
 * The failures of acquiring a connection of one pool, with the numbers that explain them.
 * Immutable.
 *
 * @param key of the pool
 */
public record PoolErrors(PoolKey key) {

  /**
   * The numbers at the end of a wait without a connection.
   *
   * @param lacksSlot whether all pools together had as many connections as they may, rather than
   *     this one
   */
  public record WaitEnd(PoolStats seen, boolean lacksSlot) {}

  /** Returns {@code host:port}. */
  String peer() {
    return key.authority();
  }

  ClosedPoolException closed() {
    return new ClosedPoolException(peer() + ": pool is closed");
  }

  /** The pool does not wait, or not for one more. */
  EmptyPoolException turnedAway(PoolStats seen, ConnectionLimit limit) {
    String why =
        seen.pending() > 0 ? ": no connection free and the queue is full" : ": no connection free";
    return new EmptyPoolException(peer() + why + numbers(seen) + sharing(limit));
  }

  /** The pool timeout or the deadline, whichever was shorter, is over. */
  public HttpException waitEnded(
      long limitNanos, Deadline deadline, WaitEnd end, ConnectionLimit limit) {
    String numbers = numbers(end.seen());
    if (deadline.isExpired()) {
      return deadlineOver(deadline, numbers + (end.lacksSlot() ? sharing(limit) : ""));
    }
    String time = " within " + Durations.text(limitNanos);
    return new EmptyPoolException(
        end.lacksSlot()
            ? peer()
                + ": connection limit reached: all pools share maxConnections="
                + limit.max()
                + ", none freed"
                + time
                + numbers
            : peer() + ": no connection free" + time + numbers);
  }

  private static String sharing(ConnectionLimit limit) {
    return limit.isShared() ? "; all pools share maxConnections=" + limit.max() : "";
  }

  private DeadlineExceededException deadlineOver(Deadline deadline, String numbers) {
    return new DeadlineExceededException(
        peer()
            + ": total time of "
            + Durations.text(deadline.budgetNanos())
            + " is over in phase ACQUIRE"
            + numbers,
        Progress.unsent(Phase.ACQUIRE),
        null);
  }

  /** The calling thread's interrupt flag is set, and stays so. */
  RequestInterruptedException interrupted() {
    return new RequestInterruptedException(
        peer() + ": interrupted while waiting for a connection",
        Progress.unsent(Phase.ACQUIRE),
        new InterruptedException());
  }

  /** Restores the interrupt flag. */
  RequestInterruptedException interruptedPause(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new RequestInterruptedException(
        peer() + ": interrupted while pausing before another attempt",
        Progress.unsent(Phase.BACKOFF),
        cause);
  }

  /**
   * Returns the outcome of a request for a connection.
   *
   * @param pending the place in the queue, null if there was none
   */
  static AcquireOutcome outcomeOf(Throwable e, @Nullable PendingAcquire pending) {
    if (e instanceof EmptyPoolException && pending != null && pending.wasQueued()) {
      return pending.lackedSlot() ? AcquireOutcome.LIMIT : AcquireOutcome.TIMEOUT;
    }
    if (e instanceof EmptyPoolException || e instanceof ClosedPoolException) {
      return AcquireOutcome.REJECTED;
    }
    if (e instanceof RequestInterruptedException) {
      return AcquireOutcome.INTERRUPTED;
    }
    return e instanceof DeadlineExceededException ? AcquireOutcome.DEADLINE : AcquireOutcome.FAILED;
  }

  private static String numbers(PoolStats seen) {
    return " (active="
        + (seen.leased() + seen.dialing())
        + ", idle="
        + seen.idle()
        + ", pending="
        + seen.pending()
        + ", max="
        + seen.max()
        + ")";
  }
}
