package io.hostpool.error;

import org.jspecify.annotations.Nullable;

/**
 * The body of the request could not be read from its source, or is not as long as it said. The
 * connection was closed, since part of the request may have left. Never retried.
 */
public final class RequestBodyException extends HttpException {

  /**
   * Creates the exception.
   *
   * @param message what happened, beginning with the peer or the request
   * @param progress how far the request had come
   * @param cause the failure below, null if there is none
   */
  public RequestBodyException(String message, Progress progress, @Nullable Throwable cause) {
    super(message, progress, cause);
  }
}
