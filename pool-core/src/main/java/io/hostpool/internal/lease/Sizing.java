package io.hostpool.internal.lease;

import io.hostpool.policy.Capacity;

/**
 * Settings that a manager gives its pools, numbered so that none is overwritten by older ones.
 * Immutable.
 *
 * @param version grows with each change
 */
public record Sizing(long version, Capacity capacity) {

  public Sizing next(Capacity newCapacity) {
    return new Sizing(version + 1, newCapacity);
  }
}
