package io.hostpool.internal.connection;

import io.hostpool.error.HttpException;
import io.hostpool.http.Request;
import io.hostpool.internal.socket.ExchangeLimits;
import io.hostpool.internal.socket.Liveness;

/**
 * One open connection, used by one thread at a time. Not thread-safe; confined to one lease, except
 * that {@link #close()} may come from anywhere. urllib3: {@code HTTPConnection}.
 *
 * <p>Between two exchanges it holds no buffers.
 */
public interface HttpConnection {

  /**
   * Sends a request and reads the head of the response. The body is read by the caller from {@link
   * WireResponse#body()}, under the same limits; then {@link #finishExchange()} must be called.
   *
   * @throws HttpException if it fails; the connection must be closed then
   */
  WireResponse exchange(Request request, ExchangeLimits limits) throws HttpException;

  /** Returns whether any byte has come back since the last {@link #exchange} began. */
  boolean isResponseStarted();

  /**
   * Ends an exchange whose body was read to its end and gives the buffers back.
   *
   * @return whether the connection may serve another request; unless it is {@link Reuse#KEEP}, it
   *     must be closed
   */
  Reuse finishExchange();

  /**
   * Reads what is left of the body, undecoded, as long as it is short and comes at once.
   *
   * @return whether the end was reached
   */
  boolean drain();

  /**
   * Looks, without waiting, at whether the peer is still there and silent. To be called between
   * exchanges only.
   */
  Liveness probe();

  /** Closes the connection, also under a thread that is reading from it. Twice is harmless. */
  void close();
}
