package io.hostpool.error;

import org.jspecify.annotations.Nullable;

/**
 * The peer broke HTTP/1.1, or the connection broke while it was used. The connection was closed.
 */
public sealed class ProtocolException extends HttpException permits IncompleteReadException {

  public ProtocolException(String message, Progress progress, @Nullable Throwable cause) {
    super(message, progress, cause);
  }
}
