package io.hostpool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests that the documents name exist, so that the documents cannot outlive them. */
class DocsTest {

  private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w*Test)#(\\w+)`");

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
