package io.hostpool.internal.socket;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Bytes that were peeked at while the request was being sent, kept for the reader of the response.
 * Not thread-safe.
 */
final class PeekedBytes {

  /** More bytes than this count as a final response. */
  private static final int MAX_BYTES = 16 * 1024;

  private static final int PREFIX = "HTTP/1.1 ".length();

  private byte[] bytes = {};
  private int start;

  boolean isEmpty() {
    return start == bytes.length;
  }

  /** Reads what {@code in} has, without waiting. */
  void fill(InputStream in) throws IOException {
    int count = Math.min(in.available(), MAX_BYTES - bytes.length);
    if (count > 0) {
      byte[] more = Arrays.copyOf(bytes, bytes.length + count);
      int n = in.read(more, bytes.length, count);
      bytes = Arrays.copyOf(more, bytes.length + Math.max(n, 0));
    }
  }

  /**
   * Returns whether a final response follows the interim ones. To be called before the first read.
   */
  boolean hasFinalAnswer() {
    int at = 0;
    while (at + PREFIX < bytes.length) {
      if (bytes[at + PREFIX] != '1') {
        return true;
      }
      int end = endOfHead(at);
      if (end < 0) {
        return bytes.length == MAX_BYTES;
      }
      at = end;
    }
    return false;
  }

  int read(byte[] target, int offset, int length) {
    int n = Math.min(length, bytes.length - start);
    System.arraycopy(bytes, start, target, offset, n);
    start += n;
    return n;
  }

  /** Returns where the head that begins at {@code from} ends, -1 if its end has not come. */
  private int endOfHead(int from) {
    for (int i = from + 2; i < bytes.length; i++) {
      boolean empty = bytes[i - 1] == '\n' || (bytes[i - 1] == '\r' && bytes[i - 2] == '\n');
      if (bytes[i] == '\n' && empty) {
        return i + 1;
      }
    }
    return -1;
  }
}
