package io.hostpool.internal.time;

import java.time.Duration;
import java.util.Objects;

/** Range checks and conversions of durations, shared by the settings that hold one. */
public final class Durations {

  /** Stands for "no limit" wherever a limit is kept as nanoseconds. */
  public static final long NO_LIMIT = Long.MAX_VALUE;

  private Durations() {}

  /**
   * Returns {@code value} in nanoseconds; what does not fit into a long counts as {@link
   * #NO_LIMIT}.
   *
   * @param name names the setting in the error
   * @throws IllegalArgumentException if {@code value} is zero or negative
   */
  public static long positiveNanos(Duration value, String name) {
    Objects.requireNonNull(value, name);
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(name + " must be longer than 0: " + value);
    }
    return saturatedNanos(value);
  }

  /**
   * Returns {@code value} in nanoseconds, zero allowed.
   *
   * @throws IllegalArgumentException if {@code value} is negative
   */
  public static long nonNegativeNanos(Duration value, String name) {
    Objects.requireNonNull(value, name);
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + " must not be negative: " + value);
    }
    return saturatedNanos(value);
  }

  /** Returns a text for messages, such as {@code 250 ms} or {@code 30 s}. */
  public static String text(long nanos) {
    if (nanos == NO_LIMIT) {
      return "no limit";
    }
    long millis = nanos / 1_000_000;
    if (millis == 0 && nanos > 0) {
      return nanos + " ns";
    }
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
  }

  private static long saturatedNanos(Duration value) {
    try {
      return value.toNanos();
    } catch (ArithmeticException tooLong) {
      return NO_LIMIT;
    }
  }
}
