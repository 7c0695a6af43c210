package io.hostpool.internal.connection;

/** Whether a connection may serve another request after an exchange. */
public enum Reuse {
  /** Both sides want to keep it, and nothing is left on it. */
  KEEP,
  /** One side said that it closes, or the body ended with the connection. */
  SERVER_CLOSES,
  /** Bytes beyond the response have arrived: the next caller would take them for an answer. */
  UNSOLICITED
}
