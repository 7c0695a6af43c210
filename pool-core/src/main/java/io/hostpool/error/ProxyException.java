package io.hostpool.error;

import org.jspecify.annotations.Nullable;

/** The proxy refused or could not be reached. Nothing was sent to the origin. */
public final class ProxyException extends HttpException {

  /**
   * Creates the exception.
   *
   * @param message what happened, beginning with the peer or the request
   * @param progress how far the request had come
   * @param cause the failure below, null if there is none
   */
  public ProxyException(String message, Progress progress, @Nullable Throwable cause) {
    super(message, progress, cause);
  }
}
