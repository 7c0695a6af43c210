package io.hostpool.error;

import org.jspecify.annotations.Nullable;

/** A failure of the pool itself, not of the server. urllib3: {@code PoolError}. */
public abstract sealed class PoolException extends HttpException
    permits ClosedPoolException,
        EmptyPoolException,
        FullPoolException,
        HostChangedException,
        MaxRetryException {

  PoolException(String message, Progress progress, @Nullable Throwable cause) {
    super(message, progress, cause);
  }
}
