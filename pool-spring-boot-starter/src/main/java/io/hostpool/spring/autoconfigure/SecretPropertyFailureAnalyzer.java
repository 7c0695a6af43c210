package io.hostpool.spring.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/** Reports a property with a bad value and its origin, as Boot does, but not the value. */
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
            + PropertyOrigins.of(environment, cause.property())
            + ". Validation failed for the following reason:\n\n"
            + cause.getMessage()
            + "\n\nThe value is not shown, since it may be a secret.",
        "Review the value of the property with the provided reason.",
        cause);
  }
}
