package io.hostpool.internal.connection;

import io.hostpool.error.HttpException;
import io.hostpool.http.Request;
import io.hostpool.internal.socket.ExchangeLimits;
import io.hostpool.internal.socket.Liveness;

/**
 * One open connection, used by one thread at a time. Not thread-safe; confined to one lease, except
 * {@link #close()}, which any thread may call. urllib3: {@code HTTPConnection}.
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

  /** Returns whether any byte was received since the last {@link #exchange} began. */
  boolean isResponseStarted();

  /**
   * Ends an exchange whose body was read to its end, and releases the buffers.
   *
   * @return whether the connection may serve another request; unless it is {@link Reuse#KEEP}, it
   *     must be closed
   */
  Reuse finishExchange();

  /**
   * Reads the rest of the body, undecoded, as long as it is short and arrives at once.
   *
   * @return whether the end was reached
   */
  boolean drain();

  /**
   * Checks, without waiting, whether the server is still there and silent. Must be called between
   * exchanges only.
   */
  Liveness probe();

  /** Closes the connection, also while another thread reads from it. Idempotent. */
  void close();
}
