package io.hostpool.pool;

import io.hostpool.error.HttpException;
import java.util.concurrent.TimeUnit;

/**
 * What does a lease cost for which a connection of another pool must be closed, because all pools
 * together have as many as they may? Every pool but one has an idle connection, and the one that
 * has none is used next each time.
 */
public final class MakingRoom {

  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int MOST = 100_000;

  private MakingRoom() {}

  /** Returns the microseconds of a lease and its return. */
  public static double micros(int connections) throws HttpException {
    try (FakePools pools =
        new FakePools(connections + 1, builder -> builder.maxConnections(connections))) {
      for (int i = 0; i < connections; i++) {
        pools.use(i);
      }
      int next = connections;
      int count = 0;
      long spent = 0;
      while (count < MOST && spent < LONGEST_NANOS) {
        // The one whose connection was closed last.
        while (pools.all().get(next).stats().idle() > 0) {
          next = (next + 1) % pools.all().size();
        }
        long start = System.nanoTime();
        pools.use(next);
        spent += System.nanoTime() - start;
        count++;
      }
      if (pools.opened() != connections + count) {
        throw new IllegalStateException(
            "not every lease had to make room: " + pools.opened() + " connections opened");
      }
      return spent / 1e3 / count;
    }
  }
}
