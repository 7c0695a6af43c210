package io.hostpool.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;

/** Says which property has a bad value and where it stands, as Boot does, but not the value. */
final class SecretPropertyFailureAnalyzer extends AbstractFailureAnalyzer<SecretPropertyException> {

  private final Environment environment;

  SecretPropertyFailureAnalyzer(Environment environment) {
    this.environment = environment;
  }

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, SecretPropertyException cause) {
    return new FailureAnalysis(
        "Invalid value for configuration property '"
            + cause.property()
            + "'"
            + origin(cause.property())
            + ". Validation failed for the following reason:\n\n"
            + cause.getMessage()
            + "\n\nThe value is not shown, for it may be a secret.",
        "Review the value of the property with the provided reason.",
        cause);
  }

  private String origin(String property) {
    if (environment instanceof ConfigurableEnvironment configurable) {
      for (PropertySource<?> source : configurable.getPropertySources()) {
        Origin origin = OriginLookup.getOrigin(source, property);
        if (origin != null) {
          return " (originating from '" + origin + "')";
        }
      }
    }
    return "";
  }
}
