package io.hostpool.internal.tls;

import io.hostpool.internal.socket.BufferPool;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** The first handshake on a connection. Not instantiable. */
final class TlsHandshake {

  private TlsHandshake() {}

  /**
   * Performs the handshake; blocks as long as the socket does.
   *
   * @param channel connected and in blocking mode; the caller closes it
   * @param engine in client mode, not used yet
   * @throws IOException if it fails; the server was sent an alert where TLS has one for the failure
   */
  static TlsTransport perform(
      SocketChannel channel, SSLEngine engine, BufferPool<TlsBuffers> bufferPool)
      throws IOException {
    TlsRecords records = new TlsRecords(channel, engine);
    TlsTransport transport = new TlsTransport(records, bufferPool);
    TlsBuffers buffers = transport.buffers();
    try {
      engine.beginHandshake();
      HandshakeStatus status = engine.getHandshakeStatus();
      while (status != HandshakeStatus.NOT_HANDSHAKING) {
        if (status == HandshakeStatus.NEED_UNWRAP) {
          records.receiveHandshake(buffers);
        } else {
          records.continueHandshake(buffers, status);
        }
        status = engine.getHandshakeStatus();
      }
      var unused = transport.releaseIdleBuffers();
      return transport;
    } catch (SSLException e) {
      records.sendAlert(buffers, e);
      throw e;
    } catch (RuntimeException e) {
      // Thrown by a trust or key manager. The engine might send more than an alert now.
      throw new SSLException(String.valueOf(e.getMessage()), e);
    }
  }
}
