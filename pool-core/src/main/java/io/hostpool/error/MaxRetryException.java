package io.hostpool.error;

/**
 * Every attempt that the retry policy allowed has failed; {@link #getCause()} is the last failure.
 * urllib3: {@code MaxRetryError}, whose {@code reason} is the cause here.
 */
public final class MaxRetryException extends PoolException {

  private final HttpException last;
  private final int attempts;

  /**
   * Makes the exception.
   *
   * @param attempts how often the request was tried, at least 1
   * @param cause the last failure
   */
  public MaxRetryException(String message, int attempts, HttpException cause) {
    super(message, cause.progress(), cause);
    this.last = cause;
    this.attempts = attempts;
  }

  /** Returns how often the request was tried, the first time included. */
  public int attempts() {
    return attempts;
  }

  /** Returns the last failure. */
  @Override
  public synchronized HttpException getCause() {
    return last;
  }
}
