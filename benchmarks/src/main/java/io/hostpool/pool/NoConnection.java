package io.hostpool.pool;

import io.hostpool.http.Request;
import io.hostpool.net.ExchangeLimits;
import io.hostpool.net.HttpConnection;
import io.hostpool.net.Liveness;
import io.hostpool.net.Reuse;
import io.hostpool.net.WireResponse;

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
