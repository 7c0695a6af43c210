package io.hostpool.spring.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/** Reports a mount that cannot be used, and the origin of one of its properties. */
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
