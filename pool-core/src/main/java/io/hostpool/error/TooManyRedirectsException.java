package io.hostpool.error;

/** More redirects than the limit allows. The last response was read and its connection released. */
public final class TooManyRedirectsException extends HttpException {

  /**
   * Creates the exception.
   *
   * @param message what happened, beginning with the peer or the request
   */
  public TooManyRedirectsException(String message) {
    super(message, Progress.sent(Phase.REDIRECT), null);
  }
}
