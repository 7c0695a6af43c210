package io.hostpool.benchmarks;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;

/** What the figures of the micro-benchmarks are to be, and what they are. */
final class JmhTargets {

  private static final int MANY_THREADS = 16;
  private static final String OURS = "hostpool";
  private static final String STRICT = "strict";

  /** Without time limits, as the other pools of the benchmark are set up. */
  private static final String UNTIMED = "untimed";

  private final Map<String, Double> leases = new LinkedHashMap<>();
  private final Map<String, Double> lookUps = new LinkedHashMap<>();

  /** Takes in what one benchmark brought with one number of threads. */
  void add(Collection<RunResult> results, int threads) {
    for (RunResult result : results) {
      String name = result.getParams().getBenchmark();
      double score = result.getPrimaryResult().getScore();
      if (name.endsWith(".leaseAndRelease") && threads == MANY_THREADS) {
        leases.put(result.getParams().getParam("pool"), score);
      } else if (name.endsWith("LookUpBenchmark.manager")) {
        lookUps.put(result.getParams().getParam("pools") + " pools, " + threads, score);
      }
    }
  }

  TargetTable table() {
    TargetTable table = new TargetTable();
    double best =
        leases.entrySet().stream()
            .filter(pool -> !pool.getKey().equals(OURS) && !pool.getKey().equals(UNTIMED))
            .mapToDouble(Map.Entry::getValue)
            .max()
            .orElse(Double.NaN);
    for (String ours : new String[] {OURS, UNTIMED}) {
      if (leases.containsKey(ours) && leases.containsKey(STRICT)) {
        String figure = "lease and release, 16 threads over 10 connections: " + ours + " / ";
        table.atLeast(figure + "StrictConnPool", 5, leases.get(ours) / leases.get(STRICT));
        table.atLeast(figure + "best of the other pools", 1, leases.get(ours) / best);
      }
    }
    for (int threads : new int[] {1, MANY_THREADS}) {
      Double few = lookUps.get("10 pools, " + threads);
      Double many = lookUps.get("100000 pools, " + threads);
      if (few != null && many != null) {
        String figure = "look-up of a pool, %d threads: among 100,000 / among 10";
        table.atMost(String.format(Locale.ROOT, figure, threads), 1.5, many / few);
      }
    }
    return table;
  }
}
