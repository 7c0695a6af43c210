package io.hostpool.internal.time;

/**
 * The clock for everything that is measured: monotonic, never the wall clock, replaced by a fake in
 * tests. Thread-safe if its implementation is.
 */
@FunctionalInterface
public interface Ticker {

  /** Returns nanoseconds since an arbitrary origin; only differences mean anything. */
  long nanos();

  /** Returns the ticker of this machine, {@link System#nanoTime()}; always the same object. */
  static Ticker system() {
    return SystemTicker.INSTANCE;
  }
}
