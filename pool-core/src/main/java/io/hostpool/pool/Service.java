package io.hostpool.pool;

/** What a connection has done for the lease that ends. */
enum Service {
  /** It was opened for this lease. */
  OPENED,
  /** It came from the pool. */
  REUSED,
  /** Nothing: it was taken and found dead, or its taker was interrupted. */
  NONE
}
