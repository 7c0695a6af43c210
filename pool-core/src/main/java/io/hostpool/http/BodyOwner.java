package io.hostpool.http;

/**
 * What a streamed body belongs to: the lease of the connection it arrives on. Exactly one of the
 * three methods takes effect, whichever is called first; later calls do nothing. Thread-safe.
 */
public interface BodyOwner {

  /** The body was read to its end: the connection may serve the next request. */
  void bodyEnded();

  /** Reading failed: the connection is in an unknown state and must not be used again. */
  void bodyFailed();

  /**
   * The reader left before the end: read the small rest that may be there, or close the connection.
   * May block for the bounded time of that drain.
   */
  void bodyAbandoned();
}
