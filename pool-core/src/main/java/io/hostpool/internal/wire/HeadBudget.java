package io.hostpool.internal.wire;

import io.hostpool.net.WireLimits;

/**
 * The limits of all heads of one exchange together: that of the response and those of the interim
 * responses before it. Status lines, folded lines and line ends count as well, so that no form of a
 * line is free. Not thread-safe.
 */
public final class HeadBudget {

  private final WireLimits limits;
  private final String what;
  private long bytes;
  private int interim;

  private HeadBudget(WireLimits limits, String what) {
    this.limits = limits;
    this.what = what;
  }

  public static HeadBudget ofHeads(WireLimits limits) {
    return new HeadBudget(limits, "header");
  }

  /** Returns a budget for the trailers of a chunked body. */
  static HeadBudget ofTrailers(WireLimits limits) {
    return new HeadBudget(limits, "trailer");
  }

  /** Resets the counters for the next exchange. */
  public void reset() {
    bytes = 0;
    interim = 0;
  }

  /** Counts a line of {@code length} bytes, its end included. */
  void countLine(int length) throws MalformedResponseException {
    bytes += length;
    if (bytes > limits.maxHeadBytes()) {
      throw new MalformedResponseException(
          "the " + what + "s exceed the limit of " + limits.maxHeadBytes() + " bytes");
    }
  }

  /** Counts an interim response. */
  public void countInterim() throws MalformedResponseException {
    interim++;
    if (interim > limits.maxInterimResponses()) {
      throw new MalformedResponseException(
          "more than " + limits.maxInterimResponses() + " interim responses");
    }
  }

  /** Requires that one head has no more than {@code lines} lines of fields. */
  void requireLines(int lines) throws MalformedResponseException {
    if (lines > limits.maxHeaders()) {
      throw new MalformedResponseException(
          "more than " + limits.maxHeaders() + " " + what + " lines");
    }
  }

  /** Requires that a field that was folded is no longer than a line may be. */
  void requireLength(int length) throws MalformedResponseException {
    if (length > limits.maxLineBytes()) {
      throw new MalformedResponseException(
          "a folded header exceeds the limit of " + limits.maxLineBytes() + " bytes");
    }
  }
}
