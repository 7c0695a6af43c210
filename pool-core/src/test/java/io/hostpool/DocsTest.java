package io.hostpool;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostpool.docs.Snippets;
import io.hostpool.stats.AcquireOutcome;
import io.hostpool.stats.CloseReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What the documents name exists, tests and other documents, so that they cannot outlive it; and
 * their code is code of tests.
 */
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
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path document : documents()) {
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

  @Test
  void everyJavaFenceIsARegionOfATest() throws IOException {
    Map<String, String> regions = new TreeMap<>();
    testSources()
        .forEach(
            (file, source) -> regions.putAll(Snippets.regions(file.replace(".java", ""), source)));
    Set<String> unused = new TreeSet<>(regions.keySet());
    List<String> different = new ArrayList<>();
    for (Snippets.Fence fence : fences("java")) {
      unused.remove(fence.region());
      if (!fence.code().equals(regions.get(fence.region()))) {
        different.add(
            "%s:%d is not the region \"%s\", which is%n%s"
                .formatted(
                    fence.document(), fence.line(), fence.region(), regions.get(fence.region())));
      }
    }

    assertThat(different).isEmpty();
    assertThat(unused).as("regions that no document shows").isEmpty();
    assertThat(regions).hasSizeGreaterThan(25);
  }

  @Test
  void everyReasonAndOutcomeIsExplained() throws IOException {
    assertThat(Files.readString(Path.of("../docs/pools.md")))
        .contains(rows(Stream.of(CloseReason.values()).map(CloseReason::tag)))
        .contains(rows(Stream.of(AcquireOutcome.values()).map(AcquireOutcome::tag)));
  }

  private static List<String> rows(Stream<String> tags) {
    return tags.map(tag -> "\n| `" + tag + "` | ").toList();
  }

  private static List<Snippets.Fence> fences(String language) throws IOException {
    List<Snippets.Fence> fences = new ArrayList<>();
    for (Path document : documents()) {
      String name = Path.of("..").relativize(document).toString();
      fences.addAll(Snippets.fences(name, Files.readString(document), language));
    }
    return fences;
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

  /** What is written for people: at the root, in {@code docs}, and the README of each module. */
  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>(files(Path.of("../docs"), ".md"));
    for (String folder : List.of("..", "../benchmarks", "../pool-testkit", "../stress")) {
      try (Stream<Path> paths = Files.list(Path.of(folder))) {
        paths.filter(path -> path.toString().endsWith(".md")).forEach(documents::add);
      }
    }
    documents.add(Path.of("../samples/quickstart/README.md"));
    return documents;
  }

  private static List<Path> files(Path root, String ending) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths.filter(path -> path.toString().endsWith(ending)).toList();
    }
  }
}
