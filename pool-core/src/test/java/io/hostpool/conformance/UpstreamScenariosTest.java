package io.hostpool.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The table of urllib3's scenarios in {@code docs/conformance.md} is whole and names real tests.
 */
class UpstreamScenariosTest {

  private static final Pattern ROW = Pattern.compile("\\| (Test\\w+\\.\\w+) \\| (.+) \\|");
  private static final Pattern TEST = Pattern.compile("`(\\w+Test)\\.(\\w+)`");

  @Test
  void everyScenarioIsInTheTableOnce() throws Exception {
    List<String> upstream = new ArrayList<>();
    for (JsonNode scenario : Corpora.read("urllib3_socketlevel").get("scenarios")) {
      upstream.add(scenario.get("id").asString());
    }
    List<String> rows =
        ROW.matcher(ConformanceDoc.read()).results().map(row -> row.group(1)).toList();

    assertThat(rows).containsExactlyElementsOf(upstream);
  }

  @Test
  void everyTestThatTheTableNamesExists() throws Exception {
    List<String> missing = new ArrayList<>();
    Matcher row = ROW.matcher(ConformanceDoc.read());
    while (row.find()) {
      Matcher test = TEST.matcher(row.group(2));
      boolean named = test.find();
      if (named ? !exists(test.group(1), test.group(2)) : !row.group(2).startsWith("— ")) {
        missing.add(row.group());
      }
    }

    assertThat(missing).isEmpty();
  }

  private static boolean exists(String type, String method) throws Exception {
    try (Stream<Path> files = Files.walk(Path.of("src", "test", "java"))) {
      Path file =
          files.filter(f -> f.getFileName().toString().equals(type + ".java")).findAny().get();
      return Files.readString(file).contains("void " + method + "(");
    }
  }
}
