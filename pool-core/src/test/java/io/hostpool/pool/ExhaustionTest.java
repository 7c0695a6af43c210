package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostpool.ChildJvm;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A thread that runs out of stack or memory loses no permit. */
@Timeout(120)
class ExhaustionTest {

  @ParameterizedTest
  @ValueSource(strings = {"-Xint", "-Xmixed"})
  void stackThatRunsOutAnywhereLosesNoPermit(String mode) throws Exception {
    assertThat(run(List.of(mode), "stack")).contains("the books are right");
  }

  @Test
  void memoryThatRunsOutAnywhereLosesNoPermit() throws Exception {
    assertThat(run(List.of("-Xmx24m", "-XX:+UseSerialGC"), "memory"))
        .contains("the books are right");
  }

  private static String run(List<String> options, String what) throws Exception {
    return ChildJvm.run(List.of(), options, ExhaustionRun.class, what);
  }
}
