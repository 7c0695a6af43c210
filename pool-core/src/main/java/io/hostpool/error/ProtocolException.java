package io.hostpool.error;

import org.jspecify.annotations.Nullable;

/**
 * The peer broke HTTP/1.1, or the connection broke while it was used. The connection was closed.
 */
public sealed class ProtocolException extends HttpException permits IncompleteReadException {

  /**
   * Creates the exception.
   *
   * @param message what happened, beginning with the peer or the request
   * @param progress how far the request had come
   * @param cause the failure below, null if there is none
   */
  public ProtocolException(String message, Progress progress, @Nullable Throwable cause) {
    super(message, progress, cause);
  }
}
