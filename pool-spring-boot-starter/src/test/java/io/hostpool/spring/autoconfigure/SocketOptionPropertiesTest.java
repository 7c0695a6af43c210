package io.hostpool.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostpool.Session;
import io.hostpool.http.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Options of sockets that are set in the properties, seen by what a server can send. */
@Timeout(60)
class SocketOptionPropertiesTest {

  private static final int FRUITLESS_WRITES = 10_000;
  private static final int BODY_BYTES = 64 << 20;

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(HostpoolAutoConfiguration.class));

  @Test
  void serverCanSendNoMoreAheadThanTheReceiveBufferHolds() {
    int small = bytesSentAhead("hostpool.receive-buffer-size=8KB");
    int large = bytesSentAhead("hostpool.receive-buffer-size=200KB");

    assertThat(small).isLessThan(large / 2);
  }

  private int bytesSentAhead(String property) {
    int[] sent = new int[1];
    runner
        .withPropertyValues(property)
        .run(
            context -> {
              try (ServerSocketChannel listener = ServerSocketChannel.open()) {
                listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                FutureTask<Integer> server = serve(() -> sendUntilFull(listener));
                String url = "http:/" + listener.getLocalAddress();
                Session session = context.getBean(Session.class);
                try (Response unread = session.get(url, r -> r.stream(true))) {
                  assertThat(unread.status()).isEqualTo(200);
                  sent[0] = server.get();
                }
              }
            });
    return sent[0];
  }

  private static FutureTask<Integer> serve(Callable<Integer> action) {
    FutureTask<Integer> task = new FutureTask<>(action);
    new Thread(task, "test-server").start();
    return task;
  }

  private static int sendUntilFull(ServerSocketChannel listener) throws IOException {
    try (SocketChannel client = listener.accept()) {
      client.setOption(StandardSocketOptions.SO_SNDBUF, 4096);
      client.read(ByteBuffer.allocate(8192));
      String head = "HTTP/1.1 200 OK\r\nContent-Length: " + BODY_BYTES + "\r\n\r\n";
      client.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
      client.configureBlocking(false);
      int sent = 0;
      int fruitless = 0;
      while (fruitless < FRUITLESS_WRITES && sent < BODY_BYTES) {
        int count = client.write(ByteBuffer.allocate(4096));
        sent += count;
        fruitless = count == 0 ? fruitless + 1 : 0;
      }
      return sent;
    }
  }
}
