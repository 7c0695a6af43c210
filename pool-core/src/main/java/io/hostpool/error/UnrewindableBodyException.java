package io.hostpool.error;

import org.jspecify.annotations.Nullable;

/**
 * The request has to be sent again, for a retry or a redirect, but its body can be read only once.
 * The cause is the failure that called for the repetition, if it was one.
 */
public final class UnrewindableBodyException extends HttpException {

  /**
   * Creates the exception.
   *
   * @param message what happened, beginning with the peer or the request
   * @param progress how far the request had come
   * @param cause the failure below, null if there is none
   */
  public UnrewindableBodyException(String message, Progress progress, @Nullable Throwable cause) {
    super(message, progress, cause);
  }
}
