package io.hostpool.error;

import org.jspecify.annotations.Nullable;

/** The server sent nothing for the length of the read timeout. The connection was closed. */
public final class ReadTimeoutException extends HttpException {

  public ReadTimeoutException(String message, Progress progress, @Nullable Throwable cause) {
    super(message, progress, cause);
  }
}
