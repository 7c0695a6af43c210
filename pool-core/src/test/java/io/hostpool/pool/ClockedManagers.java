package io.hostpool.pool;

import io.hostpool.internal.time.Ticker;

/** Makes managers whose clock a test sets, for tests of other packages. Not instantiable. */
public final class ClockedManagers {

  private ClockedManagers() {}

  /** Returns a builder of a manager that reads {@code ticker}. */
  public static PoolManager.Builder builder(Ticker ticker) {
    return PoolManager.builder().ticker(ticker);
  }
}
