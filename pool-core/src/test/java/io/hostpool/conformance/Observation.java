package io.hostpool.conformance;

import io.hostpool.conformance.ReplayCase.Expected;

/**
 * What a client made of a case, and of the request after it.
 *
 * @param outcome status and body in short, or the type of the error; equal outcomes are equal text
 * @param timedOut whether it gave up waiting for more
 */
record Observation(
    boolean accepted,
    String outcome,
    String message,
    int status,
    byte[] body,
    boolean timedOut,
    Next next,
    boolean returned) {

  /** How the request after the case fared. */
  enum Next {
    REUSED,
    NEW_CONNECTION,
    POISONED,
    FAILED
  }

  /** Says whether this is what the case asks for; EITHER asks for nothing. */
  boolean agreesWith(ReplayCase replayed) {
    Expected expected = replayed.expected();
    if (expected == Expected.EITHER) {
      return true;
    }
    if (expected == Expected.REJECT) {
      return !accepted;
    }
    return accepted
        && (replayed.status() == 0 || replayed.status() == status)
        && replayed.allowsBody(body)
        && (expected == Expected.ACCEPT || next == Next.NEW_CONNECTION);
  }

  String summary() {
    return outcome + ", next " + next + (message.isEmpty() ? "" : ": " + message);
  }
}
