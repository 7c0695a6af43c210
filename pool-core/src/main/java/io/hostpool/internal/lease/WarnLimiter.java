package io.hostpool.internal.lease;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.hostpool.internal.time.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets a few warnings of one kind through each minute, so that a pool that is too small is reported
 * without filling the log. Thread-safe.
 */
final class WarnLimiter {

  private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int WARNINGS_PER_WINDOW = 5;

  private final Ticker ticker;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private long windowStart;

  @GuardedBy("lock")
  private int warnings;

  WarnLimiter(Ticker ticker) {
    this.ticker = ticker;
    this.windowStart = ticker.nanos();
  }

  boolean mayWarn() {
    long now = ticker.nanos();
    lock.lock();
    try {
      if (now - windowStart >= WINDOW_NANOS) {
        windowStart = now;
        warnings = 0;
      }
      return ++warnings <= WARNINGS_PER_WINDOW;
    } finally {
      lock.unlock();
    }
  }
}
