package io.hostpool.policy;

import io.hostpool.internal.time.Durations;
import java.time.Duration;
import java.util.Objects;

/**
 * How many connections a pool has, and what happens beyond. Immutable; what can be changed while a
 * pool is in use, see {@code HttpConnectionPool.configure}.
 *
 * @param maxsize connections kept, and open at most unless the pool overflows; 1 to 1,000,000
 * @param whenExhausted what happens when all are out
 * @param poolTimeout the longest wait when blocking; zero means do not wait
 * @param maxPending how many threads may wait at a time when blocking, 0 or more
 */
public record Capacity(
    int maxsize, WhenExhausted whenExhausted, Duration poolTimeout, int maxPending) {

  /** The longest wait of a blocking pool where none is given: 5 seconds. */
  public static final Duration DEFAULT_POOL_TIMEOUT = Duration.ofSeconds(5);

  private static final int LARGEST = 1_000_000;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number is out of its range
   */
  public Capacity {
    Objects.requireNonNull(whenExhausted, "whenExhausted");
    if (maxsize < 1 || maxsize > LARGEST) {
      throw new IllegalArgumentException("maxsize must be 1 to " + LARGEST + ": " + maxsize);
    }
    Durations.nonNegativeNanos(poolTimeout, "poolTimeout");
    if (maxPending < 0) {
      throw new IllegalArgumentException("maxPending must be 0 or more: " + maxPending);
    }
  }

  /** Returns one connection, overflowing; 5 seconds and no limit of waiters where it blocks. */
  public static Capacity defaults() {
    return new Capacity(1, WhenExhausted.OVERFLOW, DEFAULT_POOL_TIMEOUT, Integer.MAX_VALUE);
  }

  /** Returns this capacity with another number of connections that the pool keeps. */
  public Capacity withMaxsize(int newMaxsize) {
    return new Capacity(newMaxsize, whenExhausted, poolTimeout, maxPending);
  }

  /** Returns this capacity with another answer to a pool whose connections are all active. */
  public Capacity withWhenExhausted(WhenExhausted newWhenExhausted) {
    return new Capacity(maxsize, newWhenExhausted, poolTimeout, maxPending);
  }

  /** Returns this capacity with another time that a thread waits for a connection. */
  public Capacity withPoolTimeout(Duration newPoolTimeout) {
    return new Capacity(maxsize, whenExhausted, newPoolTimeout, maxPending);
  }

  /** Returns this capacity with another number of threads that may wait. */
  public Capacity withMaxPending(int newMaxPending) {
    return new Capacity(maxsize, whenExhausted, poolTimeout, newMaxPending);
  }

  /** Returns whether one more connection is opened when all are out. */
  public boolean overflows() {
    return whenExhausted == WhenExhausted.OVERFLOW;
  }

  /** Returns {@link #poolTimeout()} in nanoseconds. */
  public long poolTimeoutNanos() {
    return Durations.nonNegativeNanos(poolTimeout, "poolTimeout");
  }
}
