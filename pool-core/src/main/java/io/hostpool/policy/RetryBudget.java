package io.hostpool.policy;

import io.hostpool.internal.time.Durations;
import java.time.Duration;

/**
 * How many repetitions all requests of an adapter may have together: a share of the requests of the
 * last seconds, and a few more so that little traffic can be repeated too. When a server is in
 * trouble, retries then add that share to its load instead of multiplying it. Immutable; equal
 * settings are equal values. Envoy: {@code retry_budget}; Finagle: {@code RetryBudget}.
 *
 * <p>A repetition that the budget does not allow is treated as one for which the {@link Retry} has
 * none left. Opening a connection again in place of a kept one that the server had dropped is no
 * repetition.
 */
public final class RetryBudget {

  /** Twenty percent, as in Envoy and Finagle. */
  private static final double DEFAULT_RATIO = 0.2;

  private static final double DEFAULT_MIN_PER_SECOND = 1;
  private static final Duration DEFAULT_WINDOW = Duration.ofSeconds(10);

  private final double ratio;
  private final double minPerSecond;
  private final long windowNanos;

  private RetryBudget(Builder builder) {
    this.ratio = builder.ratio;
    this.minPerSecond = builder.minPerSecond;
    this.windowNanos = builder.windowNanos;
  }

  /** Returns 20 percent of the requests of the last 10 seconds, and one a second. */
  public static RetryBudget defaults() {
    return builder().build();
  }

  /**
   * Returns a share of the requests of the last 10 seconds, and one repetition a second.
   *
   * @param ratio from 0 to 10; 0.2 allows one repetition for five requests
   * @throws IllegalArgumentException if {@code ratio} is out of range
   */
  public static RetryBudget of(double ratio) {
    return builder().ratio(ratio).build();
  }

  /** Returns a builder with the defaults of each setting. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that starts from these settings. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.ratio = ratio;
    builder.minPerSecond = minPerSecond;
    builder.windowNanos = windowNanos;
    return builder;
  }

  /** Returns how many repetitions each request of the window allows. */
  public double ratio() {
    return ratio;
  }

  /** Returns how many repetitions are allowed in each second besides. */
  public double minPerSecond() {
    return minPerSecond;
  }

  /** Returns over how long requests and repetitions are counted. */
  public Duration window() {
    return Duration.ofNanos(windowNanos);
  }

  /** Returns {@link #window()} in nanoseconds. */
  public long windowNanos() {
    return windowNanos;
  }

  /** Returns how many repetitions are allowed in a window with so many requests. */
  public double allowed(long requests) {
    return ratio * requests + minPerSecond * windowNanos / 1e9;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RetryBudget that
        && Double.compare(ratio, that.ratio) == 0
        && Double.compare(minPerSecond, that.minPerSecond) == 0
        && windowNanos == that.windowNanos;
  }

  @Override
  public int hashCode() {
    return Double.hashCode(31 * (31 * ratio + minPerSecond) + windowNanos);
  }

  @Override
  public String toString() {
    return "RetryBudget[ratio="
        + ratio
        + ", minPerSecond="
        + minPerSecond
        + ", window="
        + Durations.text(windowNanos)
        + "]";
  }

  /** Builds a {@link RetryBudget}. Not thread-safe. */
  public static final class Builder {
    private static final double LARGEST_RATIO = 10;
    private static final double LARGEST_MIN = 1_000_000;

    private double ratio = DEFAULT_RATIO;
    private double minPerSecond = DEFAULT_MIN_PER_SECOND;
    private long windowNanos = DEFAULT_WINDOW.toNanos();

    private Builder() {}

    /**
     * Sets how many repetitions each request of the window allows, 0.2 by default.
     *
     * @throws IllegalArgumentException if {@code ratio} is not 0 to 10
     */
    public Builder ratio(double ratio) {
      this.ratio = within(ratio, LARGEST_RATIO, "ratio");
      return this;
    }

    /**
     * Sets how many repetitions are allowed in each second besides, 1 by default.
     *
     * @throws IllegalArgumentException if {@code minPerSecond} is not 0 to 1,000,000
     */
    public Builder minPerSecond(double minPerSecond) {
      this.minPerSecond = within(minPerSecond, LARGEST_MIN, "minPerSecond");
      return this;
    }

    /**
     * Sets over how long requests and repetitions are counted, 10 seconds by default.
     *
     * @throws IllegalArgumentException if {@code window} is not 1 second to 1 hour
     */
    public Builder window(Duration window) {
      if (window.compareTo(Duration.ofSeconds(1)) < 0
          || window.compareTo(Duration.ofHours(1)) > 0) {
        throw new IllegalArgumentException(
            "window of a retry budget must be 1 second to 1 hour: " + window);
      }
      windowNanos = window.toNanos();
      return this;
    }

    /** Returns the budget. */
    public RetryBudget build() {
      return new RetryBudget(this);
    }

    private static double within(double value, double max, String name) {
      if (!(value >= 0 && value <= max)) {
        throw new IllegalArgumentException(
            name + " of a retry budget must be 0 to " + (long) max + ": " + value);
      }
      return value;
    }
  }
}
