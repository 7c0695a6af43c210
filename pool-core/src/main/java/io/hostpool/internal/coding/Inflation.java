package io.hostpool.internal.coding;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** A buffer of coded bytes: some are read as they are, the rest is inflated. Not thread-safe. */
final class Inflation {

  private static final int BUFFER_BYTES = 8192;

  private final InputStream coded;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int position;
  private int limit;
  private @Nullable Inflater inflater;

  Inflation(InputStream coded) {
    this.coded = coded;
  }

  /** Returns the next byte as it is, -1 at the end. */
  int readByte() throws IOException {
    return position < limit || fill() ? buffer[position++] & 0xff : -1;
  }

  /** Returns the next byte as it is. */
  int requireByte() throws IOException {
    int b = readByte();
    if (b < 0) {
      throw truncated();
    }
    return b;
  }

  /** Returns the next byte as it is, and leaves it there. */
  int peekByte() throws IOException {
    int b = requireByte();
    position--;
    return b;
  }

  /**
   * Starts to inflate at the current position.
   *
   * @param zlib whether a zlib header and trailer are around the data; the same all along
   */
  void start(boolean zlib) {
    if (inflater == null) {
      inflater = new Inflater(!zlib);
    } else {
      inflater.reset();
    }
  }

  /** Returns how many bytes were inflated, 0 when the data has ended; this stands after it then. */
  int inflate(byte[] bytes, int offset, int length) throws IOException {
    Inflater current = started();
    try {
      while (true) {
        int n = current.inflate(bytes, offset, length);
        if (n > 0) {
          return n;
        }
        if (current.finished()) {
          position = limit - current.getRemaining();
          return 0;
        }
        if (current.needsDictionary()) {
          throw new ZipException("needs a preset dictionary");
        }
        feed(current);
      }
    } catch (DataFormatException e) {
      throw new ZipException(e.getMessage());
    }
  }

  private void feed(Inflater current) throws IOException {
    if (position == limit && !fill()) {
      throw truncated();
    }
    current.setInput(buffer, position, limit - position);
    position = limit;
  }

  /** Returns how many bytes came out since {@link #start}. */
  long written() {
    return started().getBytesWritten();
  }

  void end() {
    if (inflater != null) {
      inflater.end();
    }
  }

  private boolean fill() throws IOException {
    position = 0;
    limit = Math.max(coded.read(buffer, 0, BUFFER_BYTES), 0);
    return limit > 0;
  }

  private Inflater started() {
    if (inflater == null) {
      throw new IllegalStateException("not started");
    }
    return inflater;
  }

  static EOFException truncated() {
    return new EOFException("it is cut short");
  }
}
