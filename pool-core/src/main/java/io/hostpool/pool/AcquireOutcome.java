package io.hostpool.pool;

import java.util.Locale;

/** How asking for a connection ended. */
public enum AcquireOutcome {
  /** An idle connection was at hand. */
  REUSED,
  /** A connection was opened at once. */
  OPENED,
  /** One was had after waiting in the queue. */
  WAITED,
  /** None came free within the pool timeout. */
  TIMEOUT,
  /** The pool did not wait: it fails when exhausted, its queue was full, or it is closed. */
  REJECTED,
  /** Opening a connection failed, or the thread was interrupted. */
  FAILED;

  private final String tag = name().toLowerCase(Locale.ROOT);

  /** Returns the name in lower case, as meters are tagged. */
  public String tag() {
    return tag;
  }
}
