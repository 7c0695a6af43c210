package io.hostpool.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** All rounds of all clients with one workload and one number of threads. Not thread-safe. */
final class Cell {

  final Workload workload;
  final int threads;
  final boolean virtual;

  private final Map<String, List<Round>> rounds = new LinkedHashMap<>();

  /** Connections that a client opened in all rounds that count, per thousand requests. */
  private final Map<String, Double> opened = new LinkedHashMap<>();

  Cell(Workload workload, int threads, boolean virtual) {
    this.workload = workload;
    this.threads = threads;
    this.virtual = virtual;
  }

  String title() {
    return workload.title() + ", " + threads + (virtual ? " virtual" : "") + " threads";
  }

  void add(String client, Round round) {
    rounds.computeIfAbsent(client, k -> new ArrayList<>()).add(round);
  }

  /** Forgets a client that failed. */
  void drop(String client) {
    rounds.remove(client);
  }

  void opened(String client, long connections) {
    long requests = rounds.get(client).stream().mapToLong(Round::requests).sum();
    opened.merge(client, 1000.0 * connections / requests, Double::sum);
  }

  boolean has(String client) {
    return rounds.containsKey(client);
  }

  Iterable<String> clients() {
    return Collections.unmodifiableSet(rounds.keySet());
  }

  double median(String client, ToDoubleFunction<Round> figure) {
    return median(rounds.get(client).stream().mapToDouble(figure).toArray());
  }

  /** Returns the median of what a client's figure is to the other's figure of the same round. */
  double ratio(String client, String other, ToDoubleFunction<Round> figure) {
    return median(ratios(client, other, figure));
  }

  private double[] ratios(String client, String other, ToDoubleFunction<Round> figure) {
    List<Round> ours = rounds.get(client);
    List<Round> theirs = rounds.get(other);
    double[] ratios = new double[ours.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = figure.applyAsDouble(ours.get(i)) / figure.applyAsDouble(theirs.get(i));
    }
    return ratios;
  }

  /** Returns the rows of this cell, one per client, for a file that programs read. */
  List<Map<String, Object>> rows() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String client : clients()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("workload", workload.name());
      row.put("threads", threads);
      row.put("virtual", virtual);
      row.put("client", client);
      row.put("rounds", rounds.get(client).size());
      row.put("requestsPerSecond", rounded(median(client, Round::throughput)));
      row.put("cpuMicros", rounded(median(client, Round::cpuMicros)));
      row.put("bytes", rounded(median(client, Round::bytes)));
      row.put("p50Micros", median(client, Round::p50));
      row.put("p99Micros", median(client, Round::p99));
      row.put("p999Micros", median(client, Round::p999));
      row.put("throughputToBare", rounded(ratio(client, Clients.BARE, Round::throughput)));
      row.put("cpuToBare", rounded(ratio(client, Clients.BARE, Round::cpuMicros)));
      row.put("p99ToBare", rounded(ratio(client, Clients.BARE, Round::p99)));
      double[] spread = ratios(client, Clients.BARE, Round::throughput);
      Arrays.sort(spread);
      row.put("throughputToBareLeast", rounded(spread[0]));
      row.put("throughputToBareMost", rounded(spread[spread.length - 1]));
      row.put("failed", rounds.get(client).stream().mapToLong(Round::failed).sum());
      row.put("openedPerThousand", rounded(opened.getOrDefault(client, 0.0)));
      rows.add(row);
    }
    return rows;
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
