package io.hostpool.spring.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/** Says which mount cannot be used, and where a property of it stands. */
final class UnusableMountFailureAnalyzer extends AbstractFailureAnalyzer<UnusableMountException> {

  private final Environment environment;

  UnusableMountFailureAnalyzer(Environment environment) {
    this.environment = environment;
  }

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, UnusableMountException cause) {
    return new FailureAnalysis(
        "Invalid mount '"
            + cause.property()
            + "'"
            + PropertyOrigins.below(environment, cause.property())
            + ". Validation failed for the following reason:\n\n"
            + cause.getMessage(),
        "Review the properties of the mount with the provided reason.",
        cause);
  }
}
