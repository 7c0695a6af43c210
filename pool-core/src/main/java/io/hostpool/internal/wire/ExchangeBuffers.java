package io.hostpool.internal.wire;

import io.hostpool.internal.socket.SocketInput;
import io.hostpool.net.WireLimits;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.impl.BasicHttpTransportMetrics;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;
import org.apache.hc.core5.http.impl.io.SessionOutputBufferImpl;
import org.apache.hc.core5.util.CharArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The buffers of one exchange: HttpCore's input and output, and a line of text. They belong to a
 * connection for the length of one exchange and are bound to no socket otherwise, so that an idle
 * connection needs no buffer. Not thread-safe.
 */
public final class ExchangeBuffers {

  private static final int BUFFER_BYTES = 8192;

  /** A head and a small body go out in one piece; what is longer is not copied. */
  private static final int SEND_BUFFER_BYTES = 4096;

  private static final int KEPT_LINE_CHARS = 4096;

  private static final int CRLF_BYTES = 2;

  public final SessionInputBufferImpl in;
  final SessionOutputBufferImpl out;
  private final BasicHttpTransportMetrics received = new BasicHttpTransportMetrics();
  private final int maxLineBytes;
  private CharArrayBuffer line = new CharArrayBuffer(256);
  private byte[] encoded = new byte[256];
  private boolean endedWithCrlf;
  private byte @Nullable [] chunk;

  public ExchangeBuffers(WireLimits limits) {
    // HttpCore includes the line break, and rejects a line that reaches the limit.
    maxLineBytes = limits.maxLineBytes();
    in = new SessionInputBufferImpl(received, BUFFER_BYTES, -1, maxLineBytes + CRLF_BYTES, null);
    out = new SessionOutputBufferImpl(new BasicHttpTransportMetrics(), SEND_BUFFER_BYTES, -1, null);
  }

  /** Returns the line buffer, empty. */
  CharArrayBuffer line() {
    line.clear();
    return line;
  }

  /**
   * Reads a line, without its CRLF or LF, into the line buffer.
   *
   * @return null if the connection ended before its first byte
   * @throws ConnectionClosedException if it ended later, which HttpCore takes for a complete line
   */
  @Nullable CharArrayBuffer readLine(SocketInput socket) throws IOException {
    line.clear();
    long before = received.getBytesTransferred() - in.length();
    try {
      if (in.readLine(line, socket) < 0) {
        return null;
      }
    } catch (MessageConstraintException e) {
      throw new MalformedResponseException(
          "a line of the response exceeds the limit of " + maxLineBytes + " bytes");
    }
    // It asks the socket for more only where it has not found the end of the line.
    if (socket.hasEnded()) {
      throw new ConnectionClosedException("the connection ended within a line");
    }
    long taken = received.getBytesTransferred() - in.length() - before;
    endedWithCrlf = taken - line.length() == CRLF_BYTES;
    return line;
  }

  /** Returns whether the last line ended with CRLF, and not with a lone LF. */
  boolean endedWithCrlf() {
    return endedWithCrlf;
  }

  /** Returns how many bytes ended the last line. */
  int lineEndBytes() {
    return endedWithCrlf ? CRLF_BYTES : 1;
  }

  /**
   * Writes the line buffer and CRLF, each character as the byte of its number, as lines are read;
   * HttpCore would write a question mark for U+0080 to U+009F.
   *
   * @throws IllegalArgumentException for a character that would end the line or is not a byte: the
   *     last check, behind those where such a character comes in
   */
  void writeLine(OutputStream socket) throws IOException {
    int length = line.length();
    if (encoded.length < length + CRLF_BYTES) {
      encoded = new byte[length + CRLF_BYTES];
    }
    for (int i = 0; i < length; i++) {
      char c = line.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
        throw new IllegalArgumentException(
            String.format("U+%04X cannot be sent in the head of a request", (int) c));
      }
      encoded[i] = (byte) c;
    }
    encoded[length] = '\r';
    encoded[length + 1] = '\n';
    out.write(encoded, 0, length + CRLF_BYTES, socket);
  }

  /** Returns the buffer in which chunks of a request body are gathered. */
  byte[] chunk() {
    if (chunk == null) {
      chunk = new byte[BUFFER_BYTES];
    }
    return chunk;
  }

  /**
   * Prepares the buffers for the next exchange.
   *
   * @return whether nothing is left of the last one; if something is, these buffers must be dropped
   */
  public boolean reset() {
    if (in.hasBufferedData() || out.length() > 0) {
      return false;
    }
    if (line.capacity() > KEPT_LINE_CHARS) {
      line = new CharArrayBuffer(256);
    }
    if (encoded.length > KEPT_LINE_CHARS) {
      encoded = new byte[256];
    }
    return true;
  }
}
