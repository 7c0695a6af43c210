package io.hostpool.internal.text;

/** Makes text from outside fit for a message: one line, bounded, quoted. Not instantiable. */
public final class Escape {

  private static final int MAX_QUOTED = 80;

  private Escape() {}

  /**
   * Returns {@code text} in double quotes with control characters escaped, cut after 80 characters.
   */
  public static String quote(CharSequence text) {
    return quote(text, MAX_QUOTED);
  }

  /** Returns {@code text} quoted as {@link #quote(CharSequence)} does, cut after {@code max}. */
  public static String quote(CharSequence text, int max) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), max) + 2).append('"');
    int end = Math.min(text.length(), max);
    if (end > 0 && end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    for (int i = 0; i < end; i++) {
      append(out, text.charAt(i));
    }
    if (end < text.length()) {
      out.append('…');
    }
    return out.append('"').toString();
  }

  /**
   * Returns a text that should be a URL as {@link #quote(CharSequence)} does, without what may be a
   * secret in it: user name, password, query and fragment. It may be no URL at all, or one whose
   * password has characters that end it early, so everything before the last {@code @} counts,
   * percent-encoded or not.
   */
  public static String url(String text) {
    int end = 0;
    while (end < text.length() && "?#".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    int at = Math.max(text.lastIndexOf('@'), text.lastIndexOf("%40"));
    int start = authorityStart(text, Math.min(at, end));
    if (at >= end) {
      return quote(text.substring(0, start) + "…");
    }
    String head =
        at < 0 ? text.substring(0, end) : text.substring(0, start) + "…" + text.substring(at, end);
    return quote(end == text.length() ? head : head + text.charAt(end) + "…");
  }

  /** Returns where the authority starts, 0 if that cannot be told before {@code end}. */
  private static int authorityStart(String text, int end) {
    int slashes = text.indexOf("//");
    boolean isStart = slashes == 0 || (slashes > 0 && text.indexOf(':') == slashes - 1);
    return isStart && slashes + 2 <= end ? slashes + 2 : 0;
  }

  private static void append(StringBuilder out, char c) {
    switch (c) {
      case '\r' -> out.append("\\r");
      case '\n' -> out.append("\\n");
      case '\t' -> out.append("\\t");
      case '"' -> out.append("\\\"");
      default -> {
        // Next line, line and paragraph separator end a line for some readers of logs.
        if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
          out.append(String.format("\\u%04x", (int) c));
        } else {
          out.append(c);
        }
      }
    }
  }
}
