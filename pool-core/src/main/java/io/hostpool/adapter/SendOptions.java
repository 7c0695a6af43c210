package io.hostpool.adapter;

/**
 * What belongs to one call rather than to its request: all redirects of a call share it. Immutable.
 */
public final class SendOptions {

  private final long startNanos;

  private SendOptions(long startNanos) {
    this.startNanos = startNanos;
  }

  /** Returns the options of a call that begins now. */
  public static SendOptions now() {
    return new SendOptions(System.nanoTime());
  }

  /** Returns when the call began, by {@link System#nanoTime()}; total times count from there. */
  public long startNanos() {
    return startNanos;
  }
}
