package io.hostpool.pool;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.hostpool.internal.lease.PoolKey;
import io.hostpool.internal.time.Ticker;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that pools are evicted only to be made again: the manager keeps fewer than the
 * application uses. Thread-safe. Called when pools come and go, never for a request to a pool that
 * is there.
 */
final class ThrashWatch {

  private static final Logger LOG = LoggerFactory.getLogger("io.hostpool.pool");
  private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int REMEMBERED = 1024;
  private static final int RETURNS_TO_WARN = 5;

  private final Ticker ticker;
  private final int numPools;
  private final ReentrantLock lock = new ReentrantLock();

  /** When each key was last evicted, latest last. */
  @GuardedBy("lock")
  private final Map<PoolKey, Long> evicted =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<PoolKey, Long> eldest) {
          return size() > REMEMBERED;
        }
      };

  @GuardedBy("lock")
  private long windowStart;

  @GuardedBy("lock")
  private int returns;

  @GuardedBy("lock")
  private boolean warned;

  ThrashWatch(Ticker ticker, int numPools) {
    this.ticker = ticker;
    this.numPools = numPools;
    this.windowStart = ticker.nanos();
  }

  void evicted(PoolKey key) {
    long now = ticker.nanos();
    lock.lock();
    try {
      evicted.remove(key);
      evicted.put(key, now);
    } finally {
      lock.unlock();
    }
  }

  void created(PoolKey key) {
    long now = ticker.nanos();
    int seen;
    lock.lock();
    try {
      if (now - windowStart >= WINDOW_NANOS) {
        windowStart = now;
        returns = 0;
        warned = false;
      }
      Long before = evicted.remove(key);
      if (before == null || now - before >= WINDOW_NANOS) {
        return;
      }
      returns++;
      if (returns < RETURNS_TO_WARN || warned) {
        return;
      }
      warned = true;
      seen = returns;
    } finally {
      lock.unlock();
    }
    LOG.warn(
        "Pools are evicted and made again: {} within a minute, {} the latest. Raise pool-connections"
            + " (numPools), which is {}, to the number of hosts in use",
        seen,
        key,
        numPools);
  }
}
