package io.hostpool.internal.lease;

import io.hostpool.policy.Capacity;
import io.hostpool.policy.WhenExhausted;
import io.hostpool.stats.CloseReason;
import io.hostpool.stats.PoolState;
import org.jspecify.annotations.Nullable;

/**
 * What a pool decides, apart from the books in which it writes the decision down: which thread is
 * served, what is kept, which thread may open a connection. Stateless; called under the lock of the
 * pool.
 */
public class LeaseRules { // not final: tests replace one rule each, to show that they would notice

  /** Returns whether the size of the pool lets one more connection be opened. */
  public boolean mayOpen(Capacity capacity, Ledger ledger) {
    return capacity.overflows() || ledger.permitsTaken() < capacity.maxsize();
  }

  /** Returns whether a thread that cannot be served at once may join the queue. */
  public boolean mayQueue(Capacity capacity, int waiting) {
    return capacity.whenExhausted() != WhenExhausted.FAIL
        && capacity.poolTimeoutNanos() > 0
        && waiting < capacity.maxPending();
  }

  /** Returns why a connection that comes back is closed, null if it may serve again. */
  public @Nullable CloseReason reasonNotToKeep(
      PooledConnection connection, long now, Capacity capacity, Ledger ledger, boolean isWanted) {
    if (ledger.state() == PoolState.CLOSED) {
      return CloseReason.SHUTDOWN;
    }
    if (connection.isOutlived(now)) {
      return CloseReason.LIFETIME;
    }
    if (connection.isUsedUp()) {
      return CloseReason.USES;
    }
    if (ledger.state() == PoolState.RETIRED && !isWanted) {
      return CloseReason.EVICTED;
    }
    int others = capacity.overflows() ? 0 : ledger.permitsTaken() - 1;
    return ledger.idle() + others < capacity.maxsize() ? null : CloseReason.OVERFLOW;
  }

  /** Returns the thread that a connection goes to, null if none waits: the first that arrived. */
  public @Nullable PendingAcquire next(Chain<PendingAcquire> racing, Chain<PendingAcquire> queue) {
    // Those whose own connection is being opened came before those who may not open one.
    PendingAcquire first = racing.oldest();
    return first != null ? first : queue.oldest();
  }

  /** Returns how many idle connections are too many for a new size. */
  public int surplus(Capacity capacity, Ledger ledger) {
    int others = capacity.overflows() ? 0 : ledger.permitsTaken();
    return Math.max(0, ledger.idle() + others - capacity.maxsize());
  }

  /**
   * Returns whether one more connection may be opened ahead of need.
   *
   * @param count how many there are to be, idle or in use
   */
  public boolean mayOpenAhead(int count, Capacity capacity, Ledger ledger) {
    int target = Math.min(count, capacity.maxsize());
    return ledger.state() == PoolState.OPEN && ledger.idle() + ledger.permitsTaken() < target;
  }

  /**
   * Returns whether one more connection is to be opened so that some lie idle at any time.
   *
   * @param minIdle how many
   */
  public boolean isShortOfIdle(int minIdle, Capacity capacity, Ledger ledger) {
    return ledger.state() == PoolState.OPEN
        && ledger.idle() < minIdle
        && ledger.idle() + ledger.permitsTaken() < capacity.maxsize();
  }
}
