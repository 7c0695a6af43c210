package io.hostpool.internal.lease;

import io.hostpool.internal.time.Durations;
import io.hostpool.internal.time.Ticker;
import java.io.InputStream;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds streamed responses that are never closed. Thread-safe.
 *
 * <p>A response that the collector takes unclosed can never be closed: its connection is closed and
 * its permit comes back. One that is only held for longer than the threshold may still be read, so
 * it is reported and left alone. Where a threshold is set, each report has the stack that took the
 * response.
 */
public final class LeakDetector {

  private static final Logger LOG = LoggerFactory.getLogger("io.hostpool.pool");

  private final String key;
  private final long thresholdNanos;
  private final Ticker ticker;
  private final Runnable count;
  private final Set<Held> held = ConcurrentHashMap.newKeySet();
  private final ReferenceQueue<InputStream> collected = new ReferenceQueue<>();

  /** What a caller may forget to end. */
  interface Reclaimable {

    /** Ends it because no other code can any more; returns whether it was still open. */
    boolean reclaim();
  }

  /** A lease that a caller holds. Refers to the body only so that its end of life is seen. */
  static final class Held extends PhantomReference<InputStream> {
    private final Reclaimable lease;
    private final long since;
    private final @Nullable Throwable taken;
    private boolean reported;

    private Held(
        InputStream body,
        ReferenceQueue<InputStream> queue,
        Reclaimable lease,
        long since,
        @Nullable Throwable taken) {
      super(body, queue);
      this.lease = lease;
      this.since = since;
      this.taken = taken;
    }
  }

  /** Not thrown: carries the stack of the call that took a response. */
  static final class TakenHere extends Exception {
    TakenHere() {
      super("the response was taken here, by thread " + Thread.currentThread().getName());
    }
  }

  /**
   * Makes a detector.
   *
   * @param key the pool's {@code scheme://host:port}
   * @param thresholdNanos how long a response may be held, {@link Durations#NO_LIMIT} for no limit
   * @param count called once for each leak
   */
  LeakDetector(String key, long thresholdNanos, Ticker ticker, Runnable count) {
    this.key = key;
    this.thresholdNanos = thresholdNanos;
    this.ticker = ticker;
    this.count = count;
  }

  /** Watches a lease whose end is up to the reader of {@code body}. */
  Held watch(Reclaimable lease, InputStream body) {
    Throwable taken = thresholdNanos == Durations.NO_LIMIT ? null : new TakenHere();
    Held one = new Held(body, collected, lease, ticker.nanos(), taken);
    held.add(one);
    return one;
  }

  /** Stops watching a lease that has ended. */
  void ended(Held one) {
    one.clear();
    held.remove(one);
  }

  public boolean isWatching() {
    return !held.isEmpty();
  }

  /** Reports what is overdue and takes back what was collected. By one thread at a time. */
  void check() {
    for (Held gone = (Held) collected.poll(); gone != null; gone = (Held) collected.poll()) {
      if (gone.lease.reclaim()) {
        report(gone, "was collected without having been closed; its connection is closed now");
      }
    }
    long now = ticker.nanos();
    for (Held one : held) {
      if (now - one.since > thresholdNanos) {
        report(one, "has not been closed for " + Durations.text(now - one.since));
      }
    }
  }

  private void report(Held one, String what) {
    if (!one.reported) {
      one.reported = true;
      count.run();
      LOG.warn(
          "{} - a streamed response {}. Did you forget to close it?{}",
          key,
          what,
          one.taken == null ? " Set a leak detection threshold to see who took it." : "",
          one.taken);
    }
  }
}
