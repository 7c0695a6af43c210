package io.hostpool.pool;

import io.hostpool.net.HttpConnection;
import io.hostpool.net.Liveness;
import io.hostpool.policy.Durations;
import io.hostpool.policy.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * A connection with what its pool remembers of it. Not thread-safe: belongs to one lease or, when
 * idle, to the pool's lock.
 */
final class PooledConnection implements Grant {

  private final HttpConnection connection;
  private final long openedNanos;
  private final long lifetimeNanos;
  private long idleSinceNanos;
  private long keepAliveNanos = Durations.NO_LIMIT;

  /**
   * @param lifetimeNanos how long it may be used from {@code openedNanos} on
   */
  PooledConnection(HttpConnection connection, long openedNanos, long lifetimeNanos) {
    this.connection = connection;
    this.openedNanos = openedNanos;
    this.lifetimeNanos = lifetimeNanos;
  }

  HttpConnection connection() {
    return connection;
  }

  /** Remembers how long the server promised to keep the connection. */
  void keepAlive(long nanos) {
    keepAliveNanos = nanos;
  }

  void idleSince(long now) {
    idleSinceNanos = now;
  }

  long idleSince() {
    return idleSinceNanos;
  }

  /** Returns whether time can be a reason not to use it; if not, no clock need be read for it. */
  boolean isTimed(long idleTimeoutNanos) {
    return lifetimeNanos != Durations.NO_LIMIT || idleLimit(idleTimeoutNanos) != Durations.NO_LIMIT;
  }

  /** Returns whether it has reached its maximum lifetime. */
  boolean isOutlived(long now) {
    return lifetimeNanos != Durations.NO_LIMIT && now - openedNanos >= lifetimeNanos;
  }

  /** Returns why an idle connection may not be used any more, null if time is no reason. */
  @Nullable CloseReason overdue(long now, long idleTimeoutNanos) {
    if (isOutlived(now)) {
      return CloseReason.LIFETIME;
    }
    long limit = idleLimit(idleTimeoutNanos);
    boolean tooLong = limit != Durations.NO_LIMIT && now - idleSinceNanos >= limit;
    return tooLong ? CloseReason.IDLE : null;
  }

  /** Returns how long from {@code now} until {@link #overdue} gives a reason. */
  long nanosUntilOverdue(long now, long idleTimeoutNanos) {
    return Math.min(
        left(now, openedNanos, lifetimeNanos),
        left(now, idleSinceNanos, idleLimit(idleTimeoutNanos)));
  }

  /** Returns why an idle connection cannot be used, null if it can. Looks at the socket. */
  @Nullable CloseReason fault(Ticker ticker, long idleTimeoutNanos) {
    if (isTimed(idleTimeoutNanos)) {
      CloseReason overdue = overdue(ticker.nanos(), idleTimeoutNanos);
      if (overdue != null) {
        return overdue;
      }
    }
    Liveness liveness = connection.probe();
    return switch (liveness) {
      case ALIVE -> null;
      case CLOSED -> CloseReason.STALE;
      case UNSOLICITED -> CloseReason.UNSOLICITED;
    };
  }

  private long idleLimit(long idleTimeoutNanos) {
    return Math.min(idleTimeoutNanos, keepAliveNanos);
  }

  private static long left(long now, long since, long limit) {
    return limit == Durations.NO_LIMIT ? limit : Math.max(0, limit - (now - since));
  }
}
