package io.hostpool.pool;

import io.hostpool.error.ClosedPoolException;
import io.hostpool.error.DeadlineExceededException;
import io.hostpool.error.EmptyPoolException;
import io.hostpool.error.HttpException;
import io.hostpool.error.Phase;
import io.hostpool.error.Progress;
import io.hostpool.error.RequestInterruptedException;
import io.hostpool.policy.Deadline;
import io.hostpool.policy.Durations;

/**
 * The failures of asking one pool for a connection, with the numbers that explain them. Immutable.
 *
 * @param name {@code host:port}
 */
record PoolErrors(String name) {

  ClosedPoolException closed() {
    return new ClosedPoolException(name + ": pool is closed");
  }

  /** The pool does not wait, or not one more. */
  EmptyPoolException turnedAway(PoolStats seen) {
    String why =
        seen.pending() > 0 ? ": no connection free and the queue is full" : ": no connection free";
    return new EmptyPoolException(name + why + numbers(seen));
  }

  /** The pool timeout or the deadline, whichever was shorter, is over. */
  HttpException waitedInVain(long limitNanos, Deadline deadline, PoolStats seen) {
    if (deadline.isExpired()) {
      return deadlineOver(deadline, numbers(seen));
    }
    return new EmptyPoolException(
        name + ": no connection free within " + Durations.text(limitNanos) + numbers(seen));
  }

  /** All pools of the manager together have as many connections as they may. */
  HttpException noPlace(long limitNanos, Deadline deadline, int max) {
    if (deadline.isExpired()) {
      return deadlineOver(deadline, " (max of all pools=" + max + ")");
    }
    return new EmptyPoolException(
        name
            + ": no place for another connection within "
            + Durations.text(limitNanos)
            + ": all pools together have "
            + max
            + ", the maximum");
  }

  private DeadlineExceededException deadlineOver(Deadline deadline, String numbers) {
    return new DeadlineExceededException(
        name
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
        name + ": interrupted before a connection was had",
        Progress.unsent(Phase.ACQUIRE),
        new InterruptedException());
  }

  /** Restores the interrupt flag. */
  RequestInterruptedException interruptedPause(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new RequestInterruptedException(
        name + ": interrupted while pausing before another attempt",
        Progress.unsent(Phase.BACKOFF),
        cause);
  }

  static AcquireOutcome outcomeOf(HttpException e, boolean waited) {
    if (e instanceof EmptyPoolException) {
      return waited ? AcquireOutcome.TIMEOUT : AcquireOutcome.REJECTED;
    }
    return e instanceof ClosedPoolException ? AcquireOutcome.REJECTED : AcquireOutcome.FAILED;
  }

  private static String numbers(PoolStats seen) {
    return " (idle="
        + seen.idle()
        + ", leased="
        + (seen.leased() + seen.dialing())
        + ", waiting="
        + seen.pending()
        + ", max="
        + seen.max()
        + ")";
  }
}
