package io.hostpool.net;

import org.apache.hc.core5.http.impl.BasicHttpTransportMetrics;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;
import org.apache.hc.core5.http.impl.io.SessionOutputBufferImpl;
import org.apache.hc.core5.util.CharArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The buffers of one exchange: HttpCore's input and output, and a line of text. Belongs to a
 * connection for the length of one exchange and is bound to no socket otherwise, so that an idle
 * connection needs no buffer. Not thread-safe.
 */
final class Codec {

  private static final int BUFFER_BYTES = 8192;

  /** A head and a small body go out in one piece; what is longer is not copied. */
  private static final int SEND_BUFFER_BYTES = 4096;

  private static final int KEPT_LINE_CHARS = 4096;

  final SessionInputBufferImpl in;
  final SessionOutputBufferImpl out;
  private CharArrayBuffer line = new CharArrayBuffer(256);
  private byte @Nullable [] chunk;

  Codec(WireLimits limits) {
    // HttpCore counts the line break in, and refuses what reaches the limit.
    int maxLine = limits.maxLineBytes() + 2;
    in =
        new SessionInputBufferImpl(
            new BasicHttpTransportMetrics(), BUFFER_BYTES, -1, maxLine, null);
    out = new SessionOutputBufferImpl(new BasicHttpTransportMetrics(), SEND_BUFFER_BYTES, -1, null);
  }

  /** Returns the line buffer, empty. */
  CharArrayBuffer line() {
    line.clear();
    return line;
  }

  /** Returns the buffer in which chunks of a request body are gathered. */
  byte[] chunk() {
    if (chunk == null) {
      chunk = new byte[BUFFER_BYTES];
    }
    return chunk;
  }

  /**
   * Prepares for the next exchange.
   *
   * @return whether nothing is left of the last one; if something is, this codec must be dropped
   */
  boolean reset() {
    if (in.hasBufferedData() || out.length() > 0) {
      return false;
    }
    if (line.capacity() > KEPT_LINE_CHARS) {
      line = new CharArrayBuffer(256);
    }
    return true;
  }
}
