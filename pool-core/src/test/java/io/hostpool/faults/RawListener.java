package io.hostpool.faults;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Takes one connection after another and lets a test do with each what it likes. */
final class RawListener implements AutoCloseable {

  private final ServerSocket listener;
  private final Thread thread;

  /** Uses the connection; what it throws ends it. */
  @FunctionalInterface
  interface Script {
    void run(Socket socket) throws Exception;
  }

  RawListener(Script script) throws IOException {
    this(new ServerSocket(), script);
  }

  RawListener(ServerSocket unbound, Script script) throws IOException {
    listener = unbound;
    listener.bind(new InetSocketAddress("127.0.0.1", 0), 10);
    thread = new Thread(() -> serve(script), "testkit-raw-" + listener.getLocalPort());
    thread.start();
  }

  int port() {
    return listener.getLocalPort();
  }

  private void serve(Script script) {
    while (!listener.isClosed()) {
      try (Socket socket = listener.accept()) {
        script.run(socket);
      } catch (Exception clientWentAway) {
        // The test looks at what its client saw.
      }
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    listener.close();
    thread.interrupt();
    thread.join(10_000);
  }
}
