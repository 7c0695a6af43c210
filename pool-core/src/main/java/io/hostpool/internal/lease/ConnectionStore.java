package io.hostpool.internal.lease;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.hostpool.error.PoolException;
import io.hostpool.internal.lease.PendingAcquire.State;
import io.hostpool.internal.time.Ticker;
import io.hostpool.policy.Capacity;
import io.hostpool.stats.AcquireOutcome;
import io.hostpool.stats.CloseReason;
import io.hostpool.stats.PoolState;
import io.hostpool.stats.PoolStats;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one host: which are idle, how many are active, which threads are pending.
 * Thread-safe; no method blocks.
 *
 * <p>One short lock guards all of it; taking a connection and bringing it back hold it for some
 * tens of nanoseconds each. What can take longer (closing, waking, logging, listeners) comes after
 * it was left. Lock-free variants of this were measured before it was written: with several threads
 * on one pool they were slower, since each lease then moves the same cache lines several times.
 *
 * <p>A thread that finds no idle connection brings a {@link PendingAcquire}, which gets a permit to
 * open a connection or a place in the queue. A permit counts in the {@link Ledger} as leased or
 * dialing until its holder gives it back, whatever became of the socket; it then goes to the
 * longest waiting thread before any other can see it. Permits belong to this object, not to the key
 * it is found under, so a pool that was evicted keeps its own books to the end. What the pools of a
 * manager decide together is in the {@link ConnectionLimit}, whose lock is the lock of this pool.
 *
 * <p>What must be allocated is allocated before it is booked, and closing throws nothing: once the
 * books are changed, nothing comes between them and the thread that they promise something to.
 */
public final class ConnectionStore implements PooledConnection.Owner {

  /** What is told of the idle connections of a pool. Called outside the lock. */
  interface Watcher {

    /** There are {@code idle} connections idle, fewer than before. */
    void fewerIdle(int idle);

    /** A connection began to lie idle at {@code now} and will be overdue {@code nanos} later. */
    void idleUntil(long now, long nanos);
  }

  private final ConnectionLimit limit;

  /** The lock of {@link #limit}, one step nearer. */
  private final ReentrantLock lock;

  private final PoolErrors errors;
  private final Watcher watcher;
  private final ConnectionCloser closer;
  private final Ticker ticker;
  private final long idleTimeoutNanos;
  private final Ledger ledger;
  private final StoreControl control;

  @GuardedBy("lock")
  private final Books books;

  @GuardedBy("lock")
  private final IdleConnections idle;

  /**
   * @param key {@code scheme://host:port}
   */
  ConnectionStore(
      String key,
      LeaseConfig config,
      Sizing sizing,
      PoolErrors errors,
      PoolLog log,
      Watcher watcher) {
    this.limit = config.limit();
    this.lock = limit.lock;
    this.errors = errors;
    this.watcher = watcher;
    this.closer = new ConnectionCloser(key, config.events(), limit, log);
    this.ticker = config.ticker();
    this.idleTimeoutNanos = config.idleTimeoutNanos();
    this.books = new Books(key, config, limit, sizing);
    this.ledger = books.ledger;
    this.idle = books.idle;
    this.control = new StoreControl(books, limit, closer, ticker, idleTimeoutNanos);
  }

  /** Returns what the lock guards, for tests that step through it on one thread. */
  @SuppressWarnings("GuardedBy")
  public Books books() {
    return books;
  }

  /** Returns {@code scheme://host:port}. */
  String key() {
    return ledger.key();
  }

  /** Returns what changes the pool as a whole. */
  public StoreControl control() {
    return control;
  }

  @Override
  @GuardedBy("lock")
  public void yieldIdle(PooledConnection connection) {
    books.idle.remove(connection, CloseReason.YIELDED);
  }

  @Override
  public void closeOnly(PooledConnection connection, CloseReason reason) {
    closer.closeOnly(connection, reason);
  }

  /** Takes an idle connection, null if there is none. */
  public @Nullable PooledConnection takeIdle() throws PoolException {
    PooledConnection taken;
    int left;
    lock.lock();
    try {
      if (ledger.state() == PoolState.CLOSED) {
        throw errors.closed();
      }
      taken = idle.poll();
      left = ledger.idle();
    } finally {
      lock.unlock();
    }
    watcher.fewerIdle(left);
    return taken;
  }

