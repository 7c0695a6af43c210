package io.hostpool.stats;

/** The life cycle of a pool, in one direction only. */
public enum PoolState {
  /** Serves and keeps connections. */
  OPEN,
  /**
   * Left its manager: keeps no connection, but still serves the threads that hold it. Pending
   * threads are served, active connections close on release.
   */
  RETIRED,
  /** Serves no request; every call fails with {@code ClosedPoolException}. */
  CLOSED
}
