package io.hostpool.error;

import org.jspecify.annotations.Nullable;

/**
 * The body of the request could not be read from its source, or is not as long as it said. The
 * connection was closed, since part of the request may have left. Never retried.
 */
public final class RequestBodyException extends HttpException {

  public RequestBodyException(String message, Progress progress, @Nullable Throwable cause) {
    super(message, progress, cause);
  }
}
