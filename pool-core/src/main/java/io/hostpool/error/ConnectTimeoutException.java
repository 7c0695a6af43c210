package io.hostpool.error;

import org.jspecify.annotations.Nullable;

/**
 * The connection was not open within the connect timeout; {@link #phase()} tells which of
 * resolving, connecting or the TLS handshake was too slow. Nothing was sent.
 */
public final class ConnectTimeoutException extends HttpException {

  /**
   * Creates the exception.
   *
   * @param message what happened, beginning with the peer or the request
   * @param phase the step that took too long
   * @param cause the failure below, null if there is none
   */
  public ConnectTimeoutException(String message, Phase phase, @Nullable Throwable cause) {
    super(message, Progress.unsent(phase), cause);
  }
}
