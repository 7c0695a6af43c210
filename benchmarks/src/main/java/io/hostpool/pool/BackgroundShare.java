package io.hostpool.pool;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How much of one processor does the background thread take, when each of many pools has an idle
 * connection that will be closed when its time is over?
 */
public final class BackgroundShare {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final long FILL_SECONDS = 10;
  private static final long SECONDS = 10;

  private BackgroundShare() {}

  /** Returns the per cent of one processor while no connection's time is over. */
  public static double percentWithNothingDue(int count) throws Exception {
    try (FakePools pools = filled(count, Duration.ofMinutes(5))) {
      pools.useAll();
      Thread.sleep(1_000);
      long before = cpuNanos();
      Thread.sleep(TimeUnit.SECONDS.toMillis(SECONDS));
      return percent(before);
    }
  }

  /** Returns the per cent of one processor while the time of a tenth is over in each second. */
  public static double percentWithATenthDue(int count) throws Exception {
    try (FakePools pools = filled(count, Duration.ofSeconds(FILL_SECONDS))) {
      long start = System.nanoTime();
      for (int i = 0; i < count; i++) {
        long due = start + TimeUnit.SECONDS.toNanos(FILL_SECONDS) * i / count;
        while (System.nanoTime() < due) {
          Thread.sleep(1);
        }
        pools.use(i);
      }
      Thread.sleep(1_000);
      long closed = pools.closed();
      long before = cpuNanos();
      Thread.sleep(TimeUnit.SECONDS.toMillis(SECONDS) / 2);
      double percent = 2 * percent(before);
      double share = (double) (pools.closed() - closed) / count;
      if (share < 0.3) {
        throw new IllegalStateException("only this share was closed in 5 s: " + share);
      }
      return percent;
    }
  }

  private static FakePools filled(int count, Duration idleTimeout) {
    return new FakePools(count, builder -> builder.idleTimeout(idleTimeout));
  }

  private static double percent(long before) {
    return 100.0 * (cpuNanos() - before) / TimeUnit.SECONDS.toNanos(SECONDS);
  }

  /** Returns the processor time of the background threads. */
  private static long cpuNanos() {
    long sum = 0;
    for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().startsWith("hostpool-")) {
        sum += Math.max(0, THREADS.getThreadCpuTime(thread.getThreadId()));
      }
    }
    return sum;
  }
}
