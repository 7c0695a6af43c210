package io.hostpool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a class of the tests in a JVM of its own, for what is set when a JVM starts. */
public final class ChildJvm {

  private ChildJvm() {}

  /**
   * Runs {@code main} and returns what it printed.
   *
   * @param prefix what comes before {@code java}, such as a shell with a limit
   * @throws AssertionError with what it printed if it fails
   */
  public static String run(List<String> prefix, List<String> options, Class<?> main, String... args)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-Dlogback.configurationFile=logback-quiet.xml");
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(List.of(args));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new AssertionError(main.getName() + " failed: " + output);
    }
    return output.trim();
  }
}
