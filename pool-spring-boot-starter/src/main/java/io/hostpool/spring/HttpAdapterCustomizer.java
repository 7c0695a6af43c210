package io.hostpool.spring;

import io.hostpool.adapter.HttpAdapter;

/**
 * Changes an adapter after its properties were applied. Beans of this type are called in their
 * order for every adapter; what they set wins over properties.
 */
@FunctionalInterface
public interface HttpAdapterCustomizer {

  /**
   * Changes {@code builder}.
   *
   * @param mount the name of the mount, {@code default} for the one that serves everything else
   */
  void customize(String mount, HttpAdapter.Builder builder);
}
