package io.hostpool.pool;

import io.hostpool.internal.lease.PoolKey;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Does finding a pool get slower with their number? Random hosts, so that each look-up also moves
 * its pool to the front of the LRU; every pool is there already. {@code sameHost} asks for one host
 * again and again. Number of threads by {@code -t}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LookUpBenchmark {

  /** As many keys are asked for in each case, so that the caches of the machine do not decide. */
  private static final int ASKED = 10;

  @Param({"10", "1000", "100000"})
  int pools;

  private RecentlyUsedContainer<String, Object> container;
  private PoolManager manager;
  private String[] keys;
  private PoolKey[] peers;

  @Setup
  public void fill() {
    container = new RecentlyUsedContainer<>(pools, value -> {});
    manager = PoolManager.builder().numPools(pools).build();
    keys = new String[ASKED];
    peers = new PoolKey[ASKED];
    for (int i = 0; i < pools; i++) {
      String host = "host" + i + ".example";
      container.put(host, new Object());
      manager.connectionFromHost(host, 80, "http");
      int asked = i / Math.max(1, pools / ASKED);
      if (i % Math.max(1, pools / ASKED) == 0 && asked < ASKED) {
        keys[asked] = host;
        peers[asked] = manager.connectionFromHost(host, 80, "http").poolKey();
      }
    }
  }

  @TearDown
  public void close() {
    manager.close();
  }

  @Benchmark
  public Object container() {
    return container.get(keys[ThreadLocalRandom.current().nextInt(ASKED)]);
  }

  @Benchmark
  public Object manager() {
    return manager.pool(peers[ThreadLocalRandom.current().nextInt(ASKED)]);
  }

  @Benchmark
  public Object sameHost() {
    return manager.pool(peers[0]);
  }
}
