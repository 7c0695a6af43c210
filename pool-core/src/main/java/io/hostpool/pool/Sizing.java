package io.hostpool.pool;

import io.hostpool.policy.Capacity;

/**
 * Settings that a manager gives its pools, numbered so that none is overwritten by older ones.
 * Immutable.
 *
 * @param version grows with each change
 */
record Sizing(long version, Capacity capacity) {

  Sizing next(Capacity newCapacity) {
    return new Sizing(version + 1, newCapacity);
  }
}
