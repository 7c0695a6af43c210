package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.hostpool.CapturedLog;
import io.hostpool.ChildJvm;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No answer goes to the wrong caller and no permit is lost, in all modes at once with eviction, a
 * limit of all pools, interrupts and servers that misbehave. LeakCheck counts the sockets before
 * and after. {@code -Dhostpool.stress.requests=…} makes it longer.
 */
@Timeout(600)
class PoolStressSocketTest {

  private static final long REQUESTS = Long.getLong("hostpool.stress.requests", 30_000);
  private static final long SEED = Long.getLong("hostpool.stress.seed", System.nanoTime());

  @Test
  void platformThreadsGetTheirOwnAnswersAndLoseNoPermit() throws Exception {
    try (CapturedLog quiet = CapturedLog.of("io.hostpool.pool", Level.OFF)) {
      System.out.println("16 platform threads: " + new StressRun(false, 16, REQUESTS, SEED).run());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void virtualThreadsGetTheirOwnAnswersAndLoseNoPermit(int parallelism) throws Exception {
    Assumptions.assumeTrue(
        Runtime.version().feature() >= 21,
        "virtual threads came with Java 21, this is " + Runtime.version().feature());

    // The scheduler of virtual threads is set when a JVM starts, so it takes another one.
    String output =
        ChildJvm.run(
            List.of(),
            List.of(
                "-Djdk.virtualThreadScheduler.parallelism=" + parallelism,
                "-Djdk.virtualThreadScheduler.maxPoolSize=" + parallelism),
            StressRun.class,
            "virtual",
            "64",
            Long.toString(REQUESTS),
            Long.toString(SEED));

    assertThat(output).contains(" answered, ");
    System.out.println("64 virtual threads on " + parallelism + " carriers: " + output);
  }
}
