package io.hostpool.policy;

import java.time.Duration;

/**
 * How long to pause before the next attempt. Implementations must be thread-safe; they must not
 * block, since {@link Retry} only decides.
 */
@FunctionalInterface
public interface Backoff {

  /** The longest pause where none is given: 120 seconds. */
  Duration DEFAULT_MAX = Duration.ofMinutes(2);

  /**
   * Returns the pause before the next attempt.
   *
   * @param failures how many attempts in a row have failed since the last redirect, at least 1
   * @return zero or more
   */
  Duration pause(int failures);

  /** Returns the strategy that never pauses. */
  static Backoff none() {
    return ExponentialBackoff.NONE;
  }

  /**
   * Returns urllib3's formula: no pause after the first failure, then {@code factor * 2^(failures -
   * 1)} seconds plus up to {@code jitter} seconds at random, never more than {@code max}. A factor
   * of 0.2 gives 0, 0.4, 0.8, 1.6 seconds.
   *
   * @param factor seconds, 0 or more
   * @param jitter seconds, 0 or more
   * @throws IllegalArgumentException if an argument is negative or not a number
   */
  static Backoff exponential(double factor, Duration max, double jitter) {
    return new ExponentialBackoff(factor, max, jitter);
  }

  /**
   * Returns "full jitter": a random pause between zero and {@code base * 2^(failures - 1)}, never
   * more than {@code max}. Spreads clients that failed together better than a fixed pause does.
   *
   * @throws IllegalArgumentException if an argument is zero or negative
   */
  static Backoff fullJitter(Duration base, Duration max) {
    return new FullJitter(base, max);
  }
}
