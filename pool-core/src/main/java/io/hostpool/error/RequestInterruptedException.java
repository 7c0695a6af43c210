package io.hostpool.error;

import org.jspecify.annotations.Nullable;

/**
 * The calling thread was interrupted. Its interrupt flag is set again; the cause is the
 * interruption.
 */
public final class RequestInterruptedException extends HttpException {

  /**
   * Creates the exception.
   *
   * @param message what happened, beginning with the peer or the request
   * @param progress how far the request had come
   * @param cause the failure below, null if there is none
   */
  public RequestInterruptedException(String message, Progress progress, @Nullable Throwable cause) {
    super(message, progress, cause);
  }
}
