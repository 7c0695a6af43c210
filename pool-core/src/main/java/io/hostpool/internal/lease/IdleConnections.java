package io.hostpool.internal.lease;

import io.hostpool.internal.time.Durations;
import io.hostpool.stats.CloseReason;
import org.jspecify.annotations.Nullable;

/**
 * The idle connections of one pool, in the order in which they began to lie idle. Not thread-safe;
 * guarded by the lock of the pool.
 */
@SuppressWarnings("GuardedBy") // the limit's lock is the pool's
public final class IdleConnections {

  /** The most connections that are looked at or taken out under one hold of the lock. */
  public static final int SLICE = 256;

  private final Chain<PooledConnection> chain = new Chain<>();
  private final ConnectionLimit limit;
  private final Ledger ledger;
  private final boolean takesOldest;
  private long number;

  /**
   * Makes an empty list.
   *
   * @param takesOldest whether the connection that lies idle longest is taken first
   */
  IdleConnections(ConnectionLimit limit, Ledger ledger, boolean takesOldest) {
    this.limit = limit;
    this.ledger = ledger;
    this.takesOldest = takesOldest;
  }

  /** Takes a connection out to be leased, null if none is idle. */
  @Nullable PooledConnection poll() {
    PooledConnection connection = takesOldest ? chain.pollOldest() : chain.pollNewest();
    if (connection != null) {
      limit.idleRemoved(connection);
      ledger.idleToLeased();
    }
    return connection;
  }

  /** Keeps a connection that was leased. */
  void add(PooledConnection connection, Use use) {
    connection.idle(number++);
    chain.add(connection.inPool);
    limit.idleAdded(connection);
    ledger.leasedToIdle(use);
  }

  /** Keeps no reference to a connection that was taken and is closed instead of coming back. */
  void forget(PooledConnection connection) {
    chain.forget(connection.inPool);
  }

  /** Takes a connection out to be closed. */
  void remove(PooledConnection connection, CloseReason reason) {
    chain.remove(connection.inPool);
    limit.idleRemoved(connection);
    ledger.idleToClosed(reason);
  }

  /**
   * Takes the oldest connections out to be closed, a slice at most.
   *
   * @param gone gets them
   */
  public void removeOldest(int count, CloseReason reason, Chain<PooledConnection> gone) {
    for (int left = Math.min(count, SLICE); left > 0; left--) {
      PooledConnection oldest = chain.oldest();
      if (oldest == null) {
        return;
      }
      remove(oldest, reason);
      gone.add(oldest.inPool);
    }
  }

  int size() {
    return chain.size();
  }

  /** One pass over all connections, a slice at a time. */
  public static final class Pass {
    final long now;
    private final long idleTimeoutNanos;
    private Chain.@Nullable Link<PooledConnection> last;
    private long lastNumber = -1;
    private long nextNanos = Durations.NO_LIMIT;

    public Pass(long now, long idleTimeoutNanos) {
      this.now = now;
      this.idleTimeoutNanos = idleTimeoutNanos;
    }

    /** Returns why {@code connection} is closed in this pass, null if it stays. */
    @Nullable CloseReason reason(PooledConnection connection) {
      return connection.overdue(now, idleTimeoutNanos);
    }

    /** Returns the time until the next one is overdue, {@link Durations#NO_LIMIT} for never. */
    public long nextNanos() {
      return nextNanos;
    }

    private void kept(Chain.Link<PooledConnection> link) {
      last = link;
      lastNumber = link.value().idleNumber();
      nextNanos = Math.min(nextNanos, link.value().nanosUntilOverdue(now, idleTimeoutNanos));
    }
  }

  /**
   * Takes out what is overdue, a slice of the pass.
   *
   * @param gone gets what was taken out
   * @return whether the pass goes on
   */
  public boolean removeOverdue(Pass pass, Chain<PooledConnection> gone) {
    Chain.Link<PooledConnection> at = resume(pass);
    for (int left = SLICE; left > 0 && at != null; left--) {
      Chain.Link<PooledConnection> newer = chain.newer(at);
      CloseReason reason = pass.reason(at.value());
      if (reason == null) {
        pass.kept(at);
      } else {
        remove(at.value(), reason);
        gone.add(at);
      }
      at = newer;
    }
    return at != null;
  }

  /** Returns the first connection that the pass has not seen. */
  private Chain.@Nullable Link<PooledConnection> resume(Pass pass) {
    Chain.Link<PooledConnection> oldest = chain.oldestLink();
    Chain.Link<PooledConnection> last = pass.last;
    if (last == null || oldest == null || oldest.value().idleNumber() > pass.lastNumber) {
      return oldest;
    }
    if (last.isLinked() && last.value().idleNumber() == pass.lastNumber) {
      return chain.newer(last);
    }
    // The last one seen was taken, and with it all that were newer: what is now came after it.
    Chain.Link<PooledConnection> unseen = null;
    Chain.Link<PooledConnection> at = chain.newestLink();
    while (at != null && at.value().idleNumber() > pass.lastNumber) {
      unseen = at;
      at = chain.older(at);
    }
    return unseen;
  }
}
