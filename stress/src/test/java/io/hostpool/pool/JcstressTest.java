package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Runs every jcstress test briefly. For a long run: {@code java -cp … org.openjdk.jcstress.Main},
 * see docs/testing.md.
 */
@Timeout(900)
class JcstressTest {

  /** jcstress leaves out without a word what needs more processors than there are. */
  private static final int TESTS = 20;

  @Test
  void noForbiddenOutcomeIsSeen() throws Exception {
    Path directory = Path.of("target", "jcstress");
    Files.createDirectories(directory);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "org.openjdk.jcstress.Main",
                "-t",
                "io.hostpool",
                "-m",
                System.getProperty("hostpool.jcstress.mode", "sanity"))
            .directory(new File(directory.toString()))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output)
        .contains("Failed tests: No matches.")
        .contains("Error tests: No matches.")
        .contains("All remaining tests: " + TESTS + " matching test results");
  }
}
