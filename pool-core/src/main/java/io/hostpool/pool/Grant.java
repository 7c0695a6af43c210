package io.hostpool.pool;

/** What asking a pool for a connection brings at once. */
sealed interface Grant permits Grant.Dial, PooledConnection, Waiter {

  /**
   * The right to open a connection: a permit without a connection yet.
   *
   * @param number counts the connection objects of the pool, for the log
   * @param isRedial whether it replaces one that the server had dropped, and so is no new object
   */
  record Dial(long number, boolean isRedial) implements Grant {}
}
