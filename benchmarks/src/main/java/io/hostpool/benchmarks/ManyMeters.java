package io.hostpool.benchmarks;

import com.sun.management.ThreadMXBean;
import io.hostpool.adapter.HttpAdapter;
import io.hostpool.error.HttpException;
import io.hostpool.pool.FakePools;
import io.hostpool.spring.metrics.PoolMeters;
import io.hostpool.spring.metrics.PoolRegistry;
import io.hostpool.stats.PoolListener;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/** What does it cost to read the meters of many pools? */
final class ManyMeters {

  private static final String MOUNT = "default";
  private static final int SCRAPES = 8;
  private static final long GAUGE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private ManyMeters() {}

  /**
   * What reading all meters once costs.
   *
   * @param millis the time of the fastest
   * @param bytes allocated for each pool, by the one that needed least
   */
  record Scrape(double millis, double bytes) {}

  /** Returns the microseconds that reading how many pools there are takes. */
  static double gaugeMicros(int count) {
    PoolRegistry pools = new PoolRegistry();
    MeterRegistry registry = new SimpleMeterRegistry();
    new PoolMeters(pools, MOUNT).bindTo(registry);
    try (HttpAdapter adapter = HttpAdapter.builder().poolConnections(count).build()) {
      for (int i = 0; i < count; i++) {
        adapter.poolManager().connectionFromHost("host" + i + ".example", 80, "http");
      }
      pools.add(MOUNT, adapter);
      Gauge gauge = registry.get("hostpool.pools").gauge();
      double read = 0;
      int reads = 0;
      long start = System.nanoTime();
      long elapsed = 0;
      while (elapsed < GAUGE_NANOS) {
        read = gauge.value();
        reads++;
        elapsed = System.nanoTime() - start;
      }
      if (read != count) {
        throw new IllegalStateException("the gauge shows another number of pools: " + read);
      }
      return elapsed / 1e3 / reads;
    }
  }

  /** Reads all meters several times; each pool was used since the time before. */
  static Scrape scrape(int count) throws HttpException {
    PoolRegistry registered = new PoolRegistry();
    MeterRegistry registry = new SimpleMeterRegistry();
    new PoolMeters(registered, MOUNT).bindTo(registry);
    try (FakePools pools = new FakePools(count, builder -> {});
        HttpAdapter adapter = HttpAdapter.create()) {
      registered.add(MOUNT, adapter);
      PoolListener listener = registered.listenerFor(MOUNT);
      pools.all().forEach(listener::poolCreated);
      long fastest = Long.MAX_VALUE;
      long least = Long.MAX_VALUE;
      for (int i = 0; i < SCRAPES; i++) {
        pools.useAll();
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        double sum = sum(registry);
        fastest = Math.min(fastest, System.nanoTime() - start);
        least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - allocated);
        if (sum < count) {
          throw new IllegalStateException("the meters show too few connections: " + sum);
        }
      }
      return new Scrape(fastest / 1e6, (double) least / count);
    }
  }

  private static double sum(MeterRegistry registry) {
    double sum = 0;
    for (Meter meter : registry.getMeters()) {
      for (Measurement measurement : meter.measure()) {
        sum += measurement.getValue();
      }
    }
    return sum;
  }
}
