package io.hostpool.internal.lease;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The lock under which pools decide, and what pools with a common limit decide together. A pool
 * without such a limit has one of its own, which then is its lock and nothing more. Thread-safe.
 *
 * <p>Pools that share a limit share the lock, so that size and limit are one decision: a slot goes
 * to the thread that arrived first among all those whose pool lets them open a connection, and no
 * thread waits for a slot while any connection of any pool is idle; the one that has been idle
 * longest gives way. A slot is taken from the moment a thread may open a connection until that
 * connection is closed, so there are never more sockets than the limit.
 */
public class ConnectionLimit { // not final: tests plant bugs

  /** What a limit needs of each pool that shares it. Called under the lock. */
  public interface Member {

    /** Returns the place among those whose pools could use a slot. */
    EarliestFirst.Entry<Member> inLimit();

    /** Returns the thread that waits longest, null if none does. */
    @Nullable PendingAcquire first();

    /**
     * Gives the thread that waits longest a permit, for which a slot was taken.
     *
     * @param gone the connection whose slot it is, which the thread closes
     */
    PendingAcquire permitFirst(@Nullable PooledConnection gone);
  }

  private static final int NONE = 0;

  public final ReentrantLock lock = new ReentrantLock();

  private final int max;

  @GuardedBy("lock")
  private int taken;

  @GuardedBy("lock")
  private long arrivals;

  @GuardedBy("lock")
  private int queued;

  /** The idle connections of all pools. */
  @GuardedBy("lock")
  private final Chain<PooledConnection> idle = new Chain<>();

  /** The pools that could use a slot, by the arrival of the thread that would get it. */
  @GuardedBy("lock")
  private final EarliestFirst<Member> wanting = new EarliestFirst<>();

  /**
   * Makes a limit for all pools that are given it.
   *
   * @param max how many connections they may have open together
   */
  public ConnectionLimit(int max) {
    this.max = max;
  }

  /** Returns what a pool without a common limit has. */
  public static ConnectionLimit none() {
    return new ConnectionLimit(NONE);
  }

  public boolean isShared() {
    return max != NONE;
  }

  public int max() {
    return max;
  }

  /** Returns how many slots are taken. */
  public int taken() {
    lock.lock();
    try {
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many threads stand in the queues of all pools, 0 without a common limit. */
  public int queued() {
    lock.lock();
    try {
      return queued;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  long nextArrival() {
    return arrivals++;
  }

  /** Counts a thread that joins a queue, and makes the room that serving it may need. */
  @GuardedBy("lock")
  public void joined() {
    if (isShared()) {
      wanting.reserve(queued + 1);
      queued++;
    }
  }

  @GuardedBy("lock")
  public void left() {
    if (isShared()) {
      queued--;
    }
  }

  @GuardedBy("lock")
  public void idleAdded(PooledConnection connection) {
    if (isShared()) {
      idle.add(connection.inLimit);
    }
  }

  @GuardedBy("lock")
  public void idleRemoved(PooledConnection connection) {
    if (isShared()) {
      idle.remove(connection.inLimit);
    }
  }

  /** Takes a slot if one is free; without a common limit one always is. */
  @GuardedBy("lock")
  public boolean tryTake() {
    if (!isShared()) {
      return true;
    }
    if (isFull()) {
      return false;
    }
    taken++;
    return true;
  }

  @GuardedBy("lock")
  public boolean isFull() {
    return taken >= max;
  }

  /** Returns the connection of any pool that lies idle longest, null if none is idle. */
  @GuardedBy("lock")
  public @Nullable PooledConnection longestIdle() {
    return idle.oldest();
  }

  @GuardedBy("lock")
  public void giveBack() {
    if (isShared()) {
      taken--;
    }
  }

  /**
   * Notes whether a pool could use a slot, and for which thread.
   *
   * @param first the thread that would get it, null if the pool could not use one
   */
  @GuardedBy("lock")
  public void wants(Member queue, @Nullable PendingAcquire first) {
    if (first == null) {
      wanting.remove(queue.inLimit());
    } else {
      wanting.put(queue.inLimit(), first.arrival());
    }
  }

  /**
   * Gives the thread that arrived first a slot, or the place of the connection that lies idle
   * longest.
   *
   * @return the thread to wake, null if there is none that could be served
   */
  @GuardedBy("lock")
  @SuppressWarnings("GuardedBy") // the pools that share this limit share its lock
  public @Nullable PendingAcquire serveFirst() {
    Member queue = wanting.first();
    if (queue == null) {
      return null;
    }
    PooledConnection gone = null;
    if (!tryTake()) {
      gone = longestIdle();
      if (gone == null) {
        return null;
      }
      gone.owner().yieldIdle(gone);
    }
    return queue.permitFirst(gone);
  }

  /**
   * Gives the slot of a connection that comes back to a thread of another pool, if one waits for a
   * slot and arrived before those that wait in the connection's own pool.
   *
   * @return the thread to wake, which closes the connection; null if there is none
   */
  @GuardedBy("lock")
  public @Nullable PendingAcquire passOn(PooledConnection connection, Member own) {
    if (!isShared()) {
      return null;
    }
    Member queue = wanting.first();
    if (queue == null || queue == own) {
      return null;
    }
    PendingAcquire first = own.first();
    boolean isElder = first == null || wanting.firstKey() < first.arrival();
    return isElder ? queue.permitFirst(connection) : null;
  }
}
