package io.hostpool.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the figures are to be, and what they are. */
final class Targets {

  /** Clients that a user would take instead, Spring's facade left out. */
  private static final List<String> PEERS =
      List.of(Clients.HTTP_CLIENT, "HttpClient 5 LAX", "OkHttp", "JDK", "Jetty");

  private static final String REST = "RestClient over hostpool";
  private static final String REST_HTTP_CLIENT = "RestClient over HttpClient 5";

  private final List<Cell> cells;
  private final Map<String, Map<String, Double>> idleBytes;
  private final TargetTable table = new TargetTable();

  Targets(List<Cell> cells, Map<String, Map<String, Double>> idleBytes) {
    this.cells = cells;
    this.idleBytes = idleBytes;
  }

  TargetTable table() {
    for (Cell cell : cells) {
      if (cell.workload == Workload.GET_100 && cell.threads == 16) {
        cpu(cell, Clients.POOL, 1.15);
        cpu(cell, Clients.SESSION, 1.30);
        bytes(cell);
      }
      if (cell.workload != Workload.MANY_HOSTS) {
        // Half of the peers keep every connection there.
        throughput(cell);
      }
      if (cell.workload == Workload.SHARED_16 && has(cell, Clients.SESSION, Clients.HTTP_CLIENT)) {
        double ratio = cell.ratio(Clients.SESSION, Clients.HTTP_CLIENT, Round::p99);
        table.atMost(cell.title() + ": p99 of Session / HttpClient 5", 0.8, ratio);
      }
    }
    restClient();
    idle();
    return table;
  }

  private void cpu(Cell cell, String client, double target) {
    if (has(cell, client, Clients.BARE)) {
      double ratio = cell.ratio(client, Clients.BARE, Round::cpuMicros);
      table.atMost(cell.title() + ": CPU of " + client + " / bare", target, ratio);
    }
  }

  private void bytes(Cell cell) {
    double least = Double.MAX_VALUE;
    for (String peer : PEERS) {
      if (cell.has(peer)) {
        least = Math.min(least, cell.median(peer, Round::bytes));
      }
    }
    if (cell.has(Clients.SESSION) && least < Double.MAX_VALUE) {
      double ratio = cell.median(Clients.SESSION, Round::bytes) / least;
      table.atMost(cell.title() + ": bytes of Session / least of the peers", 1.0, ratio);
    }
  }

  /** Against each peer by itself: the best of several would be the luckiest in each round. */
  private void throughput(Cell cell) {
    double least = Double.MAX_VALUE;
    String best = "";
    for (String peer : PEERS) {
      if (has(cell, peer, Clients.SESSION)) {
        double ratio = cell.ratio(Clients.SESSION, peer, Round::throughput);
        if (ratio < least) {
          least = ratio;
          best = peer;
        }
      }
    }
    if (!best.isEmpty()) {
      table.atLeast(
          cell.title() + ": throughput of Session / best peer (" + best + ")", 1.15, least);
    }
  }

  private void restClient() {
    List<Double> ratios = new ArrayList<>();
    for (Cell cell : cells) {
      if (has(cell, REST, REST_HTTP_CLIENT)) {
        ratios.add(cell.ratio(REST, REST_HTTP_CLIENT, Round::throughput));
      }
    }
    if (!ratios.isEmpty()) {
      double[] all = ratios.stream().mapToDouble(Double::doubleValue).toArray();
      table.atLeast(
          "throughput of " + REST + " / HttpClient 5, median of cells", 1.1, Cell.median(all));
    }
  }

  private void idle() {
    idleBytes.forEach(
        (scheme, bytes) -> {
          double least = Double.MAX_VALUE;
          for (String peer : PEERS) {
            least = Math.min(least, bytes.getOrDefault(peer, Double.MAX_VALUE));
          }
          Double ours = bytes.get(Clients.SESSION);
          if (ours == null || least == Double.MAX_VALUE) {
            return;
          }
          if (scheme.equals("http")) {
            table.atMost("heap of an idle http connection, KiB", 4, ours / 1024);
          }
          double target = scheme.equals("http") ? 0.25 : 1.0;
          table.atMost(
              "heap of an idle " + scheme + " connection / best peer", target, ours / least);
        });
  }

  private static boolean has(Cell cell, String first, String second) {
    return cell.has(first) && cell.has(second);
  }
}
