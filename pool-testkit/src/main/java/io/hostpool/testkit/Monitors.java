package io.hostpool.testkit;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** Finds what synchronizes, in byte code: also what a compiler or a tool put there. */
public final class Monitors {

  private static final Pattern TYPE = Pattern.compile("\\S.*(?:class|interface) (\\S+?)[ <{].*");
  private static final Pattern METHOD =
      Pattern.compile("  (?:\\S.* )?(static \\{}|[\\w$.<>]+\\(.*\\)).*;");
  private static final Pattern ENTER = Pattern.compile("\\s+\\d+: monitorenter");

  private Monitors() {}

  /**
   * Returns the methods that are synchronized or hold a synchronized block, as {@code type:
   * method}, in order.
   *
   * @param classes a directory of class files
   */
  public static Set<String> in(Path classes) {
    Set<String> found = new TreeSet<>();
    String type = "";
    String method = "";
    for (String line : disassembled(classes).lines().toList()) {
      Matcher typeLine = TYPE.matcher(line);
      Matcher methodLine = METHOD.matcher(line);
      if (typeLine.matches()) {
        type = typeLine.group(1);
      } else if (methodLine.matches()) {
        method = type + ": " + methodLine.group(1);
        if (line.contains(" synchronized ")) {
          found.add(method);
        }
      } else if (ENTER.matcher(line).matches()) {
        found.add(method);
      }
    }
    return found;
  }

  private static String disassembled(Path classes) {
    try (Stream<Path> all = Files.walk(classes)) {
      List<String> files = all.map(Path::toString).filter(file -> file.endsWith(".class")).toList();
      if (files.isEmpty()) {
        throw new IllegalArgumentException("no class files in " + classes.toAbsolutePath());
      }
      String[] arguments =
          Stream.concat(Stream.of("-p", "-c"), files.stream()).toArray(String[]::new);
      StringWriter out = new StringWriter();
      PrintWriter printer = new PrintWriter(out);
      ToolProvider javap = ToolProvider.findFirst("javap").orElseThrow();
      if (javap.run(printer, printer, arguments) != 0) {
        throw new IllegalStateException(out.toString());
      }
      return out.toString();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
