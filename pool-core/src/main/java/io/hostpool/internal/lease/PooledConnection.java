package io.hostpool.internal.lease;

import io.hostpool.internal.connection.HttpConnection;
import io.hostpool.internal.socket.Liveness;
import io.hostpool.internal.time.Durations;
import io.hostpool.internal.time.Ticker;
import io.hostpool.stats.CloseReason;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection with what its pool remembers of it. Not thread-safe: belongs to one lease or, when
 * idle, to the pool's lock.
 */
public final class PooledConnection {

  /** The server may close a connection a moment early, by its own clock. */
  private static final long LONGEST_MARGIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The share of a short promise that is not relied on. */
  private static final int MARGIN_DIVISOR = 5;

  /** Its place among the idle connections of its pool, and of all pools with a common limit. */
  final Chain.Link<PooledConnection> inPool = new Chain.Link<>(this);

  final Chain.Link<PooledConnection> inLimit = new Chain.Link<>(this);

  private final Owner owner;
  private final HttpConnection connection;
  private final long openedNanos;
  private final long lifetimeNanos;
  private final int maxUses;
  private int uses;
  private long idleSinceNanos;
  private long idleNumber;
  private long keepAliveNanos = Durations.NO_LIMIT;

  /** The pool that a connection belongs to, for those that need the connection's place. */
  interface Owner {

    /** Takes a connection that lies idle out of the pool. Under the lock. */
    void yieldIdle(PooledConnection connection);

    /** Closes a connection whose slot has gone to another one. */
    void closeOnly(PooledConnection connection, CloseReason reason);
  }

  /**
   * @param lifetimeNanos how long it may be used from {@code openedNanos} on
   * @param maxUses how many requests it may serve
   */
  public PooledConnection(
      Owner owner, HttpConnection connection, long openedNanos, long lifetimeNanos, int maxUses) {
    this.owner = owner;
    this.connection = connection;
    this.openedNanos = openedNanos;
    this.lifetimeNanos = lifetimeNanos;
    this.maxUses = maxUses;
  }

  Owner owner() {
    return owner;
  }

  public HttpConnection connection() {
    return connection;
  }

  /**
   * Remembers how long the server promised to keep the connection, less a margin: a second, at most
   * a fifth. A request that is sent in the last moment would meet the server's close.
   */
  public void keepAlive(long nanos) {
    keepAliveNanos =
        nanos == Durations.NO_LIMIT
            ? nanos
            : nanos - Math.min(LONGEST_MARGIN_NANOS, nanos / MARGIN_DIVISOR);
  }

  /** Counts a request that it served. */
  void used() {
    uses++;
  }

  /** Returns whether it has served as many requests as it may. */
  boolean isUsedUp() {
    return uses >= maxUses;
  }

  /** Remembers when it came back. */
  void cameBack(long now) {
    idleSinceNanos = now;
  }

  /**
   * Begins to lie idle.
   *
   * @param number grows with each connection of the pool that begins to lie idle
   */
  void idle(long number) {
    idleNumber = number;
  }

  long idleNumber() {
    return idleNumber;
  }

  /** Returns whether time can be a reason not to use it; if not, no clock need be read for it. */
  boolean isTimed(long idleTimeoutNanos) {
    return lifetimeNanos != Durations.NO_LIMIT || idleLimit(idleTimeoutNanos) != Durations.NO_LIMIT;
  }

  /** Returns whether it has reached its maximum lifetime. */
  public boolean isOutlived(long now) {
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
  public @Nullable CloseReason fault(Ticker ticker, long idleTimeoutNanos) {
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
