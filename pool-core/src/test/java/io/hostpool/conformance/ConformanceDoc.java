package io.hostpool.conformance;

import io.hostpool.conformance.ReplayCase.Corpus;
import io.hostpool.conformance.ReplayCase.Expected;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The tables of {@code docs/conformance.md} that follow from a run. Not instantiable. */
final class ConformanceDoc {

  private static final Path FILE = Path.of("..", "docs", "conformance.md");
  private static final String BEGIN = "<!-- figures of ResponseConformanceSocketTest -->\n";
  private static final String END = "<!-- end of figures -->\n";

  private ConformanceDoc() {}

  static String read() throws IOException {
    return Files.readString(FILE);
  }

  /** Returns the document with its tables replaced by those of {@code run}. */
  static String with(String document, ConformanceRun run) {
    int begin = document.indexOf(BEGIN) + BEGIN.length();
    int end = document.indexOf(END);
    return document.substring(0, begin) + tables(run) + document.substring(end);
  }

  static void write(String document) throws IOException {
    Files.writeString(FILE, document);
  }

  private static String tables(ConformanceRun run) {
    StringBuilder out = new StringBuilder("\n");
    row(
        out,
        "Corpus",
        "Cases",
        "Poisoned",
        "Hung",
        "Next failed",
        "Split differs",
        "Must reject",
        "accepted",
        "Must accept",
        "rejected");
    row(out, "---", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:");
    for (Corpus corpus : Corpus.values()) {
      figures(out, corpus.title, run.figures(List.of(corpus)));
    }
    figures(out, "all", run.figures(List.of(Corpus.values())));
    out.append("\n### Disagreements\n\n");
    row(out, "Case", "Says", "Hostpool", "Clause", "Why");
    row(out, "---", "---", "---", "---", "---");
    for (Corpus corpus : Corpus.values()) {
      run.of(corpus, ConformanceRun.Result::isDisagreement).forEach(r -> disagreement(out, r));
    }
    out.append("\n### Verdicts replaced\n\n");
    row(out, "Case", "Counted as", "Clause", "Why");
    row(out, "---", "---", "---", "---");
    for (Judgements.Replacement one : Judgements.REPLACEMENTS) {
      row(out, one.id(), text(one.by()), one.clause(), one.reason());
    }
    out.append("\ncurl takes all of these, some of them by its options. Counted so, ")
        .append(run.of(Corpus.CURL, ConformanceDoc::isRejectedReplacement).size())
        .append(" more replays would be rejected against its verdict.\n");
    return out.append('\n').toString();
  }

  private static boolean isRejectedReplacement(ConformanceRun.Result result) {
    return Judgements.isReplaced(result.replayed().id()) && !result.whole().accepted();
  }

  private static void figures(StringBuilder out, String title, ConformanceRun.Figures figures) {
    int[] counts = {
      figures.cases(),
      figures.poisoned(),
      figures.hung(),
      figures.nextFailed(),
      figures.splitDiffers(),
      figures.mustReject(),
      figures.accepted(),
      figures.mustAccept(),
      figures.rejected()
    };
    String[] cells = new String[counts.length + 1];
    cells[0] = title;
    for (int i = 0; i < counts.length; i++) {
      cells[i + 1] = Integer.toString(counts[i]);
    }
    row(out, cells);
  }

  private static void disagreement(StringBuilder out, ConformanceRun.Result result) {
    ReplayCase replayed = result.replayed();
    Judgements.Disagreement why = Judgements.disagreement(replayed.id()).orElse(null);
    row(
        out,
        replayed.name(),
        text(replayed.expected()),
        result.whole().accepted() ? "accepts" : "rejects",
        why == null ? "?" : why.clause(),
        why == null ? "?" : why.reason());
  }

  private static String text(Expected expected) {
    return expected == Expected.ACCEPT_CLOSE
        ? "accept, close"
        : expected.name().toLowerCase(Locale.ROOT);
  }

  private static void row(StringBuilder out, String... cells) {
    out.append(List.of(cells).stream().collect(Collectors.joining(" | ", "| ", " |\n")));
  }
}
