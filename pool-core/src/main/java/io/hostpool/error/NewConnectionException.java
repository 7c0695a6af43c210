package io.hostpool.error;

import org.jspecify.annotations.Nullable;

/** No connection could be opened: refused, unreachable, or out of sockets. Nothing was sent. */
public sealed class NewConnectionException extends HttpException permits NameResolutionException {

  public NewConnectionException(String message, @Nullable Throwable cause) {
    this(message, Phase.CONNECT, cause);
  }

  NewConnectionException(String message, Phase phase, @Nullable Throwable cause) {
    super(message, Progress.unsent(phase), cause);
  }
}
