package io.hostpool.internal.lease;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.hostpool.internal.time.Durations;
import io.hostpool.internal.time.Ticker;
import io.hostpool.policy.Capacity;
import io.hostpool.stats.CloseReason;
import io.hostpool.stats.PoolState;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What changes a pool as a whole: its size, its age, its end, and connections ahead of need.
 * Thread-safe; holds the lock for a slice of its work at a time, so that requests are not held up.
 */
public final class StoreControl {

  private final ConnectionLimit limit;
  private final ConnectionCloser closer;
  private final Ticker ticker;
  private final long idleTimeoutNanos;
  private final CountDownLatch closed = new CountDownLatch(1);

  @GuardedBy("limit.lock")
  private final Books books;

  StoreControl(
      Books books,
      ConnectionLimit limit,
      ConnectionCloser closer,
      Ticker ticker,
      long idleTimeoutNanos) {
    this.books = books;
    this.limit = limit;
    this.closer = closer;
    this.ticker = ticker;
    this.idleTimeoutNanos = idleTimeoutNanos;
  }

  /**
   * Gives {@code pending} a permit to open a connection ahead of need, alone; nothing gives way for
   * it.
   *
   * @param count how many there are to be, idle or in use
   * @return whether it has one
   */
  public boolean permitAhead(PendingAcquire pending, int count) {
    limit.lock.lock();
    try {
      return books.rules.mayOpenAhead(count, books.capacity(), books.ledger)
          && books.permitUnasked(pending);
    } finally {
      limit.lock.unlock();
    }
  }

  /** As {@link #permitAhead}, to have {@code minIdle} connections idle at any time. */
  public boolean permitIdle(PendingAcquire pending, int minIdle) {
    limit.lock.lock();
    try {
      return books.rules.isShortOfIdle(minIdle, books.capacity(), books.ledger)
          && books.permitUnasked(pending);
    } finally {
      limit.lock.unlock();
    }
  }

  /** Returns whether fewer than {@code minIdle} connections lie idle although more may be open. */
  public boolean isShortOfIdle(int minIdle) {
    limit.lock.lock();
    try {
      return books.rules.isShortOfIdle(minIdle, books.capacity(), books.ledger);
    } finally {
      limit.lock.unlock();
    }
  }

  /**
   * Changes size and mode. Leases stay valid; what is idle beyond the new size is closed, and
   * waiting threads that the new settings can serve are served.
   */
  public void configure(Capacity newCapacity) {
    limit.lock.lock();
    try {
      books.size(newCapacity);
    } finally {
      limit.lock.unlock();
    }
    adjust();
  }

  /** As {@link #configure(Capacity)}, unless newer settings of the same origin came before. */
  public void configure(Sizing sizing) {
    limit.lock.lock();
    try {
      if (!books.size(sizing)) {
        return;
      }
    } finally {
      limit.lock.unlock();
    }
    adjust();
  }

  private void adjust() {
    while (closeOldest(CloseReason.OVERFLOW)) {
      // Until what is idle fits.
    }
    boolean goesOn = true;
    while (goesOn) {
      PendingAcquire next;
      limit.lock.lock();
      try {
        next = books.serve();
      } finally {
        limit.lock.unlock();
      }
      PendingAcquire.wakeUp(next);
      goesOn = next != null;
    }
  }

  /**
   * Closes a slice of the idle connections that are too many; returns whether there may be more.
   */
  private boolean closeOldest(CloseReason reason) {
    Chain<PooledConnection> gone = new Chain<>();
    limit.lock.lock();
    try {
      books.idle.removeOldest(books.surplus(), reason, gone);
    } finally {
      limit.lock.unlock();
    }
    boolean isFull = gone.size() == IdleConnections.SLICE;
    closer.closeAll(gone, connection -> reason);
    return isFull;
  }

  /**
   * Closes idle connections whose time is over.
   *
   * @return nanoseconds until the next one's is, {@link Durations#NO_LIMIT} if there is none
   */
  public long sweep() {
    IdleConnections.Pass pass = new IdleConnections.Pass(ticker.nanos(), idleTimeoutNanos);
    boolean goesOn = true;
    while (goesOn) {
      Chain<PooledConnection> gone = new Chain<>();
      limit.lock.lock();
      try {
        goesOn = books.idle.removeOverdue(pass, gone);
      } finally {
        limit.lock.unlock();
      }
      closer.closeAll(gone, pass::reason);
    }
    return pass.nextNanos();
  }

  /** Keeps nothing from now on, but serves threads that hold this pool. Idempotent. */
  void retire() {
    if (end(PoolState.RETIRED)) {
      closeIdle(CloseReason.EVICTED);
    }
  }

  /** Serves no thread from now on; wakes every one that waits; lets leases finish. Idempotent. */
  public void close() {
    if (!end(PoolState.CLOSED)) {
      return;
    }
    closed.countDown();
    PendingAcquire refused = refuseOne();
    while (refused != null) {
      refused.wake();
      refused = refuseOne();
    }
    closeIdle(CloseReason.SHUTDOWN);
  }

  private boolean end(PoolState state) {
    limit.lock.lock();
    try {
      if (books.ledger.state().compareTo(state) >= 0) {
        return false;
      }
      books.ledger.ended(state);
      return true;
    } finally {
      limit.lock.unlock();
    }
  }

  private @Nullable PendingAcquire refuseOne() {
    limit.lock.lock();
    try {
      return books.queue.refuse();
    } finally {
      limit.lock.unlock();
    }
  }

  private void closeIdle(CloseReason reason) {
    while (closeOldest(reason)) {
      // A slice at a time, so that other pools under the same lock are not held up.
    }
  }

  public boolean isClosed() {
    return closed.getCount() == 0;
  }

  @SuppressWarnings("GuardedBy") // it may be read without the lock
  public Capacity capacity() {
    return books.capacity();
  }

  /** Blocks until the pool is closed or the time is over; returns whether it is closed. */
  boolean awaitClosed(long nanos) throws InterruptedException {
    return closed.await(nanos, TimeUnit.NANOSECONDS);
  }
}
