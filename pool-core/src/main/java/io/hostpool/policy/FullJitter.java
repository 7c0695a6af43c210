package io.hostpool.policy;

import io.hostpool.internal.time.Durations;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** A random pause below a ceiling that doubles. Immutable; a record for the sake of equality. */
record FullJitter(Duration base, Duration max) implements Backoff {

  FullJitter {
    Durations.positiveNanos(base, "backoff base");
    Durations.positiveNanos(max, "backoff max");
  }

  @Override
  public Duration pause(int failures) {
    double baseNanos = Durations.positiveNanos(base, "backoff base");
    double maxNanos = Durations.positiveNanos(max, "backoff max");
    double ceiling = Math.min(maxNanos, baseNanos * Math.pow(2, failures - 1));
    return Duration.ofNanos((long) (ThreadLocalRandom.current().nextDouble() * ceiling));
  }
}
