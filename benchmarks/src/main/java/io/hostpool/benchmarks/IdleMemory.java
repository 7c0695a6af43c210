package io.hostpool.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import javax.net.ssl.SSLContext;

/** How much heap a client holds for each idle connection. */
final class IdleMemory {

  private final int connections;
  private final Path keyStore;
  private final SSLContext tls;

  /**
   * @param connections how many each client is to have idle at once
   */
  IdleMemory(int connections, Path keyStore, SSLContext tls) {
    this.connections = connections;
    this.keyStore = keyStore;
    this.tls = tls;
  }

  /** Returns the bytes for each idle connection, the client's own share of them included. */
  double measure(Function<ClientSetup, Client> maker, boolean secure) throws Exception {
    Process gate = startGate(secure);
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(gate.getInputStream(), StandardCharsets.US_ASCII))) {
      String url = (secure ? "https" : "http") + "://127.0.0.1:" + out.readLine() + "/";
      long before = Meter.liveHeapBytes();
      try (Client client = maker.apply(new ClientSetup(connections, 10, connections, tls))) {
        callAtOnce(client, url);
        return (double) (Meter.liveHeapBytes() - before) / connections;
      }
    } finally {
      gate.getOutputStream().close();
      gate.waitFor();
    }
  }

  private Process startGate(boolean secure) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx2g", "-cp", System.getProperty("java.class.path")));
    command.add(GateServer.class.getName());
    command.add(Integer.toString(connections));
    if (secure) {
      command.add(keyStore.toString());
    }
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private void callAtOnce(Client client, String url) throws InterruptedException {
    ThreadFactory factory = Callers.factory(Callers.hasVirtual());
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      Thread thread =
          factory.newThread(
              () -> {
                try {
                  client.get(url);
                } catch (Throwable e) {
                  failure.compareAndSet(null, e);
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (failure.get() != null) {
      throw new IllegalStateException("a request failed: " + failure.get(), failure.get());
    }
  }
}
