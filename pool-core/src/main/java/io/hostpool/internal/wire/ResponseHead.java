package io.hostpool.internal.wire;

import io.hostpool.http.Headers;
import io.hostpool.internal.socket.SocketInput;
import io.hostpool.internal.text.Escape;
import io.hostpool.net.WireLimits;
import java.io.IOException;
import org.apache.hc.core5.util.CharArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A status line and its headers. HttpCore finds and bounds the lines; this class decides, more
 * strictly than HttpCore does, what a line may contain (RFC 9112 sections 4 and 5).
 */
public record ResponseHead(String version, int status, String reason, Headers headers) {

  private static final int STATUS_LINE_PREFIX = "HTTP/1.1 200".length();

  /**
   * Reads a head.
   *
   * @return null if the peer closed the connection before the first byte
   * @throws MalformedResponseException if it is not a head, or ends early
   * @throws IOException if reading fails or a line is too long
   */
  public static @Nullable ResponseHead read(
      ExchangeBuffers buffers, SocketInput socket, HeadBudget budget) throws IOException {
    CharArrayBuffer line = buffers.readLine(socket);
    if (line == null) {
      return null;
    }
    budget.countLine(line.length() + buffers.lineEndBytes());
    if (line.isEmpty() && buffers.endedWithCrlf()) {
      // A surplus empty line after the last message is common and harmless.
      line = FieldLines.next(buffers, socket, budget);
    }
    checkStatusLine(line);
    // A higher minor version is processed as HTTP/1.1 (RFC 9110 section 2.5).
    String version = line.charAt(7) == '0' ? "HTTP/1.0" : "HTTP/1.1";
    int status =
        (line.charAt(9) - '0') * 100 + (line.charAt(10) - '0') * 10 + (line.charAt(11) - '0');
    String reason = reason(line);
    Headers headers = new FieldLines(buffers, socket, budget, false).read();
    if (status / 100 == 3) {
      checkLocation(headers);
    }
    return new ResponseHead(version, status, reason, headers);
  }

  private static void checkStatusLine(CharArrayBuffer line) throws MalformedResponseException {
    boolean valid =
        line.length() >= STATUS_LINE_PREFIX
            && startsWith(line, "HTTP/1.")
            && isDigit(line.charAt(7))
            && line.charAt(8) == ' '
            && line.charAt(9) >= '1'
            && line.charAt(9) <= '9'
            && isDigit(line.charAt(10))
            && isDigit(line.charAt(11))
            && (line.length() == STATUS_LINE_PREFIX || line.charAt(12) == ' ');
    if (!valid) {
      throw new MalformedResponseException(
          "line 1 of response is not an HTTP/1.1 status line: "
              + Escape.quote(line.toString(), 40));
    }
  }

  private static String reason(CharArrayBuffer line) throws MalformedResponseException {
    if (line.length() <= STATUS_LINE_PREFIX + 1) {
      return "";
    }
    FieldLines.checkText(line, STATUS_LINE_PREFIX, 1);
    if (line.length() == 15 && line.charAt(13) == 'O' && line.charAt(14) == 'K') {
      return "OK";
    }
    return line.substringTrimmed(STATUS_LINE_PREFIX, line.length());
  }

  /**
   * Reads the lines after the last chunk up to the empty one, more strictly than headers: a lone LF
   * does not end a line.
   */
  static void skipTrailers(ExchangeBuffers buffers, SocketInput socket, WireLimits limits)
      throws IOException {
    new FieldLines(buffers, socket, HeadBudget.ofTrailers(limits), true).read();
  }

  /** With two targets, one reader would follow the first and another reader the second. */
  private static void checkLocation(Headers headers) throws MalformedResponseException {
    String first = headers.get("Location");
    if (first != null && headers.getAll("Location").stream().anyMatch(one -> !one.equals(first))) {
      throw new MalformedResponseException("two different Location headers");
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
