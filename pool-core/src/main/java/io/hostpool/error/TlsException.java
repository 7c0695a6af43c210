package io.hostpool.error;

import org.jspecify.annotations.Nullable;

/**
 * The TLS handshake failed, or the certificate is not the host's. Nothing of the request was sent.
 */
public final class TlsException extends HttpException {

  public TlsException(String message, Progress progress, @Nullable Throwable cause) {
    super(message, progress, cause);
  }
}
