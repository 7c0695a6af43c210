package io.hostpool.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;

/**
 * Answers no request before as many as it was told have arrived, each on a connection of its own:
 * so that a client has that many connections for certain. Runs as a process until its input ends.
 * {@code GateServer count [key store]}; prints its port.
 */
final class GateServer {

  private static final byte[] ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);

  private final CountDownLatch missing;

  private GateServer(int count) {
    this.missing = new CountDownLatch(count);
  }

  public static void main(String[] args) throws Exception {
    GateServer gate = new GateServer(Integer.parseInt(args[0]));
    ServerSocket server =
        args.length > 1
            ? EmbeddedServer.context(Path.of(args[1])).getServerSocketFactory().createServerSocket()
            : new ServerSocket();
    server.bind(new java.net.InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 8192);
    System.out.println(server.getLocalPort());
    ThreadFactory threads = Callers.factory(Callers.hasVirtual());
    Thread acceptor = new Thread(() -> gate.accept(server, threads));
    acceptor.setDaemon(true);
    acceptor.start();
    while (System.in.read() >= 0) {
      // Until the parent closes it.
    }
    System.exit(0);
  }

  private void accept(ServerSocket server, ThreadFactory threads) {
    while (true) {
      try {
        Socket socket = server.accept();
        threads.newThread(() -> serve(socket)).start();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      while (true) {
        String line = in.readLine();
        while (line != null && !line.isEmpty()) {
          line = in.readLine();
        }
        if (line == null) {
          return;
        }
        missing.countDown();
        missing.await();
        socket.getOutputStream().write(ANSWER);
        socket.getOutputStream().flush();
      }
    } catch (IOException clientIsGone) {
      // The client says why, if it matters.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
