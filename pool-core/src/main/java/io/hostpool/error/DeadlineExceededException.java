package io.hostpool.error;

import org.jspecify.annotations.Nullable;

/** The total time of the request is over; {@link #phase()} says in what it was spent last. */
public final class DeadlineExceededException extends HttpException {

  public DeadlineExceededException(String message, Progress progress, @Nullable Throwable cause) {
    super(message, progress, cause);
  }
}
