package io.hostpool.internal.connection;

import io.hostpool.error.DeadlineExceededException;
import io.hostpool.error.HttpException;
import io.hostpool.error.IncompleteReadException;
import io.hostpool.error.Progress;
import io.hostpool.error.ProtocolException;
import io.hostpool.error.ReadTimeoutException;
import io.hostpool.error.RequestInterruptedException;
import io.hostpool.error.TlsException;
import io.hostpool.internal.socket.ExchangeLimits;
import io.hostpool.internal.time.Durations;
import io.hostpool.internal.wire.MalformedResponseException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.ConnectionClosedException;

/** Translates a failure of the wire into an exception with type and message. Not instantiable. */
final class WireErrors {

  private WireErrors() {}

  static HttpException translate(
      IOException e, String peer, Progress progress, ExchangeLimits limits) {
    if (e instanceof HttpException typed) {
      return typed;
    }
    if (wasInterrupted(e)) {
      return interrupted(peer, progress, e);
    }
    if (e instanceof SocketTimeoutException) {
      return timeout(e, peer, progress, limits);
    }
    if (e instanceof SSLException) {
      return new TlsException(peer + ": TLS failed: " + e.getMessage(), progress, e);
    }
    if (e instanceof MalformedResponseException) {
      return new ProtocolException(peer + ": " + e.getMessage(), progress, e);
    }
    return new ProtocolException(peer + ": connection broken: " + text(e), progress, e);
  }

  static HttpException translateBody(
      IOException e, String peer, Progress progress, ExchangeLimits limits, long read) {
    if (e instanceof ConnectionClosedException) {
      return new IncompleteReadException(
          peer + ": body ended after " + read + " bytes: " + e.getMessage(), progress, read, e);
    }
    return translate(e, peer, progress, limits);
  }

  /** The server accepted nothing of a body for too long. */
  static HttpException stalled(
      String peer, Progress progress, ExchangeLimits limits, IOException e) {
    if (limits.deadline().isExpired()) {
      return timeout(e, peer, progress, limits);
    }
    return new ReadTimeoutException(
        peer + ": the server took nothing of the request for " + Durations.text(limits.readNanos()),
        progress,
        e);
  }

  /** Restores the interrupt flag and returns what to throw. */
  static RequestInterruptedException interrupted(String peer, Progress progress, Throwable seen) {
    Thread.currentThread().interrupt();
    InterruptedException cause = new InterruptedException(text(seen));
    cause.addSuppressed(seen);
    return new RequestInterruptedException(
        peer + ": interrupted in phase " + progress.phase(), progress, cause);
  }

  /** A channel is closed by an interrupt, and its stream may call that a socket error. */
  static boolean wasInterrupted(IOException e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof ClosedByInterruptException) {
        return true;
      }
    }
    return Thread.currentThread().isInterrupted();
  }

  private static HttpException timeout(
      IOException e, String peer, Progress progress, ExchangeLimits limits) {
    if (limits.deadline().isExpired()) {
      return new DeadlineExceededException(
          peer
              + ": total time of "
              + Durations.text(limits.deadline().budgetNanos())
              + " is over in phase "
              + progress.phase(),
          progress,
          e);
    }
    return new ReadTimeoutException(
        peer + ": nothing received for " + Durations.text(limits.readNanos()), progress, e);
  }

  private static String text(Throwable e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
