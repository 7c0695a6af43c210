package io.hostpool.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The code of the documents. A document names a region of a test's source before each fence, {@code
 * <!-- snippet: FooTest#region -->}; the source has {@code // tag::region[]} and {@code //
 * end::region[]} around it.
 */
public final class Snippets {

  private static final Pattern TAG = Pattern.compile("\\s*// (tag|end)::(\\w+)\\[]");
  private static final Pattern NAME = Pattern.compile("<!-- snippet: (\\w+#\\w+) -->");

  /**
   * A fence of a document.
   *
   * @param document its file name
   * @param line where it begins, from 1
   * @param region the region that is named before it, empty if none is
   * @param code without its end of line
   */
  public record Fence(String document, int line, String region, String code) {}

  private Snippets() {}

  /** Returns the fences of one language in the order in which they stand. */
  public static List<Fence> fences(String document, String text, String language) {
    List<Fence> fences = new ArrayList<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).equals("```" + language)) {
        continue;
      }
      int end = i + 1;
      while (!lines.get(end).equals("```")) {
        end++;
      }
      Matcher name = NAME.matcher(i == 0 ? "" : lines.get(i - 1));
      fences.add(
          new Fence(
              document,
              i + 1,
              name.matches() ? name.group(1) : "",
              String.join("\n", lines.subList(i + 1, end))));
      i = end;
    }
    return fences;
  }

  /**
   * Returns the regions of a source, their lines moved to the left, by {@code type#region}.
   *
   * @throws IllegalArgumentException if a region has no end, or occurs twice
   */
  public static Map<String, String> regions(String type, String source) {
    Map<String, String> regions = new TreeMap<>();
    Map<String, List<String>> open = new TreeMap<>();
    for (String line : source.lines().toList()) {
      Matcher tag = TAG.matcher(line);
      if (!tag.matches()) {
        open.values().forEach(lines -> lines.add(line));
        continue;
      }
      String region = type + "#" + tag.group(2);
      if (tag.group(1).equals("tag")) {
        open.put(region, new ArrayList<>());
        continue;
      }
      List<String> lines = open.remove(region);
      if (lines == null || regions.put(region, code(lines)) != null) {
        throw new IllegalArgumentException("ends without a begin, or occurs twice: " + region);
      }
    }
    if (!open.isEmpty()) {
      throw new IllegalArgumentException("have no end: " + open.keySet());
    }
    return regions;
  }

  /** An empty last line would count for the indentation. */
  private static String code(List<String> lines) {
    return String.join("\n", lines).stripTrailing().stripIndent().strip();
  }
}
