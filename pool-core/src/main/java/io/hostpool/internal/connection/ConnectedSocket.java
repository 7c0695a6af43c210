package io.hostpool.internal.connection;

import io.hostpool.internal.socket.Liveness;
import io.hostpool.internal.socket.SocketInput;
import io.hostpool.internal.socket.SocketOutput;
import io.hostpool.internal.tls.TlsInput;
import io.hostpool.internal.tls.TlsOutput;
import io.hostpool.internal.tls.TlsTransport;
import io.hostpool.internal.tls.UntilCloseNotify;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A connected socket and its two streams, encrypted or not. Not thread-safe; confined to its
 * connection, except {@link #close}.
 */
final class ConnectedSocket {

  private final SocketChannel channel;
  private final @Nullable TlsTransport tls;
  private final ConnectionSetup setup;
  private final SocketInput input;
  private final SocketOutput output;
  private final ByteBuffer probeByte = ByteBuffer.allocate(1);

  /**
   * @param channel connected, in blocking mode
   * @param tls on top of it, null for plain http
   */
  ConnectedSocket(SocketChannel channel, @Nullable TlsTransport tls, ConnectionSetup setup)
      throws IOException {
    this.channel = channel;
    this.tls = tls;
    this.setup = setup;
    Socket socket = channel.socket();
    this.output = new SocketOutput(tls == null ? socket.getOutputStream() : new TlsOutput(tls));
    InputStream in = tls == null ? socket.getInputStream() : new TlsInput(tls);
    // Last: if this fails, the caller closes the channel but cannot remove it from the watch.
    this.input = new SocketInput(channel, socket, in, setup.readWatch());
  }

  ConnectionSetup setup() {
    return setup;
  }

  SocketChannel channel() {
    return channel;
  }

  SocketInput input() {
    return input;
  }

  SocketOutput output() {
    return output;
  }

  boolean isEncrypted() {
    return tls != null;
  }

  /** Returns {@code body}, which ends with the connection; over TLS a forged end fails. */
  InputStream untilClose(InputStream body) {
    return tls == null ? body : new UntilCloseNotify(body, tls);
  }

  /**
   * Releases the buffers of TLS after an exchange. TLS receives whole records, and more than one,
   * so bytes beyond the response may have arrived.
   */
  Liveness releaseIdleBuffers() {
    if (tls == null) {
      return Liveness.ALIVE;
    }
    try {
      return tls.releaseIdleBuffers();
    } catch (IOException broken) {
      return Liveness.CLOSED;
    }
  }

  /** Checks, without waiting, whether the server is still there and silent. */
  Liveness probe() {
    try {
      channel.configureBlocking(false);
      int n = tls == null ? channel.read(probeByte.clear()) : tls.receive();
      channel.configureBlocking(true);
      if (n < 0) {
        return Liveness.CLOSED;
      }
      if (tls != null) {
        return tls.processReceived();
      }
      return n == 0 ? Liveness.ALIVE : Liveness.UNSOLICITED;
    } catch (IOException broken) {
      return Liveness.CLOSED;
    }
  }

  /**
   * Sends {@code close_notify} and closes the socket; not during an exchange, where it could wait.
   */
  void closeGently() {
    try {
      if (tls != null) {
        tls.closeGently();
      }
    } catch (IOException alreadyBroken) {
      // The channel is closed below in any case.
    } finally {
      close();
    }
  }

  void close() {
    input.close();
    try {
      channel.close();
    } catch (IOException ignored) {
      // Nothing more can be done for it.
    }
  }
}
