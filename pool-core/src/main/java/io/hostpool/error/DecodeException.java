package io.hostpool.error;

import org.jspecify.annotations.Nullable;

/**
 * The body does not decode as its {@code Content-Encoding} promises, takes too much work for what
 * comes of it, or what decodes it is missing. If its rest was still on a connection, that was
 * closed. Is not retried.
 */
public final class DecodeException extends HttpException {

  /**
   * Creates the exception.
   *
   * @param message what happened, beginning with the peer or the request
   * @param progress how far the request had come
   * @param cause the failure below, null if there is none
   */
  public DecodeException(String message, Progress progress, @Nullable Throwable cause) {
    super(message, progress, cause);
  }
}
