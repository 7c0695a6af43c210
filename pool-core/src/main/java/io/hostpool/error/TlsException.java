package io.hostpool.error;

import org.jspecify.annotations.Nullable;

/**
 * The TLS handshake failed, or the certificate is not the host's; then nothing of the request was
 * sent. Or TLS broke later, and {@link #requestSent()} says which.
 */
public final class TlsException extends HttpException {

  public TlsException(String message, Progress progress, @Nullable Throwable cause) {
    super(message, progress, cause);
  }
}
