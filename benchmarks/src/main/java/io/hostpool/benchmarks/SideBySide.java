package io.hostpool.benchmarks;

import io.hostpool.testkit.TestCa;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Runs all clients against one server on loopback, in short rounds that take turns, and writes what
 * each did in relation to a bare socket. See benchmarks/README.md for the words of its command
 * line.
 */
public final class SideBySide {

  private static final long WARM_UP_NANOS = 3_000_000_000L;

  private final Plan plan;
  private final Map<String, Function<ClientSetup, Client>> clients = new LinkedHashMap<>();
  private final List<Cell> cells;
  private final Map<String, Map<String, Double>> idleBytes = new LinkedHashMap<>();
  private final Map<String, String> machine = Machine.describe();
  private long partsLeft;

  private SideBySide(Plan plan) {
    this.plan = plan;
    this.cells = plan.cells();
    Clients.all()
        .forEach(
            (name, maker) -> {
              if (plan.runs(name)) {
                clients.put(name, maker);
              }
            });
  }

  public static void main(String[] args) throws Exception {
    Plan plan;
    try {
      plan = Plan.of(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    Path folder = Files.createTempDirectory("hostpool-benchmark");
    try {
      new SideBySide(plan).run(folder);
    } finally {
      delete(folder);
    }
    // Some clients leave threads that are no daemons.
    System.exit(0);
  }

  private void run(Path folder) throws Exception {
    TestCa ca = TestCa.create();
    KeyStore key = ca.serverKeyStore("127.0.0.1", "localhost");
    Path keyFile = folder.resolve("server.p12");
    try (OutputStream out = Files.newOutputStream(keyFile)) {
      key.store(out, TestCa.password());
    }
    SSLContext tls = ca.clientContext();
    if (plan.idle() > 0) {
      measureIdle(new IdleMemory(plan.idle(), keyFile, tls));
    }
    if (!cells.isEmpty()) {
      try (Upstream upstream = Upstream.start(folder, key, keyFile)) {
        machine.put("server", upstream.name());
        measureCells(upstream, tls);
      }
    }
    new Report(machine, cells, idleBytes).write(plan.folder());
  }

  private void measureIdle(IdleMemory memory) throws Exception {
    for (boolean secure : new boolean[] {false, true}) {
      Map<String, Double> bytes = new LinkedHashMap<>();
      for (var client : clients.entrySet()) {
        // The first time loads classes, which stay.
        memory.measure(client.getValue(), secure);
        double measured = memory.measure(client.getValue(), secure);
        bytes.put(client.getKey(), measured);
        System.out.printf(
            "idle %s: %s: %.0f B a connection%n",
            secure ? "https" : "http", client.getKey(), measured);
      }
      idleBytes.put(secure ? "https" : "http", bytes);
    }
  }

  private void measureCells(Upstream upstream, SSLContext tls) throws Exception {
    partsLeft = (long) cells.size() * clients.size() * (plan.rounds() + plan.warmups());
    for (Map.Entry<String, Function<ClientSetup, Client>> client : clients.entrySet()) {
      System.out.println("warm-up: " + client.getKey());
      try (Client warm = client.getValue().apply(Workload.GET_100.setup(16, tls))) {
        Round.run(16, false, WARM_UP_NANOS, Workload.GET_100.call(warm, upstream, 16));
      }
    }
    for (Cell cell : cells) {
      measure(cell, upstream, tls);
    }
  }

  private void measure(Cell cell, Upstream upstream, SSLContext tls) throws Exception {
    Map<String, Client> open = new LinkedHashMap<>();
    Map<String, Round.Call> calls = new LinkedHashMap<>();
    Map<String, Long> opened = new LinkedHashMap<>();
    try {
      for (var client : clients.entrySet()) {
        if (!cell.workload.needsLimit() || Clients.hasLimit(client.getKey())) {
          Client made = client.getValue().apply(cell.workload.setup(cell.threads, tls));
          open.put(client.getKey(), made);
          calls.put(client.getKey(), cell.workload.call(made, upstream, cell.threads));
          opened.put(client.getKey(), 0L);
        }
      }
      for (int round = -plan.warmups(); round < plan.rounds(); round++) {
        for (String client : List.copyOf(calls.keySet())) {
          long accepted = upstream.accepted();
          Round done = run(cell, calls.get(client));
          if (done == null) {
            System.out.println(client + " is left out of " + cell.title());
            calls.remove(client);
            opened.remove(client);
            cell.drop(client);
          } else if (round >= 0) {
            cell.add(client, done);
            long connections = upstream.accepted() - accepted - 1;
            opened.merge(client, connections, Long::sum);
          }
        }
        progress(cell, round);
      }
      opened.forEach(cell::opened);
    } finally {
      for (Client client : open.values()) {
        client.close();
      }
    }
    System.out.println(Report.table(cell));
  }

  /** Returns null if the client fails too often: the others' figures are worth having. */
  private @Nullable Round run(Cell cell, Round.Call call) throws InterruptedException {
    try {
      return Round.run(cell.threads, cell.virtual, plan.millis() * 1_000_000L, call);
    } catch (IllegalStateException e) {
      System.out.println(e.getMessage());
      return null;
    }
  }

  private void progress(Cell cell, int round) {
    partsLeft -= clients.size();
    String name = round < 0 ? "warm-up" : "round " + (round + 1) + " of " + plan.rounds();
    System.out.printf(
        "%s: %s, about %d s left%n", cell.title(), name, partsLeft * plan.millis() * 11 / 10_000);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
