package io.hostpool.internal.socket;

/** What a look at an idle connection shows, without waiting. */
public enum Liveness {
  /** Open, and nothing to read. A peer that vanished without a word looks like this too. */
  ALIVE,
  /** The peer has closed or reset it. */
  CLOSED,
  /** The peer sent something that nobody asked for: whoever read it would get a foreign answer. */
  UNSOLICITED
}
