package io.hostpool.stats;

import java.util.Locale;

/** The outcome of a request for a connection. */
public enum AcquireOutcome {
  /** A connection was idle, or came back before one that was being opened was there. */
  REUSED,
  /** A connection was opened at once. */
  OPENED,
  /** A connection came after a wait in the queue. */
  WAITED,
  /** The pool timeout was over before a connection came back. */
  TIMEOUT,
  /** The pool timeout was over while {@code maxConnections} allowed no further connection. */
  LIMIT,
  /** The total time of the request was over. */
  DEADLINE,
  /** The thread was interrupted. */
  INTERRUPTED,
  /** The pool did not wait: it fails when exhausted, its queue was full, or it is closed. */
  REJECTED,
  /** A connection could not be opened. */
  FAILED;

  private final String tag = name().toLowerCase(Locale.ROOT);

  /** Returns the name in lower case, as meters are tagged. */
  public String tag() {
    return tag;
  }
}