  /**
   * Asks for a connection, a permit to open one, or a place in the queue.
   *
   * @param mayQueue whether it is given a place in the queue; if not and one is needed, it stays
   *     NEW
   * @throws PoolException if the pool is closed, or exhausted and does not wait
   */
  public void request(PendingAcquire pending, boolean mayQueue) throws PoolException {
    long now = mayQueue ? ticker.nanos() : 0;
    PoolStats seen;
    lock.lock();
    try {
      if (books.isClosed()) {
        throw errors.closed();
      }
      PooledConnection connection = books.pollIdle();
      if (connection != null) {
        pending.serve(connection, false);
        return;
      }
      Capacity current = books.capacity();
      boolean waits = books.rules.mayQueue(current, books.queue.size());
      books.queue.join(pending);
      if (books.queue.serve() == pending) {
        return;
      }
      if (waits && mayQueue) {
        ledger.waitStarted();
        pending.queue(now, current.poolTimeoutNanos());
        return;
      }
      books.queue.leave(pending);
      if (waits) {
        return;
      }
      seen = ledger.read();
    } finally {
      lock.unlock();
    }
    throw errors.turnedAway(seen, limit);
  }

  /**
   * Begins to open a connection under the permit of {@code pending}.
   *
   * @param how whether its own thread opens it
   * @return false if it was given a connection meanwhile, or the pool was closed
   */
  public boolean beginDial(PendingAcquire pending, State how) {
    lock.lock();
    try {
      if (pending.state() != State.PERMITTED) {
        return false;
      }
      pending.begin(how);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Books a connection that was opened under the permit of {@code pending}, which gets it unless it
   * was served meanwhile. It then goes where one that comes back would go.
   */
  public void dialed(PendingAcquire pending, PooledConnection connection) {
    long now = ticker.nanos();
    CloseReason reason = null;
    PendingAcquire next = null;
    lock.lock();
    try {
      ledger.dialingToLeased(pending.isRedial());
      if (books.isClosed()) {
        reason = CloseReason.SHUTDOWN;
        ledger.leasedToClosed(reason, Use.NONE);
        if (pending.state() == State.DIALING) {
          pending.state(State.CLOSED);
        }
      } else if (isStillWanted(pending)) {
        books.queue.leaveRace(pending);
        pending.serve(connection, true);
        next = pending;
      } else {
        reason = books.reasonNotToKeep(connection, now);
        next = books.takeBack(connection, reason, Use.NONE, now);
      }
    } finally {
      lock.unlock();
    }
    PendingAcquire.wakeUp(next);
    settle(connection, reason, next == null, now);
  }

  private static boolean isStillWanted(PendingAcquire pending) {
    return pending.state() == State.RACING || pending.state() == State.DIALING;
  }

  /**
   * Gives back the permit of a connection that could not be opened.
   *
   * @return whether {@code pending} is told of it; false if it needs the connection no longer
   */
  @SuppressWarnings("GuardedBy") // the limit's lock is the pool's
  public boolean dialFailed(PendingAcquire pending, Throwable failure) {
    PendingAcquire next;
    boolean isTold;
    lock.lock();
    try {
      ledger.dialingToPermit(true);
      limit.giveBack();
      isTold = isStillWanted(pending);
      if (isTold) {
        books.queue.leaveRace(pending);
        pending.fail(failure);
      }
      next = books.serve();
    } finally {
      lock.unlock();
    }
    pending.wake();
    PendingAcquire.wakeUp(next);
    return isTold;
  }

  /** Gives a permit back to its thread, which opens the connection itself if it still needs it. */
  public void dialAlone(PendingAcquire pending) {
    lock.lock();
    try {
      books.queue.leaveRace(pending);
      pending.dialAlone();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends a wait whose time is over. If it was given something before, it keeps it.
   *
   * @return null if it was served, or the pool closed
   */
  public PoolErrors.@Nullable WaitEnd timedOut(PendingAcquire pending) {
    lock.lock();
    try {
      if (pending.state() != State.QUEUED) {
        return null;
      }
      PoolErrors.WaitEnd end = new PoolErrors.WaitEnd(ledger.read(), books.lacksSlot());
      books.leaveQueue(pending);
      return end;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends {@code pending} for a thread that leaves, interrupted or by an error. What it had goes on
   * to the next; a connection that is being opened for it is kept for the next. Does nothing if it
   * has nothing.
   */
  public void abandon(PendingAcquire pending) {
    lock.lock();
    try {
      if (pending.state() == State.QUEUED) {
        books.leaveQueue(pending);
      } else {
        books.queue.leaveRace(pending);
        if (pending.state() != State.CLOSED) {
          pending.state(State.LEFT);
        }
      }
    } finally {
      lock.unlock();
    }
    returnUnusedPermit(pending);
    PooledConnection connection = pending.takeConnection();
    if (connection != null) {
      release(connection, null, Use.NONE);
    }
  }

  /** Gives back a permit under which nothing was started, if {@code pending} has one. */
  @SuppressWarnings("GuardedBy") // the limit's lock is the pool's
  public void returnUnusedPermit(PendingAcquire pending) {
    if (!pending.takeUnusedPermit()) {
      return;
    }
    pending.closePredecessor();
    PendingAcquire next;
    lock.lock();
    try {
      ledger.dialingToPermit(false);
      limit.giveBack();
      next = books.serve();
    } finally {
      lock.unlock();
    }
    PendingAcquire.wakeUp(next);
  }

  /**
   * Takes away a leased connection that is no good. {@code pending} keeps its permit, and gets
   * another idle connection or opens one in its place.
   *
   * @param mayTakeIdle false to open one in any case
   */
  public void replace(
      PooledConnection dead, CloseReason reason, PendingAcquire pending, boolean mayTakeIdle) {
    boolean isRedial = reason == CloseReason.STALE || reason == CloseReason.UNSOLICITED;
    PooledConnection another;
    boolean isClosed;
    lock.lock();
    try {
      isClosed = books.isClosed();
      books.idle.forget(dead);
      another = mayTakeIdle && !isClosed ? books.pollIdle() : null;
      if (another != null || isClosed) {
        ledger.leasedToClosed(reason, Use.NONE);
      } else {
        ledger.leasedToDialing(reason, isRedial);
        books.queue.permit(pending);
        pending.replaces(dead, reason, isRedial);
      }
      if (another != null) {
        pending.serve(another, false);
      } else if (isClosed) {
        pending.state(State.CLOSED);
      }
    } finally {
      lock.unlock();
    }
    if (isRedial) {
      closer.logReset();
    }
    if (another != null || isClosed) {
      closer.close(dead, reason);
    }
  }

  /**
   * Takes a connection back: it goes to the longest waiting thread, is kept, or is closed.
   *
   * @param broken why it cannot be used again, null if it can
   */
  public void release(PooledConnection connection, @Nullable CloseReason broken, Use use) {
    // A common limit asks which connection lies idle longest.
    boolean timed = limit.isShared() || connection.isTimed(idleTimeoutNanos);
    long now = timed ? ticker.nanos() : 0;
    CloseReason reason = broken;
    PendingAcquire next;
    lock.lock();
    try {
      if (use != Use.NONE) {
        connection.used();
      }
      if (reason == null) {
        reason = books.reasonNotToKeep(connection, now);
      }
      next = books.takeBack(connection, reason, use, now);
    } finally {
      lock.unlock();
    }
    PendingAcquire.wakeUp(next);
    settle(connection, reason, next == null, now);
  }

  /** Does what follows after a connection was taken back. */
  private void settle(
      PooledConnection connection, @Nullable CloseReason reason, boolean isKept, long now) {
    if (reason != null) {
      if (reason == CloseReason.OVERFLOW) {
        closer.logFull(control.capacity().maxsize());
      }
      closer.close(connection, reason);
      watcher.fewerIdle(ledger.idle());
    } else if (isKept) {
      watcher.idleUntil(now, connection.nanosUntilOverdue(now, idleTimeoutNanos));
    }
  }

  public ConnectionLimit limit() {
    return limit;
  }

  ConnectionCloser closer() {
    return closer;
  }

  /** Counts a request for a connection that brought none. */
  void unserved(AcquireOutcome outcome) {
    lock.lock();
    try {
      ledger.unserved(outcome);
    } finally {
      lock.unlock();
    }
  }

  /** Counts a streamed response that was not closed. */
  void leakFound() {
    lock.lock();
    try {
      ledger.leakFound();
    } finally {
      lock.unlock();
    }
  }

  /** Returns all numbers of one instant. */
  public PoolStats stats() {
    PoolStats stats = ledger.tryRead();
    if (stats != null) {
      return stats;
    }
    lock.lock();
    try {
      return ledger.read();
    } finally {
      lock.unlock();
    }
  }
}
