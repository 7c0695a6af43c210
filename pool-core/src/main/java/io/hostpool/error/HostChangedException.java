package io.hostpool.error;

/**
 * A pool of one host was asked for a URL of another. Nothing was sent. urllib3: {@code
 * HostChangedError}.
 */
public final class HostChangedException extends PoolException {

  /**
   * Creates the exception.
   *
   * @param message what happened, beginning with the peer or the request
   */
  public HostChangedException(String message) {
    super(message, Progress.unsent(Phase.ACQUIRE), null);
  }
}
