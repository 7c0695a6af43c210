package io.hostpool.spring.autoconfigure;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/** Finds where a property was set, however it was spelled there. Not instantiable. */
final class PropertyOrigins {

  private PropertyOrigins() {}

  /** Returns where {@code property} is set, as text for a report; empty if nobody knows. */
  static String of(Environment environment, String property) {
    ConfigurationPropertyName name = ConfigurationPropertyName.adapt(property, '.');
    for (ConfigurationPropertySource source : sources(environment)) {
      Origin origin = Origin.from(source.getConfigurationProperty(name));
      if (origin != null) {
        return text(origin);
      }
    }
    return "";
  }

  /** Returns where the first property under {@code parent} is set, as {@link #of} does. */
  static String below(Environment environment, String parent) {
    String start = uniform(parent) + ".";
    for (ConfigurationPropertySource source : sources(environment)) {
      if (source instanceof IterableConfigurationPropertySource names) {
        for (ConfigurationPropertyName name : names) {
          Origin origin = uniform(name.toString()).startsWith(start) ? origin(source, name) : null;
          if (origin != null) {
            return text(origin);
          }
        }
      }
    }
    return "";
  }

  private static Iterable<ConfigurationPropertySource> sources(Environment environment) {
    return ConfigurationPropertySources.from(
        ((ConfigurableEnvironment) environment).getPropertySources());
  }

  private static @Nullable Origin origin(
      ConfigurationPropertySource source, ConfigurationPropertyName name) {
    return Origin.from(source.getConfigurationProperty(name));
  }

  /** Spellings of one name become one text: {@code a[B-c].d} and {@code A.bc.d}. */
  private static String uniform(String name) {
    return name.replace('[', '.').replace("]", "").replace("-", "").toLowerCase(Locale.ROOT);
  }

  private static String text(Origin origin) {
    return " (originating from '" + origin + "')";
  }
}
