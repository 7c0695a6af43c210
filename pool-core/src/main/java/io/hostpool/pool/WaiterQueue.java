package io.hostpool.pool;

import org.jspecify.annotations.Nullable;

/**
 * Waiters, first come first served. Every operation takes the same short time, also leaving from
 * the middle, so that timed-out waits cost nothing. Not thread-safe: guarded by the pool's lock.
 */
final class WaiterQueue {

  private @Nullable Waiter first;
  private @Nullable Waiter last;
  private int size;

  boolean isEmpty() {
    return first == null;
  }

  int size() {
    return size;
  }

  void add(Waiter waiter) {
    waiter.previous = last;
    if (last == null) {
      first = waiter;
    } else {
      last.next = waiter;
    }
    last = waiter;
    size++;
  }

  /** Removes and returns the longest waiter, null if there is none. */
  @Nullable Waiter poll() {
    Waiter waiter = first;
    if (waiter != null) {
      remove(waiter);
    }
    return waiter;
  }

  /** Removes a waiter that is in this queue. */
  void remove(Waiter waiter) {
    if (waiter.previous == null) {
      first = waiter.next;
    } else {
      waiter.previous.next = waiter.next;
    }
    if (waiter.next == null) {
      last = waiter.previous;
    } else {
      waiter.next.previous = waiter.previous;
    }
    waiter.previous = null;
    waiter.next = null;
    size--;
  }
}
