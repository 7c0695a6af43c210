package io.hostpool.internal.wire;

import org.apache.hc.core5.util.CharArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Names that most responses contain, so that reading one creates no new string. Not instantiable.
 */
final class HeaderNames {

  private static final String[] COMMON = {
    "Date",
    "Vary",
    "ETag",
    "Server",
    "Expires",
    "Location",
    "Connection",
    "Keep-Alive",
    "Set-Cookie",
    "Content-Type",
    "Accept-Ranges",
    "Last-Modified",
    "Cache-Control",
    "Content-Length",
    "Content-Encoding",
    "Transfer-Encoding",
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "date",
    "vary",
    "etag",
    "server",
    "connection",
    "content-type",
    "content-length",
    "transfer-encoding",
    "content-encoding",
    "cache-control"
  };

  private static final int LENGTHS = 32;
  private static final @Nullable String[][] BY_LENGTH = new String[LENGTHS][];
  private static final boolean[] TOKEN = new boolean[128];

  static {
    for (int length = 0; length < LENGTHS; length++) {
      int wanted = length;
      BY_LENGTH[length] =
          java.util.Arrays.stream(COMMON).filter(n -> n.length() == wanted).toArray(String[]::new);
    }
    "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        .chars()
        .forEach(c -> TOKEN[c] = true);
  }

  private HeaderNames() {}

  /** Returns the first {@code length} characters of {@code line}. */
  static String of(CharArrayBuffer line, int length) {
    if (length < LENGTHS) {
      for (String name : BY_LENGTH[length]) {
        if (name != null && matches(line, name)) {
          return name;
        }
      }
    }
    return line.substring(0, length);
  }

  /** Returns whether {@code c} may stand in a header name (RFC 9110 section 5.6.2). */
  static boolean isTokenChar(char c) {
    return c < TOKEN.length && TOKEN[c];
  }

  private static boolean matches(CharArrayBuffer line, String name) {
    for (int i = 0; i < name.length(); i++) {
      if (line.charAt(i) != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
