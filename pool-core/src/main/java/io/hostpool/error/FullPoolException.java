package io.hostpool.error;

/**
 * A connection was given to a pool that has no place for it and may not discard it. Releasing a
 * leased connection cannot cause it. urllib3: {@code FullPoolError}.
 */
public final class FullPoolException extends PoolException {

  /**
   * Creates the exception.
   *
   * @param message what happened, beginning with the peer or the request
   */
  public FullPoolException(String message) {
    super(message, Progress.unsent(Phase.ACQUIRE), null);
  }
}
