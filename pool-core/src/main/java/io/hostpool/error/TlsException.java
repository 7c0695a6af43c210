package io.hostpool.error;

import org.jspecify.annotations.Nullable;

/**
 * The TLS handshake failed, or the certificate is not the host's; then nothing of the request was
 * sent. Or TLS broke later, and {@link #requestSent()} says which.
 */
public final class TlsException extends HttpException {

  /**
   * Creates the exception.
   *
   * @param message what happened, beginning with the peer or the request
   * @param progress how far the request had come
   * @param cause the failure below, null if there is none
   */
  public TlsException(String message, Progress progress, @Nullable Throwable cause) {
    super(message, progress, cause);
  }
}
