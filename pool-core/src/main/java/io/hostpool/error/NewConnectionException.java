package io.hostpool.error;

import org.jspecify.annotations.Nullable;

/** No connection could be opened: refused, unreachable, or out of sockets. Nothing was sent. */
public sealed class NewConnectionException extends HttpException permits NameResolutionException {

  /**
   * Creates the exception.
   *
   * @param message what happened, beginning with the peer or the request
   * @param cause the failure below, null if there is none
   */
  public NewConnectionException(String message, @Nullable Throwable cause) {
    this(message, Phase.CONNECT, cause);
  }

  NewConnectionException(String message, Phase phase, @Nullable Throwable cause) {
    super(message, Progress.unsent(phase), cause);
  }
}
