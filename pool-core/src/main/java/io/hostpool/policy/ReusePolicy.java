package io.hostpool.policy;

/** Which idle connection serves the next request. */
public enum ReusePolicy {
  /**
   * The one that came back last, as in urllib3: a pool that is used less keeps using the same few,
   * and the others reach their idle timeout.
   */
  LIFO,
  /** The one that lies idle longest: all are used in turn, and the load spreads over them. */
  FIFO
}
