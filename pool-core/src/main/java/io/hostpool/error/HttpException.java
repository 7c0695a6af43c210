package io.hostpool.error;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request failed without a usable response. Immutable, but for what every {@link Throwable} lets
 * change.
 *
 * <p>When it is thrown, nothing is held: the connection was closed or is back in its pool, and its
 * permit with it.
 */
public abstract sealed class HttpException extends IOException
    permits BodyTooLargeException,
        ConnectTimeoutException,
        DeadlineExceededException,
        DecodeException,
        HttpStatusException,
        NewConnectionException,
        PoolException,
        ProtocolException,
        ProxyException,
        ReadTimeoutException,
        RequestBodyException,
        RequestInterruptedException,
        TlsException,
        TooManyRedirectsException,
        UnrewindableBodyException {

  private final Progress progress;

  HttpException(String message, Progress progress, @Nullable Throwable cause) {
    super(message, cause);
    this.progress = Objects.requireNonNull(progress, "progress");
  }

  /** Returns the step that failed. */
  public Phase phase() {
    return progress.phase();
  }

  /**
   * Returns whether any byte of the request may have left this machine. If not, the server cannot
   * have acted on it.
   */
  public boolean requestSent() {
    return progress.requestSent();
  }

  /** Returns whether the request went over a connection that had carried an earlier one. */
  public boolean connectionReused() {
    return progress.connectionReused();
  }

  /** Returns all three facts at once, for an exception that wraps this one. */
  public Progress progress() {
    return progress;
  }
}
