package io.hostpool.internal.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.internal.socket.BufferPool;
import io.hostpool.internal.socket.Endpoint;
import io.hostpool.internal.socket.Liveness;
import io.hostpool.net.TlsConfig;
import io.hostpool.testkit.LoopbackServer;
import io.hostpool.testkit.TestCa;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long a connection holds the buffers of TLS. */
@Timeout(60)
class TlsTransportSocketTest {

  private final TestCa ca = TestCa.create();
  private final AtomicInteger made = new AtomicInteger();
  private final BufferPool<TlsBuffers> bufferPool =
      new BufferPool<>(
          () -> {
            made.incrementAndGet();
            return new TlsBuffers();
          });

  @Test
  void connectionsThatAreIdleHoldNoBuffers() throws Exception {
    List<SocketChannel> channels = new ArrayList<>();
    try (LoopbackServer server =
        LoopbackServer.builder(exchange -> exchange.respond(200, "ok"))
            .tls(ca.serverContext("127.0.0.1"))
            .start()) {
      List<TlsTransport> connections = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        SocketChannel channel =
            SocketChannel.open(new InetSocketAddress("127.0.0.1", server.port()));
        channels.add(channel);
        connections.add(connect(channel, server.port()));
      }
      for (int round = 0; round < 3; round++) {
        for (TlsTransport connection : connections) {
          exchange(connection);
          assertThat(connection.releaseIdleBuffers()).isEqualTo(Liveness.ALIVE);
        }
      }
    } finally {
      for (SocketChannel channel : channels) {
        channel.close();
      }
    }

    assertThat(made).hasValue(1);
  }

  @Test
  void keyUpdateThatCannotBeAnsweredAtOnceIsNotWaitedFor() throws Exception {
    CountDownLatch idle = new CountDownLatch(1);
    CountDownLatch sent = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    try (ServerSocket listener = new ServerSocket();
        SocketChannel channel = SocketChannel.open()) {
      // Fixed sizes: what is full stays full.
      listener.setReceiveBufferSize(8192);
      listener.bind(new InetSocketAddress("127.0.0.1", 0));
      channel.setOption(StandardSocketOptions.SO_SNDBUF, 8192);
      channel.connect(listener.getLocalSocketAddress());
      Thread server = new Thread(() -> updateKey(listener, idle, sent, done), "testkit-key-update");
      server.start();
      TlsTransport transport = connect(channel, listener.getLocalPort());
      idle.countDown();
      sent.await();
      channel.configureBlocking(false);
      assertThat(transport.receive()).isPositive();
      for (int piece : new int[] {100_000, 1}) {
        while (channel.write(ByteBuffer.allocate(piece)) > 0) {
          // The server reads nothing.
        }
      }
      channel.configureBlocking(true);

      assertThatThrownBy(transport::processReceived).hasMessageContaining("takes nothing");

      done.countDown();
      server.join();
    }
  }

  private void updateKey(
      ServerSocket listener, CountDownLatch idle, CountDownLatch sent, CountDownLatch done) {
    try (Socket socket = listener.accept()) {
      SSLSocket tls = ca.handshake(socket);
      idle.await();
      // Asks for a key update in return.
      tls.startHandshake();
      sent.countDown();
      done.await();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private TlsTransport connect(SocketChannel channel, int port) throws Exception {
    return TlsLayer.handshake(
        channel,
        new Endpoint("https", "127.0.0.1", port),
        TlsConfig.builder().sslContext(ca.clientContext()).build(),
        bufferPool);
  }

  private static void exchange(TlsTransport connection) throws Exception {
    byte[] request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(US_ASCII);
    connection.write(request, 0, request.length);
    StringBuilder answer = new StringBuilder();
    byte[] piece = new byte[7];
    while (!answer.toString().endsWith("\r\n\r\nok")) {
      int n = connection.read(piece, 0, piece.length);
      assertThat(n).isPositive();
      answer.append(new String(piece, 0, n, US_ASCII));
    }
  }
}
