package io.hostpool.error;

/**
 * No connection became free in time, or the pool does not wait. Nothing was sent and nothing is
 * held. urllib3: {@code EmptyPoolError}.
 */
public final class EmptyPoolException extends PoolException {

  /**
   * Creates the exception.
   *
   * @param message what happened, beginning with the peer or the request
   */
  public EmptyPoolException(String message) {
    super(message, Progress.unsent(Phase.ACQUIRE), null);
  }
}
