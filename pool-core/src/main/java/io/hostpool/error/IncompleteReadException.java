package io.hostpool.error;

import org.jspecify.annotations.Nullable;

/** The body ended before its declared length. The connection was closed. */
public final class IncompleteReadException extends ProtocolException {

  private final long bytesRead;

  /**
   * Makes the exception.
   *
   * @param message names how much was read and, when the length was declared, how much was expected
   * @param bytesRead bytes of the body that arrived
   */
  public IncompleteReadException(
      String message, Progress progress, long bytesRead, @Nullable Throwable cause) {
    super(message, progress, cause);
    this.bytesRead = bytesRead;
  }

  /** Returns how many bytes of the body arrived, before content decoding. */
  public long bytesRead() {
    return bytesRead;
  }
}
