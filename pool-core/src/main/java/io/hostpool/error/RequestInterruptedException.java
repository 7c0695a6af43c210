package io.hostpool.error;

import org.jspecify.annotations.Nullable;

/**
 * The calling thread was interrupted. Its interrupt flag is set again; the cause is the
 * interruption.
 */
public final class RequestInterruptedException extends HttpException {

  public RequestInterruptedException(String message, Progress progress, @Nullable Throwable cause) {
    super(message, progress, cause);
  }
}
