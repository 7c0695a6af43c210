package io.hostpool.error;

/**
 * A body is larger than may be held in memory; it could be read as a stream. Decoded bytes count,
 * not those on the wire. Is not retried.
 */
public final class BodyTooLargeException extends HttpException {

  private final long maxBodyBytes;

  /**
   * Creates the exception.
   *
   * @param message what happened, beginning with the peer or the request
   * @param progress how far the request had come
   * @param maxBodyBytes the limit that was exceeded
   */
  public BodyTooLargeException(String message, Progress progress, long maxBodyBytes) {
    super(message, progress, null);
    this.maxBodyBytes = maxBodyBytes;
  }

  /** Returns the limit that was exceeded. */
  public long maxBodyBytes() {
    return maxBodyBytes;
  }
}
