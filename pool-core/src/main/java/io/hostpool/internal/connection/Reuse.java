package io.hostpool.internal.connection;

/** Whether a connection may serve another request after an exchange. */
public enum Reuse {
  /** Both sides want to keep the connection, and no bytes are left on it. */
  KEEP,
  /** One side announced that it closes, or the body ended with the connection. */
  SERVER_CLOSES,
  /** Unsolicited bytes follow the response: the next caller would take them for a response. */
  UNSOLICITED
}
