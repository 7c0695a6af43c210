package io.hostpool.error;

import org.jspecify.annotations.Nullable;

/** The total time of the request is over; {@link #phase()} is the step in which it ran out. */
public final class DeadlineExceededException extends HttpException {

  public DeadlineExceededException(String message, Progress progress, @Nullable Throwable cause) {
    super(message, progress, cause);
  }
}
