package io.hostpool.stats;

import java.time.Duration;

/**
 * Receives the events of pools, for example for meters and traces. Every method is empty by
 * default. The pool calls them on the thread of the event, never under a lock. They must not block:
 * a slow listener slows requests. The pool logs and swallows what a listener throws. Must be
 * thread-safe.
 *
 * <p>{@code pool} is the pool's key, {@code scheme://host:port}.
 */
public interface PoolListener {

  /** A pool was created by a manager. */
  default void poolCreated(PoolView pool) {}

  /** A pool left its manager: evicted, cleared or closed. Connections of it may still be active. */
  default void poolRemoved(PoolView pool) {}

  /** A request acquired a connection, {@code wait} after it asked for one. */
  default void connectionAcquired(String pool, AcquireOutcome outcome, Duration wait) {}

  /** A request acquired no connection; it gave up {@code wait} after it asked for one. */
  default void acquireFailed(String pool, AcquireOutcome outcome, Duration wait) {}

  /** A connection was opened in {@code time}, TLS included. */
  default void connectionOpened(String pool, Duration time) {}

  /** A request released a connection that it used for {@code use}. */
  default void connectionReleased(String pool, Duration use) {}

  /** A connection was closed. */
  default void connectionClosed(String pool, CloseReason reason) {}
}
