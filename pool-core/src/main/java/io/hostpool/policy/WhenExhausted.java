package io.hostpool.policy;

/** What a pool does when every connection it may keep is out. */
public enum WhenExhausted {
  /**
   * Opens one more, which is closed on return if the pool is full by then. Bounds what is kept, not
   * what is open. urllib3: {@code block=False}.
   */
  OVERFLOW,
  /**
   * Waits, first come first served, until a connection comes free or the pool timeout is over.
   * Bounds what is open. urllib3: {@code block=True}.
   */
  BLOCK,
  /** Fails at once. Bounds what is open. */
  FAIL
}
