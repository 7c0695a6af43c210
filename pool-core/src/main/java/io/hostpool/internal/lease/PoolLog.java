package io.hostpool.internal.lease;

import io.hostpool.internal.time.Ticker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log lines of one pool; those that users of urllib3 look for have urllib3's words. A log that
 * fails does no harm: what it throws, an Error too, is lost. Thread-safe.
 */
final class PoolLog {

  private static final Logger LOG = LoggerFactory.getLogger("io.hostpool.pool");

  /** Begins with urllib3's line, word by word; what an operator needs follows. */
  private static final String FULL =
      "Connection pool is full, discarding connection: {}. Connection pool size: {}."
          + " Pool: {}{}. To keep more, raise pool-maxsize (poolMaxsize)";

  private final PoolKey key;
  private final Ticker ticker;
  private final MountedPrefixes mounts;

  /** Made for the first warning. Two threads may make one each: then one line more comes. */
  private volatile @Nullable WarnLimiter fullWarnings;

  PoolLog(PoolKey key, Ticker ticker, MountedPrefixes mounts) {
    this.key = key;
    this.ticker = ticker;
    this.mounts = mounts;
  }

  /** A connection is opened, the {@code number}th object of the pool. */
  void starting(long number) {
    try {
      LOG.debug(
          "Starting new {} connection ({}): {}",
          key.isSecure() ? "HTTPS" : "HTTP",
          number,
          key.authority());
    } catch (Throwable e) {
      // The request matters more than the line.
    }
  }

  /** A kept connection was dropped by the server. */
  void resetting() {
    try {
      LOG.debug("Resetting dropped connection: {}", key.host());
    } catch (Throwable e) {
      // As above.
    }
  }

  /** More came back than the pool keeps. */
  void full(int maxsize) {
    try {
      if (fullWarnings().mayWarn()) {
        LOG.warn(FULL, key.host(), maxsize, key, mounts.suffix());
      } else {
        LOG.debug(FULL, key.host(), maxsize, key, mounts.suffix());
      }
    } catch (Throwable e) {
      // As above.
    }
  }

  private WarnLimiter fullWarnings() {
    WarnLimiter known = fullWarnings;
    if (known == null) {
      known = new WarnLimiter(ticker);
      fullWarnings = known;
    }
    return known;
  }

  /** A connection could not be closed. */
  void closeFailed(Throwable failure) {
    try {
      LOG.warn("{} - closing a connection failed; it counts as closed", key, failure);
    } catch (Throwable e) {
      // As above.
    }
  }

  /** There is no thread to open a connection on. */
  void noDialThread(Throwable failure) {
    try {
      LOG.debug("{} - the calling thread connects: no other could be started", key, failure);
    } catch (Throwable e) {
      // As above.
    }
  }

  /** A connection that no request waits for any more could not be opened. */
  void spareDialFailed(Throwable failure) {
    try {
      LOG.debug("{} - a connection could not be opened ahead of need", key, failure);
    } catch (Throwable e) {
      // As above.
    }
  }
}
