package io.hostpool.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostpool.Session;
import io.hostpool.spring.autoconfigure.HostpoolAutoConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

/** Every {@code application.yml} of the documents starts an application. */
@Timeout(60)
class YamlFencesTest {

  private static final Pattern FENCE = Pattern.compile("(?ms)^```ya?ml\\n(.*?)^```$");
  private static final Pattern TOP_LEVEL_KEY = Pattern.compile("(?m)^([\\w-]+):");

  private record Yaml(String document, int number, String text) {
    @Override
    public String toString() {
      return document + ", number " + number;
    }
  }

  static List<Yaml> fences() throws IOException {
    List<Yaml> fences = new ArrayList<>();
    List<Path> documents = new ArrayList<>(List.of(Path.of("../README.md")));
    try (Stream<Path> paths = Files.list(Path.of("../docs"))) {
      paths.filter(path -> path.toString().endsWith(".md")).sorted().forEach(documents::add);
    }
    for (Path document : documents) {
      List<String> texts =
          FENCE.matcher(Files.readString(document)).results().map(match -> match.group(1)).toList();
      for (String text : texts) {
        fences.add(new Yaml(document.getFileName().toString(), fences.size() + 1, text));
      }
    }
    assertThat(fences).hasSizeGreaterThan(2);
    return fences;
  }

  @ParameterizedTest
  @MethodSource("fences")
  void sessionIsMadeOfIt(Yaml yaml) throws IOException {
    byte[] bytes = yaml.text().getBytes(StandardCharsets.UTF_8);
    List<PropertySource<?>> sources =
        new YamlPropertySourceLoader().load("fence", new ByteArrayResource(bytes));

    assertThat(TOP_LEVEL_KEY.matcher(yaml.text()).results().map(key -> key.group(1)))
        .isNotEmpty()
        .isSubsetOf("hostpool", "logging", "management", "spring");
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(HostpoolAutoConfiguration.class))
        .withInitializer(
            context -> sources.forEach(context.getEnvironment().getPropertySources()::addFirst))
        .run(context -> assertThat(context).hasNotFailed().hasSingleBean(Session.class));
  }
}
