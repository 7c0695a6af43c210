package io.hostpool.pool;

import io.hostpool.http.Request;
import io.hostpool.internal.connection.HttpConnection;
import io.hostpool.internal.connection.Reuse;
import io.hostpool.internal.connection.WireResponse;
import io.hostpool.internal.socket.ExchangeLimits;
import io.hostpool.internal.socket.Liveness;

/**
 * A connection without a socket, which is always alive.
 *
 * @param onClose is told when it is closed
 */
record NoConnection(Runnable onClose) implements HttpConnection {

  @Override
  public WireResponse exchange(Request request, ExchangeLimits limits) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isResponseStarted() {
    return false;
  }

  @Override
  public Reuse finishExchange() {
    return Reuse.KEEP;
  }

  @Override
  public boolean drain() {
    return true;
  }

  @Override
  public Liveness probe() {
    return Liveness.ALIVE;
  }

  @Override
  public void close() {
    onClose.run();
  }
}
