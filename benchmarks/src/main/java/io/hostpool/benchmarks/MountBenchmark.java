package io.hostpool.benchmarks;

import io.hostpool.Session;
import io.hostpool.adapter.HttpAdapter;
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
 * Does finding the adapter of a URL, its parsing included, get slower with the number of mounts?
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MountBenchmark {

  @Param({"2", "20", "200"})
  int mounts;

  private Session session;

  @Setup
  public void mount() {
    session = Session.create();
    for (int i = 2; i < mounts; i++) {
      session.mount("https://api" + i + ".example.com/v1/", HttpAdapter.create());
    }
  }

  @TearDown
  public void close() {
    session.close();
  }

  @Benchmark
  public Object mounted() {
    return session.adapterFor("https://api" + (mounts - 1) + ".example.com/v1/users/1");
  }

  @Benchmark
  public Object notMounted() {
    return session.adapterFor("https://other.example.com/v1/users/1");
  }
}
