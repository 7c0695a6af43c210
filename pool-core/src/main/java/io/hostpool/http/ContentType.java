package io.hostpool.http;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parameters of a {@code Content-Type} (RFC 9110 sections 5.6.6 and 8.3.1), and of what
 * servers send in its place: with blanks around the equals sign, or in single quotes. Not
 * thread-safe.
 */
final class ContentType {

  private final String value;
  private int at;

  private ContentType(String value) {
    this.value = value;
  }

  /** Returns the first parameter of that name in any letter case, null if there is none. */
  static @Nullable String parameter(String value, String name) {
    return new ContentType(value).find(name);
  }

  /** Returns the charset that a content type names; UTF-8 if it names none, or an unknown one. */
  static Charset charset(@Nullable String value) {
    String name = value == null ? null : parameter(value, "charset");
    if (name == null) {
      return StandardCharsets.UTF_8;
    }
    try {
      return Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
      return StandardCharsets.UTF_8;
    }
  }

  private @Nullable String find(String name) {
    readTo(";");
    while (at < value.length()) {
      at++;
      String found = readTo("=;");
      if (at < value.length() && value.charAt(at) == '=') {
        at++;
        String text = parameterValue();
        if (found.equalsIgnoreCase(name)) {
          return text;
        }
      }
    }
    return null;
  }

  /** Reads a value and what follows it up to the next semicolon. */
  private String parameterValue() {
    while (at < value.length() && isBlank(value.charAt(at))) {
      at++;
    }
    if (at < value.length() && value.charAt(at) == '"') {
      String quoted = quoted();
      readTo(";");
      return quoted;
    }
    String text = readTo(";");
    boolean inSingleQuotes = text.length() > 1 && text.startsWith("'") && text.endsWith("'");
    return inSingleQuotes ? text.substring(1, text.length() - 1) : text;
  }

  /** Reads a quoted-string (RFC 9110 section 5.6.4); one without an end goes to the end. */
  private String quoted() {
    StringBuilder text = new StringBuilder();
    for (at++; at < value.length() && value.charAt(at) != '"'; at++) {
      if (value.charAt(at) == '\\' && at + 1 < value.length()) {
        at++;
      }
      text.append(value.charAt(at));
    }
    return text.toString();
  }

  /** Reads up to one of {@code ends}, or to the end; blanks at the edges are dropped. */
  private String readTo(String ends) {
    int start = at;
    while (at < value.length() && ends.indexOf(value.charAt(at)) < 0) {
      at++;
    }
    return value.substring(start, at).strip();
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
