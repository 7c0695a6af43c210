package io.hostpool.policy;

import io.hostpool.error.ConnectTimeoutException;
import io.hostpool.error.HttpException;
import io.hostpool.error.NewConnectionException;
import io.hostpool.error.ProtocolException;
import io.hostpool.error.ProxyException;
import io.hostpool.error.ReadTimeoutException;
import io.hostpool.error.TlsException;
import org.jspecify.annotations.Nullable;

/**
 * What is left of each kind of retry; {@link #UNLIMITED} stays what it is. Immutable. Each outcome
 * costs one of the total and one of its own kind; a count below zero means used up.
 */
record RetryCounts(int total, int connect, int read, int redirect, int status, int other) {

  /** A count that never runs out. */
  static final int UNLIMITED = Integer.MAX_VALUE;

  boolean isExhausted() {
    return (total | connect | read | redirect | status | other) < 0;
  }

  /** Returns what is left after a response that is to be tried again. */
  RetryCounts afterStatus() {
    return new RetryCounts(less(total), connect, read, redirect, less(status), other);
  }

  /** Returns what is left after a redirect. */
  RetryCounts afterRedirect() {
    return new RetryCounts(less(total), connect, read, less(redirect), status, other);
  }

  /** Returns what is left after {@code error}, or null if its kind is never repeated. */
  @Nullable RetryCounts afterError(HttpException error) {
    // A proxy that could not be reached is a connect that failed.
    HttpException kind =
        error instanceof ProxyException && error.getCause() instanceof HttpException cause
            ? cause
            : error;
    if (kind instanceof NewConnectionException || kind instanceof ConnectTimeoutException) {
      return new RetryCounts(less(total), less(connect), read, redirect, status, other);
    }
    if (kind instanceof ReadTimeoutException || kind instanceof ProtocolException) {
      return new RetryCounts(less(total), connect, less(read), redirect, status, other);
    }
    if (kind instanceof TlsException || kind instanceof ProxyException) {
      return new RetryCounts(less(total), connect, read, redirect, status, less(other));
    }
    return null;
  }

  private static int less(int count) {
    return count == UNLIMITED ? UNLIMITED : count - 1;
  }

  @Override
  public String toString() {
    return "total="
        + text(total)
        + ", connect="
        + text(connect)
        + ", read="
        + text(read)
        + ", redirect="
        + text(redirect)
        + ", status="
        + text(status)
        + ", other="
        + text(other);
  }

  private static String text(int count) {
    return count == UNLIMITED ? "unlimited" : Integer.toString(count);
  }
}
