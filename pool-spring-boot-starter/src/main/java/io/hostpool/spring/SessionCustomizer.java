package io.hostpool.spring;

import io.hostpool.Session;

/**
 * Customizes the session after its properties were applied. Beans of this type are called in order;
 * what they set takes precedence.
 */
@FunctionalInterface
public interface SessionCustomizer {

  /** Customizes {@code builder}. */
  void customize(Session.Builder builder);
}
