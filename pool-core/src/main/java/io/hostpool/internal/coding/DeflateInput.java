package io.hostpool.internal.coding;

import io.hostpool.internal.body.BlockInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads deflate: in its zlib wrapping (RFC 1950), which is what the coding means, or bare (RFC
 * 1951), which is what some servers send. Not thread-safe.
 */
final class DeflateInput extends BlockInputStream {

  private final Inflation in;
  private boolean started;
  private boolean ended;

  DeflateInput(InputStream coded) {
    this.in = new Inflation(coded);
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (ended) {
      return -1;
    }
    if (!started) {
      in.start(startsAsZlib());
      started = true;
    }
    int n = in.inflate(bytes, offset, length);
    if (n > 0) {
      return n;
    }
    ended = true;
    return -1;
  }

  /**
   * Checks the first byte only: 8 in its lower half is the method of zlib. As bare deflate it would
   * be a stored block with non-zero padding, which no encoder writes.
   */
  private boolean startsAsZlib() throws IOException {
    int b = in.peekByte();
    return (b & 0x0f) == 8 && b >> 4 <= 7;
  }

  @Override
  public void close() {
    in.end();
  }
}
