package io.hostpool.internal.lease;

/** What a connection has done for the lease that ends. */
public enum Use {
  /** It was opened for this lease and served it. */
  OPENED,
  /** It was kept, or opened for another lease, and served this one. */
  REUSED,
  /** Nothing: it was taken and found dead, or its taker left. */
  NONE
}
