package io.hostpool.error;

import java.util.Objects;

/**
 * How far a request had come when it failed. Immutable.
 *
 * @param phase the step that failed
 * @param requestSent whether any byte of the request may have left this machine; false means that
 *     the server cannot have seen it and that it may be repeated whatever its method
 * @param connectionReused whether the connection had carried an earlier exchange
 */
public record Progress(Phase phase, boolean requestSent, boolean connectionReused) {

  public Progress {
    Objects.requireNonNull(phase, "phase");
  }

  /** Returns a failure in {@code phase} before any byte of the request was sent. */
  public static Progress unsent(Phase phase) {
    return new Progress(phase, false, false);
  }

  /** Returns a failure in {@code phase} after the request had been sent. */
  public static Progress sent(Phase phase) {
    return new Progress(phase, true, false);
  }
}
