package io.hostpool.policy;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** urllib3's back-off formula. Immutable; a record so that equal settings are equal policies. */
record ExponentialBackoff(double factor, Duration max, double jitter) implements Backoff {

  private static final double NANOS_PER_SECOND = 1e9;

  ExponentialBackoff {
    requireSeconds(factor, "backoff factor");
    requireSeconds(jitter, "backoff jitter");
    Durations.nonNegativeNanos(max, "backoff max");
  }

  @Override
  public Duration pause(int failures) {
    if (failures <= 1) {
      return Duration.ZERO;
    }
    double seconds = factor * Math.pow(2, failures - 1);
    if (jitter > 0) {
      seconds += ThreadLocalRandom.current().nextDouble() * jitter;
    }
    double maxNanos = Durations.nonNegativeNanos(max, "backoff max");
    return Duration.ofNanos((long) Math.min(maxNanos, seconds * NANOS_PER_SECOND));
  }

  private static void requireSeconds(double seconds, String name) {
    if (!(seconds >= 0) || Double.isInfinite(seconds)) {
      throw new IllegalArgumentException(name + " must be 0 or more seconds: " + seconds);
    }
  }
}
