package io.hostpool.stats;

import java.util.Locale;

/** Why a pool closed a connection. */
public enum CloseReason {
  /** More connections were released than the pool keeps. */
  OVERFLOW,
  /** It lay idle for longer than the idle timeout, or than the server promised to keep it. */
  IDLE,
  /** It reached its maximum lifetime. */
  LIFETIME,
  /** It served as many requests as a connection may. */
  USES,
  /** The server had closed it while it lay idle. */
  STALE,
  /** The server sent bytes that no request asked for. */
  UNSOLICITED,
  /** An exchange on it failed. */
  ERROR,
  /** A response was closed before its body was read, and the rest was too long to read. */
  UNREAD,
  /** Its response was collected without having been closed. */
  LEAKED,
  /** It made room for a connection of another pool, under the limit of all pools together. */
  YIELDED,
  /** The server, or the request, asked for it. */
  SERVER,
  /** Its pool was retired. */
  EVICTED,
  /** Its pool was closed. */
  SHUTDOWN;

  private final String tag = name().toLowerCase(Locale.ROOT);

  /** Returns the name in lower case, as meters are tagged. */
  public String tag() {
    return tag;
  }
}
