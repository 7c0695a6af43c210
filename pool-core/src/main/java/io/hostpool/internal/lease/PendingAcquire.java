package io.hostpool.internal.lease;

import io.hostpool.internal.time.Durations;
import io.hostpool.internal.time.Ticker;
import io.hostpool.stats.CloseReason;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One thread's request for a connection that was not idle at once: its place in the queue, then its
 * permit to open a connection, then its connection. Everything is written under the lock of the
 * pool; the thread itself reads {@link #state()} without.
 *
 * <p>A thread that may open a connection while others are in use opens it on another thread and
 * goes on waiting: a connection that comes back first serves it, and the one being opened is kept
 * for the next.
 */
public final class PendingAcquire {

  /** What the thread has. */
  public enum State {
    /** Nothing yet, and no place in the queue. */
    NEW,
    /** A place in the queue. */
    QUEUED,
    /** A permit, under which nothing has been started. */
    PERMITTED,
    /** A permit, under which the thread itself opens a connection. */
    DIALING,
    /** A connection that another thread opens for it, and a place before the queue. */
    RACING,
    /** {@link #connection()}. */
    SERVED,
    /** {@link #failure()}: the connection could not be opened. */
    FAILED,
    /** Nothing: the pool was closed. */
    CLOSED,
    /** Nothing: the thread left. */
    LEFT
  }

  /** Its place in the queue, or among those whose own connection is being opened. */
  final Chain.Link<PendingAcquire> link = new Chain.Link<>(this);

  private final Thread thread = Thread.currentThread();

  private volatile State state = State.NEW;

  // Guarded by the lock of the pool, but for the thread itself once it is no longer waiting.
  private long arrival;
  private boolean queued;
  private long queuedNanos;
  private long limitNanos = Durations.NO_LIMIT;
  private boolean unusedPermit;
  private boolean alone;
  private boolean isRedial;
  private boolean own;
  private boolean lackedSlot;
  private long number;
  private @Nullable PooledConnection predecessor;
  private @Nullable CloseReason predecessorReason;
  private @Nullable PooledConnection connection;
  private @Nullable Throwable failure;

  public State state() {
    return state;
  }

  public void state(State newState) {
    state = newState;
  }

  /** Returns the number under which it arrived: the smaller, the earlier. */
  public long arrival() {
    return arrival;
  }

  void arrive(long newArrival) {
    arrival = newArrival;
  }

  /** Begins the wait in the queue. */
  void queue(long nowNanos, long newLimitNanos) {
    state = State.QUEUED;
    queued = true;
    queuedNanos = nowNanos;
    limitNanos = newLimitNanos;
  }

  /** Returns whether it stood in the queue at any time. */
  boolean wasQueued() {
    return queued;
  }

  /** Returns whether it left the queue for lack of a slot, rather than of a permit of its pool. */
  boolean lackedSlot() {
    return lackedSlot;
  }

  void lacked(boolean slot) {
    lackedSlot = slot;
  }

  long limitNanos() {
    return limitNanos;
  }

  /**
   * Gives it a permit.
   *
   * @param newNumber counts the connection objects of the pool, for the log
   * @param isAlone whether nothing else could serve it meanwhile
   */
  void permit(long newNumber, boolean isAlone) {
    number = newNumber;
    alone = isAlone;
    unusedPermit = true;
    state = State.PERMITTED;
  }

  /** The connection to close before one is opened in its place, under the same permit. */
  public void replaces(
      @Nullable PooledConnection dead, @Nullable CloseReason reason, boolean newIsRedial) {
    predecessor = dead;
    predecessorReason = reason;
    isRedial = newIsRedial;
  }

  long number() {
    return number;
  }

  /** Returns whether no other connection can serve it while its own is being opened. */
  public boolean isAlone() {
    return alone;
  }

  /** Returns whether the connection replaces one that the server had dropped. */
  public boolean isRedial() {
    return isRedial;
  }

  /** Uses the permit: from here on the opener of the connection gives it back. */
  void begin(State how) {
    unusedPermit = false;
    state = how;
  }

  /** Takes back {@link #begin}: the thread itself has the permit again, and nothing else. */
  void dialAlone() {
    unusedPermit = true;
    alone = true;
    if (state == State.RACING) {
      state = State.PERMITTED;
    }
  }

  public boolean hasUnusedPermit() {
    return unusedPermit;
  }

  /** Returns, once, whether there is a permit that nothing was started under. */
  public boolean takeUnusedPermit() {
    boolean had = unusedPermit;
    unusedPermit = false;
    return had;
  }

  /** Returns the connection that is still to be closed before one is opened, null if none is. */
  public @Nullable PooledConnection predecessor() {
    return predecessor;
  }

  /** Closes the connection whose place this one takes, if there is one. */
  public void closePredecessor() {
    PooledConnection dead = predecessor;
    if (dead != null) {
      predecessor = null;
      dead.owner().closeOnly(dead, Objects.requireNonNull(predecessorReason));
    }
  }

  /**
   * Gives it a connection.
   *
   * @param isOwn whether it is the one that was opened for it
   */
  void serve(PooledConnection newConnection, boolean isOwn) {
    connection = newConnection;
    own = isOwn;
    state = State.SERVED;
  }

  /** Returns its connection, once it is SERVED. */
  public PooledConnection connection() {
    return Objects.requireNonNull(connection);
  }

  /** Returns its connection and has none any more. */
  public @Nullable PooledConnection takeConnection() {
    PooledConnection taken = connection;
    connection = null;
    return taken;
  }

  public boolean isOwn() {
    return own;
  }

  public void fail(Throwable newFailure) {
    failure = newFailure;
    state = State.FAILED;
  }

  /** Returns why the connection could not be opened, once it is FAILED. */
  Throwable failure() {
    return Objects.requireNonNull(failure);
  }

  /** Wakes the thread. After the lock was left: waking can be slow. */
  void wake() {
    LockSupport.unpark(thread);
  }

  static void wakeUp(@Nullable PendingAcquire pending) {
    if (pending != null) {
      pending.wake();
    }
  }

  /**
   * Blocks until it is no longer waiting, the time is over or the thread is interrupted; the caller
   * finds out which. In the queue the time counts from when it was joined. Leaves the interrupt
   * flag as it is.
   *
   * @param leftNanos what is left of the time of the whole request
   */
  public void await(Ticker ticker, long leftNanos) {
    if (state == State.RACING) {
      // The thread that opens the connection keeps the time.
      while (state == State.RACING && !Thread.currentThread().isInterrupted()) {
        LockSupport.park(this);
      }
      return;
    }
    long start = ticker.nanos();
    long nanos = Math.min(leftNanos, limitNanos - (start - queuedNanos));
    long left = nanos;
    while (state == State.QUEUED && left > 0 && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(this, left);
      left = nanos - (ticker.nanos() - start);
    }
  }
}
