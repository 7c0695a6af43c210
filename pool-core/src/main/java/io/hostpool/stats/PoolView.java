package io.hostpool.stats;

/** A pool as a {@link PoolListener} sees it. Thread-safe. */
public interface PoolView {

  /** Returns {@code scheme://host:port}. */
  String key();

  /** Returns the numbers of the pool at this instant. Does not block. */
  PoolStats stats();
}
