package io.hostpool.error;

import org.jspecify.annotations.Nullable;

/** The proxy refused or could not be reached. Nothing was sent to the origin. */
public final class ProxyException extends HttpException {

  public ProxyException(String message, Progress progress, @Nullable Throwable cause) {
    super(message, progress, cause);
  }
}
