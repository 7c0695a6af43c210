package io.hostpool.internal.lease;

import io.hostpool.internal.lease.PendingAcquire.State;
import io.hostpool.policy.Capacity;
import io.hostpool.stats.CloseReason;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads that wait for a connection of one pool, first come first served. Not thread-safe;
 * guarded by the lock of the pool.
 */
@SuppressWarnings("GuardedBy") // the limit's lock is the pool's
final class AcquireQueue implements ConnectionLimit.Member {

  private final EarliestFirst.Entry<ConnectionLimit.Member> inLimit =
      new EarliestFirst.Entry<>(this);

  /** Threads that may not open a connection yet. */
  private final Chain<PendingAcquire> queued = new Chain<>();

  /** Threads whose own connection is being opened and that take any that comes back before it. */
  private final Chain<PendingAcquire> racing = new Chain<>();

  private final ConnectionLimit limit;
  private final Ledger ledger;
  private final LeaseRules rules;
  private final Supplier<Capacity> capacity;

  /**
   * @param capacity gives the settings in force
   */
  AcquireQueue(
      ConnectionLimit limit, Ledger ledger, LeaseRules rules, Supplier<Capacity> capacity) {
    this.limit = limit;
    this.ledger = ledger;
    this.rules = rules;
    this.capacity = capacity;
  }

  @Override
  public EarliestFirst.Entry<ConnectionLimit.Member> inLimit() {
    return inLimit;
  }

  /** Returns how many threads may not open a connection yet. */
  int size() {
    return queued.size();
  }

  /** Returns whether any thread would take a connection. */
  boolean isWanting() {
    return !queued.isEmpty() || !racing.isEmpty();
  }

  /** Returns the thread that waits longest for a permit or a connection, null if none does. */
  @Override
  public @Nullable PendingAcquire first() {
    return queued.oldest();
  }

  void join(PendingAcquire pending) {
    pending.arrive(limit.nextArrival());
    limit.joined();
    queued.add(pending.link);
  }

  void leave(PendingAcquire pending) {
    queued.remove(pending.link);
    limit.left();
    noteWish();
  }

  /** Takes a thread out that no longer waits for its own connection; does nothing for others. */
  void leaveRace(PendingAcquire pending) {
    racing.remove(pending.link);
  }

  /** Tells the limit whether this pool could use a slot. */
  void noteWish() {
    if (limit.isShared()) {
      limit.wants(this, rules.mayOpen(capacity.get(), ledger) ? queued.oldest() : null);
    }
  }

  /**
   * Gives the thread that waits longest a permit, if size and limit allow it.
   *
   * @return the thread to wake, null if there is none
   */
  @Nullable PendingAcquire serve() {
    if (limit.isShared()) {
      noteWish();
      return limit.serveFirst();
    }
    return rules.mayOpen(capacity.get(), ledger) && !queued.isEmpty() ? permitFirst(null) : null;
  }

  /**
   * Gives the thread that waits longest a permit, for which a slot was taken.
   *
   * @param gone the connection whose slot it is, which the thread closes
   */
  @Override
  public PendingAcquire permitFirst(@Nullable PooledConnection gone) {
    PendingAcquire first = Objects.requireNonNull(queued.oldest());
    queued.remove(first.link);
    limit.left();
    ledger.permitToDialing(first.state() == State.QUEUED);
    permit(first);
    if (gone != null) {
      first.replaces(gone, CloseReason.YIELDED, false);
    }
    noteWish();
    return first;
  }

  /** Gives a thread a permit that is booked. */
  void permit(PendingAcquire pending) {
    boolean isAlone = ledger.permitsTaken() == 1;
    pending.permit(ledger.created(), isAlone);
    if (!isAlone) {
      racing.add(pending.link);
    }
  }

  /**
   * Hands a leased connection to the thread that is first in line.
   *
   * @return the thread to wake, null if none waits
   */
  @Nullable PendingAcquire handOver(PooledConnection connection, Use use) {
    PendingAcquire next = rules.next(racing, queued);
    if (next == null) {
      return null;
    }
    boolean wasQueued = next.state() == State.QUEUED;
    if (wasQueued) {
      leave(next);
    } else {
      racing.remove(next.link);
    }
    next.serve(connection, false);
    ledger.leasedToLeased(use, wasQueued);
    return next;
  }

  /** Takes any waiting thread out because the pool is closed; returns it, null if none waits. */
  @Nullable PendingAcquire refuse() {
    PendingAcquire pending = queued.oldest();
    if (pending == null) {
      pending = racing.pollOldest();
    } else {
      leave(pending);
      ledger.waitEnded();
    }
    if (pending != null) {
      pending.state(State.CLOSED);
    }
    return pending;
  }
}
