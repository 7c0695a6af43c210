package io.hostpool.error;

import org.jspecify.annotations.Nullable;

/** The total time of the request is over; {@link #phase()} is the step in which it ran out. */
public final class DeadlineExceededException extends HttpException {

  /**
   * Creates the exception.
   *
   * @param message what happened, beginning with the peer or the request
   * @param progress how far the request had come
   * @param cause the failure below, null if there is none
   */
  public DeadlineExceededException(String message, Progress progress, @Nullable Throwable cause) {
    super(message, progress, cause);
  }
}
