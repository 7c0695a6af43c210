package io.hostpool.stats;

/** The life of a pool, in one direction only. */
public enum PoolState {
  /** Serves and keeps connections. */
  OPEN,
  /**
   * Left its manager: keeps nothing, but still serves whoever holds it. Its waiters are served, its
   * leased connections close on return.
   */
  RETIRED,
  /** Serves nobody; every call fails with {@code ClosedPoolException}. */
  CLOSED
}
