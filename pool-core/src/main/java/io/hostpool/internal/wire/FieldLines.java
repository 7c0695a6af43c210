package io.hostpool.internal.wire;

import io.hostpool.http.Headers;
import io.hostpool.internal.socket.SocketInput;
import io.hostpool.internal.text.Escape;
import java.io.IOException;
import java.util.Arrays;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.util.CharArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of a head, or of trailers, up to the empty one (RFC 9112 section 5). Not
 * thread-safe; confined to one head.
 */
final class FieldLines {

  private final ExchangeBuffers buffers;
  private final SocketInput socket;
  private final HeadBudget budget;
  private final boolean crlfOnly;

  /** Name and value in turn. */
  private String[] fields = new String[16];

  private int count;
  private int lines;

  /** The value of the last field, if it continues on further lines. */
  private @Nullable StringBuilder folded;

  /**
   * @param crlfOnly whether a lone LF ends no line
   */
  FieldLines(ExchangeBuffers buffers, SocketInput socket, HeadBudget budget, boolean crlfOnly) {
    this.buffers = buffers;
    this.socket = socket;
    this.budget = budget;
    this.crlfOnly = crlfOnly;
  }

  Headers read() throws IOException {
    CharArrayBuffer line = next(buffers, socket, budget);
    while (!isEnd(line)) {
      lines++;
      budget.requireLines(lines);
      if (line.charAt(0) == ' ' || line.charAt(0) == '\t') {
        fold(line);
      } else {
        add(line);
      }
      line = next(buffers, socket, budget);
    }
    endFold();
    return Headers.received(Arrays.copyOf(fields, count));
  }

  /** Reads a line of a head. */
  static CharArrayBuffer next(ExchangeBuffers buffers, SocketInput socket, HeadBudget budget)
      throws IOException {
    CharArrayBuffer line = buffers.readLine(socket);
    if (line == null) {
      throw new ConnectionClosedException("the connection ended within the headers");
    }
    budget.countLine(line.length() + buffers.lineEndBytes());
    return line;
  }

  private boolean isEnd(CharArrayBuffer line) throws MalformedResponseException {
    if (crlfOnly && !buffers.endedWithCrlf()) {
      throw new MalformedResponseException("a trailer line does not end with CRLF");
    }
    return line.isEmpty();
  }

  private void add(CharArrayBuffer line) throws MalformedResponseException {
    endFold();
    if (count == fields.length) {
      fields = Arrays.copyOf(fields, 2 * fields.length);
    }
    int colon = colon(line);
    checkText(line, colon + 1, number());
    fields[count++] = HeaderNames.of(line, colon);
    fields[count++] = line.substringTrimmed(colon + 1, line.length());
  }

  /** Obsolete line folding: RFC 9112 section 5.2 has a user agent read it as blanks. */
  private void fold(CharArrayBuffer line) throws MalformedResponseException {
    if (count == 0) {
      throw new MalformedResponseException("line " + number() + " of response starts with a blank");
    }
    checkText(line, 0, number());
    String more = line.substringTrimmed(0, line.length());
    if (more.isEmpty()) {
      return;
    }
    StringBuilder value = folded;
    if (value == null) {
      value = new StringBuilder(fields[count - 1]);
      folded = value;
    }
    budget.requireLength(value.length() + 1 + more.length());
    value.append(value.isEmpty() ? "" : " ").append(more);
  }

  private void endFold() {
    if (folded != null) {
      fields[count - 1] = folded.toString();
      folded = null;
    }
  }

  /** Returns the number of the current line, where the status line is the first. */
  private int number() {
    return lines + 1;
  }

  /** Returns the index of the colon that ends the name. */
  private int colon(CharArrayBuffer line) throws MalformedResponseException {
    char[] chars = line.array();
    int length = line.length();
    int i = 0;
    while (i < length && HeaderNames.isTokenChar(chars[i])) {
      i++;
    }
    if (i > 0 && i < length && chars[i] == ':') {
      return i;
    }
    // Not beyond the mistake: what follows may be a secret.
    String start = line.substring(0, Math.min(i + 1, length));
    throw new MalformedResponseException(
        "line " + number() + " of response is not a header: " + Escape.quote(start, 40));
  }

  /** Rejects control characters, including CR and NUL. */
  static void checkText(CharArrayBuffer line, int from, int number)
      throws MalformedResponseException {
    char[] chars = line.array();
    for (int i = from, length = line.length(); i < length; i++) {
      char c = chars[i];
      if ((c < ' ' && c != '\t') || c == 0x7f) {
        throw new MalformedResponseException(
            String.format("control character U+%04X in line %d of response", (int) c, number));
      }
    }
  }
}
