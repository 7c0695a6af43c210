package io.hostpool.pool;

import io.hostpool.error.HttpException;
import io.hostpool.internal.lease.ConnectionLease;
import io.hostpool.internal.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What does it cost to close the half of a pool's idle connections whose time is over, and for how
 * long is the lock of the pool held for it? Connections are closed after the lock was left, so what
 * happens between two of them is at most one hold of it.
 */
public final class LargeSweep {

  private static final long HALF_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final HttpConnectionPool pool;
  private boolean isSweeping;
  private int idle;
  private int mostRemoved;
  private long lastNanos;
  private long longestHoldNanos;
  private long sweepNanos;

  private LargeSweep(int size) throws HttpException {
    AtomicLong clock = new AtomicLong();
    pool =
        HttpConnectionPool.builder("host.example")
            .maxsize(size)
            .idleTimeout(Duration.ofNanos(2 * HALF_TIMEOUT_NANOS))
            .ticker(clock::get)
            .connectionFactory(
                endpoint -> (connectNanos, deadline) -> new NoConnection(this::closing))
            .build();
    use(size);
    clock.addAndGet(HALF_TIMEOUT_NANOS);
    use(size / 2);
    clock.addAndGet(HALF_TIMEOUT_NANOS);
  }

  /** Sweeps a pool of {@code size} idle connections. */
  public static LargeSweep of(int size) throws HttpException {
    LargeSweep sweep = new LargeSweep(size);
    try (HttpConnectionPool pool = sweep.pool) {
      sweep.run();
      if (pool.stats().idle() != size - size / 2) {
        throw new IllegalStateException("not half of them were closed: " + pool.stats());
      }
    }
    return sweep;
  }

  /** Returns how long the whole sweep took. */
  public double millis() {
    return sweepNanos / 1e6;
  }

  /** Returns the longest that the lock was held. */
  public double longestHoldMillis() {
    return longestHoldNanos / 1e6;
  }

  /** Returns the most connections that were taken out under one hold of the lock. */
  public int mostRemoved() {
    return mostRemoved;
  }

  private void run() {
    isSweeping = true;
    idle = pool.stats().idle();
    long start = System.nanoTime();
    lastNanos = start;
    pool.store().control().sweep();
    long end = System.nanoTime();
    isSweeping = false;
    longestHoldNanos = Math.max(longestHoldNanos, end - lastNanos);
    sweepNanos = end - start;
  }

  private void closing() {
    if (isSweeping) {
      longestHoldNanos = Math.max(longestHoldNanos, System.nanoTime() - lastNanos);
      int left = pool.stats().idle();
      mostRemoved = Math.max(mostRemoved, idle - left);
      idle = left;
      lastNanos = System.nanoTime();
    }
  }

  /** Has {@code count} connections in use at once. */
  private void use(int count) throws HttpException {
    List<ConnectionLease> leases = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      leases.add(pool.source().lease(1, Deadline.none()));
    }
    leases.forEach(ConnectionLease::bodyEnded);
  }
}
