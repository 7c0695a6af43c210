package io.hostpool.net;

import io.hostpool.http.Escape;
import io.hostpool.http.Headers;
import java.io.IOException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.util.CharArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A status line and its headers. HttpCore finds and bounds the lines; what may stand on one is
 * decided here, more strictly than HttpCore does (RFC 9112 sections 4 and 5).
 */
record ResponseHead(String version, int status, String reason, Headers headers) {

  private static final int STATUS_LINE_PREFIX = "HTTP/1.1 200".length();

  /** What the peer sent is not HTTP/1.1. The message is one clause, for the caller to complete. */
  static final class MalformedException extends IOException {
    MalformedException(String message) {
      super(message);
    }
  }

  /**
   * Reads a head.
   *
   * @return null if the peer closed the connection before the first byte
   * @throws MalformedException if it is none, or ends early
   * @throws IOException if reading fails or a line is too long
   */
  static @Nullable ResponseHead read(Codec codec, SocketInput socket, WireLimits limits)
      throws IOException {
    CharArrayBuffer line = codec.readLine(socket);
    if (line == null) {
      return null;
    }
    if (line.isEmpty() && codec.endedWithCrlf()) {
      // One empty line too many after the last message is common, and ends nothing.
      line = next(codec, socket);
    }
    checkStatusLine(line);
    String version = line.charAt(7) == '1' ? "HTTP/1.1" : "HTTP/1.0";
    int status =
        (line.charAt(9) - '0') * 100 + (line.charAt(10) - '0') * 10 + (line.charAt(11) - '0');
    String reason = reason(line);
    return new ResponseHead(version, status, reason, readFields(codec, socket, limits, false));
  }

  private static void checkStatusLine(CharArrayBuffer line) throws MalformedException {
    boolean valid =
        line.length() >= STATUS_LINE_PREFIX
            && startsWith(line, "HTTP/1.")
            && (line.charAt(7) == '1' || line.charAt(7) == '0')
            && line.charAt(8) == ' '
            && line.charAt(9) >= '1'
            && line.charAt(9) <= '9'
            && isDigit(line.charAt(10))
            && isDigit(line.charAt(11))
            && (line.length() == STATUS_LINE_PREFIX || line.charAt(12) == ' ');
    if (!valid) {
      throw new MalformedException(
          "line 1 of response is not an HTTP/1.1 status line: "
              + Escape.quote(line.toString(), 40));
    }
  }

  private static String reason(CharArrayBuffer line) throws MalformedException {
    if (line.length() <= STATUS_LINE_PREFIX + 1) {
      return "";
    }
    checkText(line, STATUS_LINE_PREFIX, 1);
    if (line.length() == 15 && line.charAt(13) == 'O' && line.charAt(14) == 'K') {
      return "OK";
    }
    return line.substringTrimmed(STATUS_LINE_PREFIX, line.length());
  }

  /**
   * Reads the lines after the last chunk up to the empty one. They are as strictly read as headers,
   * and more: a lone LF ends none of them.
   */
  static void skipTrailers(Codec codec, SocketInput socket, WireLimits limits) throws IOException {
    readFields(codec, socket, limits, true);
  }

  private static Headers readFields(
      Codec codec, SocketInput socket, WireLimits limits, boolean trailers) throws IOException {
    String[] fields = new String[16];
    int count = 0;
    long bytes = 0;
    for (int number = 2; ; number++) {
      CharArrayBuffer line = next(codec, socket);
      if (trailers && !codec.endedWithCrlf()) {
        throw new MalformedException("a trailer line does not end with CRLF");
      }
      if (line.isEmpty()) {
        break;
      }
      bytes += line.length();
      if (bytes > limits.maxHeadBytes()) {
        throw new MalformedException(
            (trailers ? "the trailers exceed" : "the headers exceed")
                + " the limit of "
                + limits.maxHeadBytes()
                + " bytes");
      }
      char first = line.charAt(0);
      if (first == ' ' || first == '\t') {
        // Obsolete line folding: RFC 9112 section 5.2 has a user agent read it as blanks.
        if (count == 0) {
          throw new MalformedException("line " + number + " of response starts with a blank");
        }
        checkText(line, 0, number);
        String more = line.substringTrimmed(0, line.length());
        fields[2 * count - 1] = join(fields[2 * count - 1], more, limits);
        continue;
      }
      if (count == limits.maxHeaders()) {
        throw new MalformedException(
            "more than " + limits.maxHeaders() + (trailers ? " trailer lines" : " header lines"));
      }
      if (2 * count == fields.length) {
        fields = java.util.Arrays.copyOf(fields, 2 * fields.length);
      }
      int colon = colon(line, number);
      checkText(line, colon + 1, number);
      fields[2 * count] = HeaderNames.of(line, colon);
      fields[2 * count + 1] = line.substringTrimmed(colon + 1, line.length());
      count++;
    }
    checkLocation(fields, count);
    return Headers.received(java.util.Arrays.copyOf(fields, 2 * count));
  }

  /** Of two targets, one reader would follow the one and the next reader the other. */
  private static void checkLocation(String[] fields, int count) throws MalformedException {
    String location = null;
    for (int i = 0; i < count; i++) {
      if (fields[2 * i].equalsIgnoreCase("Location")) {
        if (location != null && !location.equals(fields[2 * i + 1])) {
          throw new MalformedException("two different Location headers");
        }
        location = fields[2 * i + 1];
      }
    }
  }

  private static CharArrayBuffer next(Codec codec, SocketInput socket) throws IOException {
    CharArrayBuffer line = codec.readLine(socket);
    if (line == null) {
      throw new ConnectionClosedException("the connection ended within the headers");
    }
    return line;
  }

  private static String join(String value, String more, WireLimits limits)
      throws MalformedException {
    if (value.length() + more.length() + 1 > limits.maxLineBytes()) {
      throw new MalformedException(
          "a folded header exceeds the limit of " + limits.maxLineBytes() + " bytes");
    }
    return value.isEmpty() ? more : value + " " + more;
  }

  /** Returns the index of the colon that ends the name. */
  private static int colon(CharArrayBuffer line, int number) throws MalformedException {
    char[] chars = line.array();
    int length = line.length();
    int i = 0;
    while (i < length && HeaderNames.isTokenChar(chars[i])) {
      i++;
    }
    if (i > 0 && i < length && chars[i] == ':') {
      return i;
    }
    // No further than the mistake: what follows may be a secret.
    String start = line.substring(0, Math.min(i + 1, length));
    throw new MalformedException(
        "line " + number + " of response is not a header: " + Escape.quote(start, 40));
  }

  /** Refuses control characters, CR and NUL among them. */
  private static void checkText(CharArrayBuffer line, int from, int number)
      throws MalformedException {
    char[] chars = line.array();
    for (int i = from, length = line.length(); i < length; i++) {
      char c = chars[i];
      if ((c < ' ' && c != '\t') || c == 0x7f) {
        throw new MalformedException(
            String.format("control character U+%04X in line %d of response", (int) c, number));
      }
    }
  }

  private static boolean startsWith(CharArrayBuffer line, String prefix) {
    for (int i = 0; i < prefix.length(); i++) {
      if (line.charAt(i) != prefix.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
