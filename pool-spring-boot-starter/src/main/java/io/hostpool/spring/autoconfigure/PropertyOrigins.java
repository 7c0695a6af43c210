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

/** Finds the origin of a property, in whichever spelling it was set. Not instantiable. */
final class PropertyOrigins {

  private PropertyOrigins() {}

  /** Returns the origin of {@code property} as text for a report; empty if it is unknown. */
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

  /** Returns the origin of the first property under {@code parent}, as {@link #of} does. */
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

  /** Maps all spellings of a name to one text, for example {@code a[B-c].d} and {@code A.bc.d}. */
  private static String uniform(String name) {
    return name.replace('[', '.').replace("]", "").replace("-", "").toLowerCase(Locale.ROOT);
  }

  private static String text(Origin origin) {
    return " (originating from '" + origin + "')";
  }
}
