package io.hostpool.benchmarks;

import io.hostpool.pool.BackgroundShare;
import io.hostpool.pool.LargeSweep;
import io.hostpool.pool.MakingRoom;
import io.hostpool.pool.PoolManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Measures what grows with the number of pools and of idle connections, and writes it as JSON and
 * as a table: each figure the best of several runs. {@code RunManyPools [folder] [file]}, where
 * file is the JSON of another run to be shown beside.
 */
public final class RunManyPools {

  private static final int RUNS = 2;
  private static final int SHORT_RUNS = 6;

  private static final String ROOM = "lease that must make room, µs";
  private static final String IDLE = "background thread, nothing due, % of a processor";
  private static final String DUE = "background thread, a tenth due each second, % of a processor";
  private static final String SWEEP = "sweep of a pool, half of it due, ms";
  private static final String HOLD = "longest hold of the pool's lock in that sweep, ms";
  private static final String REMOVED = "connections taken out under one hold in that sweep";
  private static final String GAUGE = "reading the number of pools, µs";
  private static final String SCRAPE = "reading all meters, ms";
  private static final String ALLOCATED = "allocated by reading all meters, B a pool";
  private static final String EMPTY = "an empty pool, B";

  private static final String COMMAND =
      "mvn -Pbenchmarks,many-pools -pl benchmarks -am -DskipTests verify";

  private final Map<String, Map<Integer, Double>> figures = new LinkedHashMap<>();

  private RunManyPools() {}

  @FunctionalInterface
  private interface Measured {
    double of(int size) throws Exception;
  }

  public static void main(String[] args) throws Exception {
    RunManyPools run = new RunManyPools();
    run.measure();
    run.write(
        Path.of(args.length > 0 ? args[0] : "results"),
        args.length > 1 ? JsonMapper.shared().readTree(Path.of(args[1]).toFile()) : null);
  }

  private void measure() throws Exception {
    // First: what is left of the other figures would be collected in between.
    best(EMPTY, RUNS, RunManyPools::bytesOfAnEmptyPool, 10_000);
    best(ROOM, SHORT_RUNS, MakingRoom::micros, 1_000, 10_000, 100_000);
    best(IDLE, RUNS, BackgroundShare::percentWithNothingDue, 1_000, 10_000, 100_000);
    best(DUE, RUNS, BackgroundShare::percentWithATenthDue, 1_000, 10_000, 100_000);
    best(SWEEP, SHORT_RUNS, size -> LargeSweep.of(size).millis(), 100_000);
    best(HOLD, SHORT_RUNS, size -> LargeSweep.of(size).longestHoldMillis(), 100_000);
    best(REMOVED, 1, size -> LargeSweep.of(size).mostRemoved(), 100_000);
    best(GAUGE, RUNS, ManyMeters::gaugeMicros, 1_000, 100_000);
    best(SCRAPE, RUNS, size -> ManyMeters.scrape(size).millis(), 1_000, 10_000);
    best(ALLOCATED, 1, size -> ManyMeters.scrape(size).bytes(), 1_000, 10_000);
  }

  private void best(String figure, int runs, Measured measured, int... sizes) throws Exception {
    for (int size : sizes) {
      double best = Double.MAX_VALUE;
      for (int i = 0; i < runs; i++) {
        best = Math.min(best, measured.of(size));
      }
      System.out.printf(Locale.ROOT, "%s: %,d: %.3f%n", figure, size, best);
      figures.computeIfAbsent(figure, key -> new LinkedHashMap<>()).put(size, best);
    }
  }

  private static double bytesOfAnEmptyPool(int count) throws InterruptedException {
    long before = Meter.liveHeapBytes();
    try (PoolManager manager = PoolManager.create(count)) {
      for (int i = 0; i < count; i++) {
        manager.connectionFromHost("host" + i + ".example", 80, "http");
      }
      return (double) (Meter.liveHeapBytes() - before) / manager.pools().size();
    }
  }

  private TargetTable targets() {
    TargetTable table = new TargetTable();
    Map<Integer, Double> room = figures.get(ROOM);
    table.atMost(
        "lease that must make room: 100,000 pools / 1,000 pools",
        3,
        room.get(100_000) / room.get(1_000));
    table.atMost(IDLE + ", 100,000 pools", 0.1, figures.get(IDLE).get(100_000));
    table.atMost(REMOVED, 500, figures.get(REMOVED).get(100_000));
    table.atMost(GAUGE + ", 100,000 pools", 1, figures.get(GAUGE).get(100_000));
    table.atMost(EMPTY, 1_536, figures.get(EMPTY).get(10_000));
    return table;
  }

  private void write(Path folder, @Nullable JsonNode beside) throws IOException {
    Files.createDirectories(folder);
    Map<String, String> machine = Machine.describe();
    machine.put("command", COMMAND);
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("machine", machine);
    all.put("results", figures);
    JsonMapper.shared()
        .writerWithDefaultPrettyPrinter()
        .writeValue(folder.resolve("many-pools.json").toFile(), all);
    List<String> lines = new ArrayList<>(List.of("# Many pools", ""));
    machine.forEach((key, value) -> lines.add("- " + key + ": " + value));
    String other = beside == null ? "" : " " + beside.at("/machine/commit").asString() + " |";
    lines.add(targets().markdown());
    lines.add("## All\n");
    lines.add(
        "Each figure is the best of several runs: what else the machine does makes it worse.\n");
    lines.add("| Figure | Pools, or connections of one | Measured |" + other);
    lines.add("|---|---|---|" + (beside == null ? "" : "---|"));
    figures.forEach(
        (figure, sizes) ->
            sizes.forEach((size, value) -> lines.add(row(figure, size, value, beside))));
    String text = String.join("\n", lines) + "\n";
    Files.writeString(folder.resolve("many-pools.md"), text);
    System.out.println(text);
  }

  private static String row(String figure, int size, double value, @Nullable JsonNode beside) {
    String row = String.format(Locale.ROOT, "| %s | %,d | %.3f |", figure, size, value);
    if (beside == null) {
      return row;
    }
    double other = beside.path("results").path(figure).path(Integer.toString(size)).asDouble();
    return row + String.format(Locale.ROOT, " %.3f |", other);
  }
}
