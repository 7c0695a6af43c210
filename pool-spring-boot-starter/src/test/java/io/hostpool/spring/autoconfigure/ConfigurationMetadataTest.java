package io.hostpool.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.beans.PropertyDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import tools.jackson.databind.json.JsonMapper;

/** What an IDE shows to the author of an application.yml. */
class ConfigurationMetadataTest {

  /** Absent means no limit, or no value at all. */
  private static final Set<String> WITHOUT_DEFAULT =
      Set.of(
          "hostpool.base-url",
          "hostpool.headers",
          "hostpool.leak-detection-threshold",
          "hostpool.max-connections",
          "hostpool.max-pending",
          "hostpool.max-uses",
          "hostpool.mounts",
          "hostpool.receive-buffer-size",
          "hostpool.retry.budget.min-per-second",
          "hostpool.retry.budget.ratio",
          "hostpool.retry.budget.window",
          "hostpool.retry.connect",
          "hostpool.retry.other",
          "hostpool.retry.read",
          "hostpool.retry.redirect",
          "hostpool.retry.status",
          "hostpool.retry.status-forcelist",
          "hostpool.retry.total",
          "hostpool.total-timeout",
          "hostpool.unused-pool-timeout");

  @Test
  @SuppressWarnings("unchecked")
  void everyPropertyHasADescriptionAndADefaultUnlessThereIsNone() throws IOException {
    List<Map<String, Object>> properties = (List<Map<String, Object>>) metadata().get("properties");

    assertThat(properties)
        .extracting(property -> property.get("name"))
        .containsAll(names("hostpool.", HostpoolProperties.class));
    for (Map<String, Object> property : properties) {
      String name = (String) property.get("name");
      assertThat((String) property.get("description")).as(name).isNotBlank().endsWith(".");
      assertThat(property.containsKey("defaultValue"))
          .as("default of " + name)
          .isEqualTo(!WITHOUT_DEFAULT.contains(name));
    }
  }

  @Test
  @SuppressWarnings("unchecked")
  void keysOfMapsHaveHints() throws IOException {
    List<Map<String, Object>> hints = (List<Map<String, Object>>) metadata().get("hints");

    assertThat(hints)
        .extracting(hint -> hint.get("name"))
        .contains("hostpool.headers.keys", "hostpool.mounts.keys");
  }

  @Test
  @SuppressWarnings("unchecked")
  void everyPropertyStandsInTheDocumentation() throws IOException {
    String settings = Files.readString(Path.of("..", "docs", "settings.md"));
    List<Map<String, Object>> properties = (List<Map<String, Object>>) metadata().get("properties");

    for (Map<String, Object> property : properties) {
      String name = ((String) property.get("name")).substring("hostpool.".length());
      Object value = property.get("defaultValue");
      String row = "| `" + name + "` | " + (value == null ? "" : "`" + value + "` ") + "|";
      assertThat(settings).contains(row);
    }
  }

  private static List<String> names(String prefix, Class<?> type) {
    List<String> names = new ArrayList<>();
    for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(type)) {
      String name = prefix + DataObjectPropertyName.toDashedForm(property.getName());
      if (property.getWriteMethod() != null) {
        names.add(name);
      } else if (!property.getName().equals("class")) {
        names.addAll(names(name + ".", property.getPropertyType()));
      }
    }
    return names;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> metadata() throws IOException {
    try (InputStream json =
        HostpoolProperties.class.getResourceAsStream(
            "/META-INF/spring-configuration-metadata.json")) {
      return JsonMapper.shared().readValue(json, Map.class);
    }
  }
}
