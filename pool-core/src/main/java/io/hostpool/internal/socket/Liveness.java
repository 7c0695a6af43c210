package io.hostpool.internal.socket;

/** The state of an idle connection, found without waiting. */
public enum Liveness {
  /** Open, with nothing to read. A server that vanished silently looks the same. */
  ALIVE,
  /** The server has closed or reset it. */
  CLOSED,
  /** The server sent unsolicited bytes, which the next caller would take for its response. */
  UNSOLICITED
}
