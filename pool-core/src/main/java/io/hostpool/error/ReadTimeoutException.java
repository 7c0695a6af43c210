package io.hostpool.error;

import org.jspecify.annotations.Nullable;

/** The server sent nothing for the length of the read timeout. The connection was closed. */
public final class ReadTimeoutException extends HttpException {

  /**
   * Creates the exception.
   *
   * @param message what happened, beginning with the peer or the request
   * @param progress how far the request had come
   * @param cause the failure below, null if there is none
   */
  public ReadTimeoutException(String message, Progress progress, @Nullable Throwable cause) {
    super(message, progress, cause);
  }
}
