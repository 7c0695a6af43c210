package io.hostpool.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Figures beside what they are to be, as Markdown. Not thread-safe. */
final class TargetTable {

  private final List<String> rows = new ArrayList<>();

  void atMost(String figure, double target, double measured) {
    row(figure, "≤ ", target, measured, measured <= target);
  }

  void atLeast(String figure, double target, double measured) {
    row(figure, "≥ ", target, measured, measured >= target);
  }

  /** Returns a section of its own, nothing if there are no figures. */
  String markdown() {
    if (rows.isEmpty()) {
      return "";
    }
    String head = "\n## Targets\n\n| Figure | Target | Measured | |\n|---|---|---|---|\n";
    return head + String.join("\n", rows) + "\n";
  }

  private void row(String figure, String sign, double target, double measured, boolean met) {
    rows.add(
        String.format(
            Locale.ROOT,
            "| %s | %s%.2f | %.2f | %s |",
            figure,
            sign,
            target,
            measured,
            met ? "met" : "missed"));
  }
}
