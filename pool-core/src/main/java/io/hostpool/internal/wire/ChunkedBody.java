package io.hostpool.internal.wire;

import io.hostpool.internal.body.BlockInputStream;
import io.hostpool.internal.socket.SocketInput;
import io.hostpool.internal.text.Escape;
import io.hostpool.net.WireLimits;
import java.io.IOException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.util.CharArrayBuffer;

/**
 * A body in chunks (RFC 9112 section 7.1), without its framing. Not thread-safe.
 *
 * <p>A reader that takes a chunk to be longer or shorter than the server meant hands the rest to
 * the next caller, so this class accepts the grammar and little more: a size is hexadecimal digits,
 * with no sign and no blank before it; blanks stand only around the {@code ;} and {@code =} of
 * extensions and at the end of a line; an extension may be empty if it is the last; every line,
 * also the one that ends a chunk and those of the trailers, ends with CRLF. Section 2.2 lets a
 * recipient take a lone LF for a line break, but only in the head of a message. The body ends with
 * the empty line after the last chunk and not before; trailers are checked and dropped.
 *
 * <p>A read returns what is at hand of one chunk; it does not wait for the next one.
 */
public final class ChunkedBody extends BlockInputStream {

  private static final int MAX_SIZE_DIGITS = 15;

  /** Overhead that each chunk may have, as in Go: chunks of one byte are legitimate. */
  private static final int FREE_BYTES = 16;

  /** Overhead that each byte of data may have, as in Go. */
  private static final int PER_BYTE = 2;

  /** Number of lines of full length that may come without data, at any moment. */
  private static final int FREE_LINES = 4;

  private static final int CRLF_BYTES = 2;

  private final ExchangeBuffers buffers;
  private final SocketInput socket;
  private final WireLimits limits;
  private long left;
  private long excess;
  private boolean started;
  private boolean ended;

  public ChunkedBody(ExchangeBuffers buffers, SocketInput socket, WireLimits limits) {
    this.buffers = buffers;
    this.socket = socket;
    this.limits = limits;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (left == 0 && !nextChunk()) {
      return -1;
    }
    int n = buffers.in.read(bytes, offset, (int) Math.min(length, left), socket);
    if (n < 0) {
      throw new ConnectionClosedException("the connection ended within a chunk");
    }
    left -= n;
    return n;
  }

  @Override
  public int available() {
    return (int) Math.min(left, buffers.in.length());
  }

  /** Goes on to the data of the next chunk; returns false if the body has ended. */
  private boolean nextChunk() throws IOException {
    if (ended) {
      return false;
    }
    if (started && !line().isEmpty()) {
      throw new MalformedResponseException("chunk is longer than its size says");
    }
    started = true;
    CharArrayBuffer line = line();
    left = size(line);
    countOverhead(line.length() + 2L * CRLF_BYTES, left);
    if (left > 0) {
      return true;
    }
    ResponseHead.skipTrailers(buffers, socket, limits);
    ended = true;
    return false;
  }

  private CharArrayBuffer line() throws IOException {
    CharArrayBuffer line = buffers.readLine(socket);
    if (line == null) {
      throw new ConnectionClosedException("the connection ended between chunks");
    }
    if (!buffers.endedWithCrlf()) {
      throw new MalformedResponseException("a line between chunks does not end with CRLF");
    }
    return line;
  }

  /** Extensions are dropped, and no limit of a body would count them (CVE-2023-39326). */
  private void countOverhead(long bytes, long data) throws MalformedResponseException {
    excess = Math.max(0, excess + bytes - FREE_BYTES - PER_BYTE * data);
    if (excess > (long) FREE_LINES * limits.maxChunkLineBytes()) {
      throw new MalformedResponseException("chunks are more extensions than data");
    }
  }

  private long size(CharArrayBuffer line) throws MalformedResponseException {
    if (line.length() > limits.maxChunkLineBytes()) {
      throw new MalformedResponseException(
          "a chunk-size line exceeds the limit of " + limits.maxChunkLineBytes() + " bytes");
    }
    long size = 0;
    int significant = 0;
    int end = 0;
    for (; end < line.length(); end++) {
      int digit = hexDigit(line.charAt(end));
      if (digit < 0) {
        break;
      }
      significant += size > 0 || digit > 0 ? 1 : 0;
      if (significant > MAX_SIZE_DIGITS) {
        throw malformed("chunk size is too large: ", line);
      }
      size = size << 4 | digit;
    }
    if (end == 0) {
      throw malformed("not a chunk size: ", line);
    }
    checkExtensions(line, end);
    return size;
  }

  /**
   * Skips extensions by their grammar, so that no reader finds a line break in one or takes one for
   * digits.
   */
  private static void checkExtensions(CharArrayBuffer line, int from)
      throws MalformedResponseException {
    int at = skipBlanks(line, from);
    while (at < line.length()) {
      if (line.charAt(at) != ';') {
        throw malformed("not a chunk size: ", line);
      }
      at = skipBlanks(line, at + 1);
      if (at == line.length()) {
        return;
      }
      at = skipToken(line, at);
      int equals = skipBlanks(line, at);
      if (equals < line.length() && line.charAt(equals) == '=') {
        int value = skipBlanks(line, equals + 1);
        boolean quoted = value < line.length() && line.charAt(value) == '"';
        at = quoted ? skipQuoted(line, value + 1) : skipToken(line, value);
      }
      at = skipBlanks(line, at);
    }
  }

  private static int skipBlanks(CharArrayBuffer line, int from) {
    int at = from;
    while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
      at++;
    }
    return at;
  }

  private static int skipToken(CharArrayBuffer line, int from) throws MalformedResponseException {
    int at = from;
    while (at < line.length() && HeaderNames.isTokenChar(line.charAt(at))) {
      at++;
    }
    if (at == from) {
      throw malformed("not a chunk extension: ", line);
    }
    return at;
  }

  private static int skipQuoted(CharArrayBuffer line, int from) throws MalformedResponseException {
    for (int at = from; at < line.length(); at++) {
      char c = line.charAt(at);
      if (c == '"') {
        return at + 1;
      }
      // An escaped character is as free as the others.
      at += c == '\\' && at + 1 < line.length() ? 1 : 0;
      c = line.charAt(at);
      if ((c < ' ' && c != '\t') || c == 0x7f) {
        break;
      }
    }
    throw malformed("not a chunk extension: ", line);
  }

  private static int hexDigit(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  private static MalformedResponseException malformed(String what, CharArrayBuffer line) {
    return new MalformedResponseException(what + Escape.quote(line.toString(), 40));
  }
}
