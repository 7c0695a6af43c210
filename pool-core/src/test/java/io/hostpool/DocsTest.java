package io.hostpool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents name exists, tests and other documents, so that they cannot outlive it. */
class DocsTest {

  private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w*Test)#(\\w+)`");
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

  /** Written by a run of the benchmarks; there may not have been one. */
  private static final Path RESULTS = Path.of("../benchmarks/results");

  @Test
  void everyTestThatADocumentNamesExists() throws IOException {
    Map<String, String> sources = testSources();
    List<String> missing = new ArrayList<>();
    int named = 0;
    for (Path document : files(Path.of("../docs"), ".md")) {
      Matcher matcher = NAMED.matcher(Files.readString(document));
      while (matcher.find()) {
        named++;
        String source = sources.getOrDefault(matcher.group(1) + ".java", "");
        if (!source.contains(" void " + matcher.group(2) + "(")) {
          missing.add(document.getFileName() + ": " + matcher.group());
        }
      }
    }

    assertThat(missing).isEmpty();
    assertThat(named).isGreaterThan(200);
  }

  @Test
  void everyLinkBetweenDocumentsLeadsSomewhere() throws IOException {
    List<Path> documents = new ArrayList<>(files(Path.of("../docs"), ".md"));
    documents.add(Path.of("../README.md"));
    documents.add(Path.of("../benchmarks/README.md"));
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path document : documents) {
      Matcher matcher = LINK.matcher(Files.readString(document));
      while (matcher.find()) {
        String link = matcher.group(1);
        if (!ELSEWHERE.matcher(link).matches()) {
          links++;
          if (!leadsSomewhere(document, link)) {
            broken.add(document + ": " + link);
          }
        }
      }
    }

    assertThat(broken).isEmpty();
    assertThat(links).isGreaterThan(30);
  }

  private static boolean leadsSomewhere(Path document, String link) throws IOException {
    int hash = link.indexOf('#');
    String file = hash < 0 ? link : link.substring(0, hash);
    Path target = file.isEmpty() ? document : document.resolveSibling(file).normalize();
    if (target.startsWith(RESULTS)) {
      return true;
    }
    if (!Files.exists(target)) {
      return false;
    }
    return hash < 0
        || HEADING
            .matcher(Files.readString(target))
            .results()
            .anyMatch(heading -> anchor(heading.group(1)).equals(link.substring(hash + 1)));
  }

  /** As GitHub makes it of a heading. */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w -]", "").replace(' ', '-');
  }

  private static Map<String, String> testSources() throws IOException {
    Map<String, String> sources = new HashMap<>();
    try (Stream<Path> modules = Files.list(Path.of(".."))) {
      for (Path tests : modules.map(module -> module.resolve("src/test/java")).toList()) {
        if (Files.isDirectory(tests)) {
          for (Path file : files(tests, ".java")) {
            sources.put(file.getFileName().toString(), Files.readString(file));
          }
        }
      }
    }
    return sources;
  }

  private static List<Path> files(Path root, String ending) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths.filter(path -> path.toString().endsWith(ending)).toList();
    }
  }
}
