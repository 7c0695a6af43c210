package io.hostpool.internal.connection;

import io.hostpool.error.HttpException;
import io.hostpool.http.Request;
import io.hostpool.internal.socket.ExchangeLimits;
import io.hostpool.internal.socket.Liveness;
import io.hostpool.internal.socket.SocketInput;
import io.hostpool.internal.tls.TlsTransport;
import io.hostpool.internal.wire.HeadBudget;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A connection over a socket, which serves one exchange after the other. Not thread-safe; confined
 * to one lease, except {@link #close()}.
 */
final class SocketConnection implements HttpConnection {

  private final ConnectedSocket socket;
  private final HeadBudget heads;

  private @Nullable Exchange exchange;
  private boolean reused;
  private volatile boolean busy;

  /**
   * @param channel connected, in blocking mode
   * @param tls on top of it, null for plain http
   */
  SocketConnection(SocketChannel channel, @Nullable TlsTransport tls, ConnectionSetup setup)
      throws IOException {
    this.heads = HeadBudget.ofHeads(setup.limits());
    this.socket = new ConnectedSocket(channel, tls, setup);
  }

  @Override
  public WireResponse exchange(Request request, ExchangeLimits limits) throws HttpException {
    Exchange current = new Exchange(socket, heads, reused);
    exchange = current;
    busy = true;
    return current.run(request, limits);
  }

  @Override
  public boolean isResponseStarted() {
    return socket.input().hasReceived();
  }

  @Override
  public Reuse finishExchange() {
    Exchange ended = exchange;
    exchange = null;
    socket.input().limits(SocketInput.UNLIMITED);
    reused = true;
    busy = false;
    boolean isClean = ended != null && ended.finish();
    Liveness rest = socket.releaseIdleBuffers();
    if (ended == null || !ended.isPersistent()) {
      return Reuse.SERVER_CLOSES;
    }
    if (!isClean || socket.input().hasPeekedBytes()) {
      return Reuse.UNSOLICITED;
    }
    return switch (rest) {
      case ALIVE -> Reuse.KEEP;
      case CLOSED -> Reuse.SERVER_CLOSES;
      case UNSOLICITED -> Reuse.UNSOLICITED;
    };
  }

  @Override
  public boolean drain() {
    return exchange == null || exchange.drain();
  }

  @Override
  public Liveness probe() {
    return socket.probe();
  }

  @Override
  public void close() {
    if (busy) {
      // Under an exchange TLS could wait for the other thread.
      socket.close();
    } else {
      socket.closeGently();
    }
  }

  @Override
  public String toString() {
    return "SocketConnection[" + socket.setup().name() + (busy ? ", in use]" : "]");
  }
}
