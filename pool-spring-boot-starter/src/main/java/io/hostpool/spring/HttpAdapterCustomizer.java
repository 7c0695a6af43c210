package io.hostpool.spring;

import io.hostpool.adapter.HttpAdapter;

/**
 * Customizes an adapter after its properties were applied. Beans of this type are called in order,
 * for the default adapter and for that of each mount; what they set takes precedence.
 */
@FunctionalInterface
public interface HttpAdapterCustomizer {

  /**
   * Customizes {@code builder}.
   *
   * @param mount the name of the mount, {@code default} for the adapter that serves all other URLs
   */
  void customize(String mount, HttpAdapter.Builder builder);
}
