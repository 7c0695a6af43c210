package io.hostpool.stats;

/**
 * Told what happens in pools: for meters and traces. Every method is empty by default. They are
 * called by the thread to which it happens, never under a lock, and must not block: a slow listener
 * slows requests. What a listener throws is logged and swallowed. Must be thread-safe.
 *
 * <p>{@code pool} is {@code scheme://host:port}; times are nanoseconds.
 */
public interface PoolListener {

  /** A pool was created by a manager. */
  default void poolCreated(PoolView pool) {}

  /** A pool left its manager: evicted, cleared or closed. Its leases may still be out. */
  default void poolRemoved(PoolView pool) {}

  /** A connection was handed to a request, {@code nanos} after it was asked for. */
  default void connectionAcquired(String pool, AcquireOutcome outcome, long nanos) {}

  /** A connection was asked for in vain. */
  default void acquireFailed(String pool, AcquireOutcome outcome, long nanos) {}

  /** A connection was opened, TLS included. */
  default void connectionOpened(String pool, long nanos) {}

  /** A connection came back after a request used it for {@code nanos}. */
  default void connectionReleased(String pool, long nanos) {}

  /** A connection was closed. */
  default void connectionClosed(String pool, CloseReason reason) {}
}
