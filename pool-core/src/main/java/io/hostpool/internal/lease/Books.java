package io.hostpool.internal.lease;

import io.hostpool.internal.lease.PendingAcquire.State;
import io.hostpool.policy.Capacity;
import io.hostpool.policy.ReusePolicy;
import io.hostpool.stats.CloseReason;
import io.hostpool.stats.PoolState;
import org.jspecify.annotations.Nullable;

/**
 * All that the lock of one pool guards: what is idle, which threads wait, the numbers, and what one
 * step changes in them together. Not thread-safe; the fields that refer to it are guarded.
 */
@SuppressWarnings("GuardedBy") // the limit's lock is the pool's
public final class Books {

  public final Ledger ledger;
  public final IdleConnections idle;
  final AcquireQueue queue;
  final LeaseRules rules;
  private final ConnectionLimit limit;
  private volatile Capacity capacity;
  private long version;

  Books(String key, LeaseConfig config, ConnectionLimit limit, Sizing sizing) {
    this.limit = limit;
    this.rules = config.rules();
    this.capacity = sizing.capacity();
    this.version = sizing.version();
    this.ledger = new Ledger(key, capacity.maxsize());
    this.idle = new IdleConnections(limit, ledger, config.reusePolicy() == ReusePolicy.FIFO);
    this.queue = new AcquireQueue(limit, ledger, rules, this::capacity);
  }

  boolean isClosed() {
    return ledger.state() == PoolState.CLOSED;
  }

  /** Returns the settings in force. May be called without the lock. */
  Capacity capacity() {
    return capacity;
  }

  /** Takes an idle connection out. While any lies idle no thread waits, so none is overtaken. */
  @Nullable PooledConnection pollIdle() {
    return idle.poll();
  }

  @Nullable CloseReason reasonNotToKeep(PooledConnection connection, long now) {
    boolean isWanted = ledger.state() != PoolState.OPEN && queue.isWanting();
    return rules.reasonNotToKeep(connection, now, capacity, ledger, isWanted);
  }

  /** Books a leased connection as closed, handed over or idle; returns the thread to wake. */
  @Nullable PendingAcquire takeBack(
      PooledConnection connection, @Nullable CloseReason reason, Use use, long now) {
    if (reason != null) {
      ledger.leasedToClosed(reason, use);
      idle.forget(connection);
      return serve();
    }
    connection.cameBack(now);
    PendingAcquire elder = limit.passOn(connection, queue);
    if (elder != null) {
      ledger.leasedToClosed(CloseReason.YIELDED, use);
      idle.forget(connection);
      // Its permit is free: the threads of this pool may wait for a slot now.
      queue.noteWish();
      return elder;
    }
    PendingAcquire next = queue.handOver(connection, use);
    if (next == null) {
      idle.add(connection, use);
    }
    return next;
  }

  /** Gives a free permit to the thread that waits longest; returns it to be woken, or null. */
  @Nullable PendingAcquire serve() {
    return queue.serve();
  }

  /** Returns whether a thread that waits does so for a slot rather than for a permit. */
  boolean lacksSlot() {
    return rules.mayOpen(capacity, ledger);
  }

  void leaveQueue(PendingAcquire pending) {
    queue.leave(pending);
    ledger.waitEnded();
    pending.state(State.LEFT);
  }

  boolean permitUnasked(PendingAcquire pending) {
    if (queue.size() > 0 || !limit.tryTake()) {
      return false;
    }
    ledger.permitToDialing(false);
    pending.permit(ledger.created(), true);
    return true;
  }

  /** Returns how many idle connections are too many; all, once the pool keeps none. */
  int surplus() {
    return ledger.state() == PoolState.OPEN ? rules.surplus(capacity, ledger) : idle.size();
  }

  void size(Capacity newCapacity) {
    capacity = newCapacity;
    ledger.resized(newCapacity.maxsize());
  }

  /** Takes over new settings, unless newer ones of the same origin came before; returns whether. */
  boolean size(Sizing sizing) {
    if (sizing.version() <= version) {
      return false;
    }
    version = sizing.version();
    size(sizing.capacity());
    return true;
  }
}
