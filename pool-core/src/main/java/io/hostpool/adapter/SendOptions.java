package io.hostpool.adapter;

import io.hostpool.http.RedirectBudget;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to one call rather than to its request: all redirects of a call share it. Immutable.
 */
public final class SendOptions {

  private final long startNanos;
  private final @Nullable RedirectBudget redirects;

  private SendOptions(long startNanos, @Nullable RedirectBudget redirects) {
    this.startNanos = startNanos;
    this.redirects = redirects;
  }

  /** Returns the options of a call that begins now and follows no redirects. */
  public static SendOptions now() {
    return startingAt(System.nanoTime());
  }

  /**
   * Returns the options of a call that began before and follows no redirects.
   *
   * @param startNanos by {@link System#nanoTime()}
   */
  public static SendOptions startingAt(long startNanos) {
    return new SendOptions(startNanos, null);
  }

  /** Returns these options for a call whose redirects share {@code redirects}. */
  public SendOptions withRedirects(@Nullable RedirectBudget redirects) {
    return new SendOptions(startNanos, redirects);
  }

  /** Returns when the call began, by {@link System#nanoTime()}; total times count from there. */
  public long startNanos() {
    return startNanos;
  }

  /**
   * Returns what the bodies of redirects that the caller follows may hold together; such a body may
   * be dropped. Null if it follows none.
   */
  public @Nullable RedirectBudget redirects() {
    return redirects;
  }
}
