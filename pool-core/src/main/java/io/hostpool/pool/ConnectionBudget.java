package io.hostpool.pool;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections all pools of one manager may have open together, idle ones included. Thread-
 * safe; first come first served.
 *
 * <p>Idle connections give way: who needs a place and finds none makes some pool close its oldest
 * idle connection; who brings a connection back while somebody needs a place closes one instead of
 * keeping it. Each side first does its part and then looks at the other's, so one of the two always
 * sees the other, and no place is waited for while a connection lies idle.
 */
final class ConnectionBudget {

  private final int max;
  private final Semaphore places;
  private final AtomicInteger wanted = new AtomicInteger();
  private volatile boolean closed;
  private volatile Runnable makeRoom = () -> {};

  /** How asking for a place ended. */
  enum Place {
    TAKEN,
    NONE_IN_TIME,
    CLOSED
  }

  ConnectionBudget(int max) {
    this.max = max;
    this.places = new Semaphore(max, true);
  }

  /** Sets what closes an idle connection of some pool, if there is one. */
  void makeRoomBy(Runnable newMakeRoom) {
    makeRoom = newMakeRoom;
  }

  int max() {
    return max;
  }

  /** Takes a place for a connection. Blocks for up to {@code nanos}. */
  Place take(long nanos) throws InterruptedException {
    if (!places.tryAcquire(0, TimeUnit.NANOSECONDS)) {
      wanted.incrementAndGet();
      try {
        makeRoom.run();
        if (!places.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
          return Place.NONE_IN_TIME;
        }
      } finally {
        wanted.decrementAndGet();
      }
    }
    return closed ? Place.CLOSED : Place.TAKEN;
  }

  /** Gives back the place of a connection that is closed, or was never opened. */
  void giveBack() {
    if (!closed) {
      places.release();
    }
  }

  /** Returns whether more wait for a place than are free; a place that is free may be promised. */
  boolean isWanted() {
    return wanted.get() > places.availablePermits();
  }

  /** Returns how many places are taken. */
  int taken() {
    return max - places.availablePermits();
  }

  /** Sends everybody away who waits now or will. Twice is harmless. */
  void close() {
    closed = true;
    places.release(wanted.get() + 1_000_000);
  }
}
