package io.hostpool.internal.wire;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Accepts exactly as many bytes of a request body as were declared. The stream of HttpCore drops a
 * surplus and does not notice missing bytes. Not thread-safe.
 */
final class DeclaredOutput extends OutputStream {

  private final ExchangeBuffers buffers;
  private final OutputStream socket;
  private long missing;

  /** The body is longer than it declared. */
  static final class TooLong extends IOException {
    TooLong(String message) {
      super(message);
    }
  }

  DeclaredOutput(ExchangeBuffers buffers, OutputStream socket, long length) {
    this.buffers = buffers;
    this.socket = socket;
    this.missing = length;
  }

  long missing() {
    return missing;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (length > missing) {
      throw new TooLong("is longer than it declared");
    }
    buffers.out.write(bytes, offset, length, socket);
    missing -= length;
  }

  @Override
  public void flush() throws IOException {
    buffers.out.flush(socket);
  }
}
