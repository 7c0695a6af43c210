package io.hostpool.error;

import org.jspecify.annotations.Nullable;

/** The host name has no address. Nothing was sent. */
public final class NameResolutionException extends NewConnectionException {

  public NameResolutionException(String message, @Nullable Throwable cause) {
    super(message, Phase.RESOLVE, cause);
  }
}
