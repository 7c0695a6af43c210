package io.hostpool.spring;

import io.hostpool.Session;

/**
 * Changes the session after its properties were applied. Beans of this type are called in their
 * order; what they set wins over properties.
 */
@FunctionalInterface
public interface SessionCustomizer {

  /** Changes {@code builder}. */
  void customize(Session.Builder builder);
}
