package io.hostpool.error;

/**
 * The pool, its manager or its session was closed. Nothing was sent. A pool that was only evicted
 * never throws this: it serves the threads that still hold it. urllib3: {@code ClosedPoolError}.
 */
public final class ClosedPoolException extends PoolException {

  /**
   * Creates the exception.
   *
   * @param message what happened, beginning with the peer or the request
   */
  public ClosedPoolException(String message) {
    super(message, Progress.unsent(Phase.ACQUIRE), null);
  }
}
