package io.hostpool.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostpool.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows 41 and 42 of docs/faults.md: what becomes of a pool when the process has nothing left. */
@Timeout(120)
class ScarcitySocketTest {

  @Test
  void row41ProcessWithoutDescriptorsFailsTheRequestAndRecovers() throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/bin/sh")), "needs a shell to limit open files");

    String output =
        ChildJvm.run(
            List.of("/bin/sh", "-c", "ulimit -n 128; exec \"$@\"", "sh"),
            List.of(),
            ScarcityRun.class,
            "files");

    assertThat(output).contains("cannot connect: Too many open files");
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "decode"})
  void row42BodyThatDoesNotFitIntoMemoryCostsItsConnectionOnly(String what) throws Exception {
    String output = ChildJvm.run(List.of(), List.of("-Xmx32m"), ScarcityRun.class, what);

    assertThat(output).contains("out of memory");
  }
}
