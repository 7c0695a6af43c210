package io.hostpool.benchmarks;

import io.hostpool.pool.LeaseBenchmark;
import io.hostpool.pool.LookUpBenchmark;
import io.hostpool.pool.ProbeBenchmark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs all micro-benchmarks with the numbers of threads that matter, and writes what they found as
 * JSON and as a table. {@code RunJmh [folder] [quick]}.
 */
public final class RunJmh {

  private final boolean quick;
  private final List<Map<String, Object>> rows = new ArrayList<>();
  private final JmhTargets targets = new JmhTargets();

  private RunJmh(boolean quick) {
    this.quick = quick;
  }

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args.length > 0 ? args[0] : "results");
    new RunJmh(args.length > 1 && args[1].equals("quick")).run(folder);
  }

  private void run(Path folder) throws Exception {
    for (int threads : new int[] {1, 4, 16, 64}) {
      run(LeaseBenchmark.class, threads);
    }
    run(LookUpBenchmark.class, 1);
    run(LookUpBenchmark.class, 16);
    run(MountBenchmark.class, 1);
    run(ProbeBenchmark.class, 1);
    write(folder);
  }

  private void run(Class<?> benchmark, int threads) throws Exception {
    OptionsBuilder options = new OptionsBuilder();
    options.include(benchmark.getName().replace(".", "\\.")).threads(threads);
    options.addProfiler(GCProfiler.class).shouldFailOnError(true);
    if (quick) {
      options.forks(1).warmupIterations(1).measurementIterations(2);
      options.warmupTime(TimeValue.milliseconds(300)).measurementTime(TimeValue.milliseconds(300));
    }
    Options built = options.build();
    Collection<RunResult> results = new Runner(built).run();
    targets.add(results, threads);
    for (RunResult result : results) {
      rows.add(row(result, threads));
    }
  }

  private static Map<String, Object> row(RunResult result, int threads) {
    Map<String, Object> row = new LinkedHashMap<>();
    String name = result.getParams().getBenchmark();
    row.put("benchmark", name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1));
    StringBuilder parameters = new StringBuilder();
    for (String key : result.getParams().getParamsKeys()) {
      parameters.append(key).append('=').append(result.getParams().getParam(key)).append(' ');
    }
    row.put("parameters", parameters.toString().trim());
    row.put("threads", threads);
    Result<?> primary = result.getPrimaryResult();
    row.put("score", primary.getScore());
    row.put("error", primary.getScoreError());
    row.put("unit", primary.getScoreUnit());
    Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
    row.put("bytes", allocated == null ? Double.NaN : allocated.getScore());
    return row;
  }

  private void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Map<String, String> machine = Machine.describe();
    machine.put("mode", quick ? "quick: 2 iterations of 0.3 s" : "5 iterations of 1 s");
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("machine", machine);
    all.put("results", rows);
    JsonMapper.shared()
        .writerWithDefaultPrettyPrinter()
        .writeValue(folder.resolve("jmh.json").toFile(), all);
    StringBuilder table = new StringBuilder("# Micro-benchmarks\n\n");
    machine.forEach(
        (key, value) -> table.append("- ").append(key).append(": ").append(value).append('\n'));
    table.append(targets.table().markdown());
    table.append("\n## All\n");
    table.append(
        "\n| Benchmark | Parameters | Threads | Score | ± | Unit | Bytes an operation |\n");
    table.append("|---|---|---|---|---|---|---|\n");
    for (Map<String, Object> row : rows) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %.3f | %.3f | %s | %.1f |%n",
              row.get("benchmark"),
              row.get("parameters"),
              row.get("threads"),
              row.get("score"),
              row.get("error"),
              row.get("unit"),
              row.get("bytes")));
    }
    Files.writeString(folder.resolve("jmh.md"), table);
    System.out.println(table);
  }
}
