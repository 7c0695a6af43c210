package io.hostpool.internal.time;

import java.util.Objects;

/**
 * One point in time that every step of a request shares: waiting, resolving, connecting, sending,
 * retries, pauses and body. Thread-safe if its ticker is.
 */
public final class Deadline {

  private static final Deadline NONE = new Deadline(() -> 0, 0, Durations.NO_LIMIT);

  private final Ticker ticker;
  private final long startNanos;
  private final long budgetNanos;

  private Deadline(Ticker ticker, long startNanos, long budgetNanos) {
    this.ticker = ticker;
    this.startNanos = startNanos;
    this.budgetNanos = budgetNanos;
  }

  /** Returns the deadline that never comes. */
  public static Deadline none() {
    return NONE;
  }

  /**
   * Starts a deadline now.
   *
   * @param budgetNanos time from now; {@link Durations#NO_LIMIT} gives {@link #none()}
   */
  public static Deadline after(Ticker ticker, long budgetNanos) {
    return budgetNanos == Durations.NO_LIMIT ? NONE : since(ticker, ticker.nanos(), budgetNanos);
  }

  /** Returns a deadline that started at {@code startNanos}, a reading of {@code ticker}. */
  public static Deadline since(Ticker ticker, long startNanos, long budgetNanos) {
    Objects.requireNonNull(ticker, "ticker");
    return budgetNanos == Durations.NO_LIMIT ? NONE : new Deadline(ticker, startNanos, budgetNanos);
  }

  /** Returns whether this deadline never comes. */
  public boolean isNone() {
    return budgetNanos == Durations.NO_LIMIT;
  }

  /** Returns the time left, 0 when it is over, {@link Durations#NO_LIMIT} when there is no end. */
  public long remainingNanos() {
    if (isNone()) {
      return Durations.NO_LIMIT;
    }
    return Math.max(0, budgetNanos - (ticker.nanos() - startNanos));
  }

  /** Returns whether the time is over. */
  public boolean isExpired() {
    return remainingNanos() == 0;
  }

  /** Returns the shorter of {@code nanos} and the time left. */
  public long bound(long nanos) {
    return Math.min(nanos, remainingNanos());
  }

  /** Returns the whole time given at the start, for messages. */
  public long budgetNanos() {
    return budgetNanos;
  }

  @Override
  public String toString() {
    return isNone() ? "Deadline[none]" : "Deadline[" + Durations.text(budgetNanos) + "]";
  }
}
