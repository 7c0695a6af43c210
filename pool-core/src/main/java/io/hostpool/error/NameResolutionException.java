package io.hostpool.error;

import org.jspecify.annotations.Nullable;

/** The host name has no address. Nothing was sent. */
public final class NameResolutionException extends NewConnectionException {

  /**
   * Creates the exception.
   *
   * @param message what happened, beginning with the peer or the request
   * @param cause the failure below, null if there is none
   */
  public NameResolutionException(String message, @Nullable Throwable cause) {
    super(message, Phase.RESOLVE, cause);
  }
}
