package io.hostpool.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Writes the figures as JSON and as tables. */
final class Report {

  private final Map<String, String> machine;
  private final List<Cell> cells;
  private final Map<String, Map<String, Double>> idleBytes;

  Report(
      Map<String, String> machine, List<Cell> cells, Map<String, Map<String, Double>> idleBytes) {
    this.machine = machine;
    this.cells = cells;
    this.idleBytes = idleBytes;
  }

  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("machine", machine);
    all.put("idleBytesPerConnection", idleBytes);
    all.put("results", cells.stream().flatMap(cell -> cell.rows().stream()).toList());
    JsonMapper.shared()
        .writerWithDefaultPrettyPrinter()
        .writeValue(folder.resolve("side-by-side.json").toFile(), all);
    String text = text();
    Files.writeString(folder.resolve("side-by-side.md"), text);
    System.out.println(text);
  }

  private String text() {
    StringBuilder text = new StringBuilder("# Side by side\n\n");
    machine.forEach(
        (key, value) -> text.append("- ").append(key).append(": ").append(value).append('\n'));
    text.append(
        "\n× is the median of the ratios to the bare socket of the same round; the rest are"
            + " medians. Opened is connections for a thousand requests, failed is requests without an answer.\n");
    text.append(new Targets(cells, idleBytes).table().markdown());
    idle(text);
    for (Cell cell : cells) {
      text.append("\n## ").append(cell.title()).append("\n\n").append(table(cell));
    }
    return text.toString();
  }

  private void idle(StringBuilder text) {
    if (idleBytes.isEmpty()) {
      return;
    }
    text.append(
        "\n## Heap of an idle connection\n\n| Client | http, B | https, B |\n|---|---|---|\n");
    Map<String, Double> https = idleBytes.get("https");
    idleBytes
        .get("http")
        .forEach(
            (client, bytes) ->
                text.append(
                    String.format(
                        Locale.ROOT, "| %s | %.0f | %.0f |%n", client, bytes, https.get(client))));
  }

  static String table(Cell cell) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| Client | requests/s | × | CPU µs | × | B | p50 µs | p99 µs | × | p99.9 µs | opened | failed |");
    lines.add("|---|---|---|---|---|---|---|---|---|---|---|---|");
    for (Map<String, Object> row : cell.rows()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "| %s | %.0f | %.2f | %.1f | %.2f | %.0f | %.0f | %.0f | %.2f | %.0f | %.2f | %d |",
              row.get("client"),
              row.get("requestsPerSecond"),
              row.get("throughputToBare"),
              row.get("cpuMicros"),
              row.get("cpuToBare"),
              row.get("bytes"),
              row.get("p50Micros"),
              row.get("p99Micros"),
              row.get("p99ToBare"),
              row.get("p999Micros"),
              row.get("openedPerThousand"),
              row.get("failed")));
    }
    return String.join("\n", lines) + "\n";
  }
}
