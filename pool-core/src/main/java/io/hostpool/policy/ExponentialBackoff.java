package io.hostpool.policy;

import io.hostpool.internal.time.Durations;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** urllib3's back-off formula. Immutable; a record so that equal settings are equal policies. */
record ExponentialBackoff(double factor, Duration max, double jitter) implements Backoff {

  static final ExponentialBackoff NONE = new ExponentialBackoff(0, Duration.ZERO, 0);

  private static final double NANOS_PER_SECOND = 1e9;

  /** Doubling more often would end in infinity, and zero times infinity is not a number. */
  private static final int MAX_DOUBLINGS = 1000;

  ExponentialBackoff {
    requireFactor(factor);
    requireJitter(jitter);
    requireMax(max);
  }

  static double requireFactor(double factor) {
    return requireSeconds(factor, "backoff factor");
  }

  static double requireJitter(double jitter) {
    return requireSeconds(jitter, "backoff jitter");
  }

  static Duration requireMax(Duration max) {
    Durations.nonNegativeNanos(max, "backoff max");
    return max;
  }

  @Override
  public Duration pause(int failures) {
    if (failures <= 1) {
      return Duration.ZERO;
    }
    double seconds = factor * Math.pow(2, Math.min(failures - 1, MAX_DOUBLINGS));
    if (jitter > 0) {
      seconds += ThreadLocalRandom.current().nextDouble() * jitter;
    }
    double maxNanos = Durations.nonNegativeNanos(max, "backoff max");
    return Duration.ofNanos((long) Math.min(maxNanos, seconds * NANOS_PER_SECOND));
  }

  private static double requireSeconds(double seconds, String name) {
    if (!(seconds >= 0) || Double.isInfinite(seconds)) {
      throw new IllegalArgumentException(name + " must be 0 or more seconds: " + seconds);
    }
    return seconds;
  }
}
