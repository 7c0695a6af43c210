package io.hostpool.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A body that tells its owner how reading it ended. Not thread-safe, but {@link #close()} may come
 * from another thread.
 */
final class BodyStream extends FilterInputStream {

  private final BodyOwner owner;
  private volatile boolean ended;
  private volatile boolean closed;

  BodyStream(InputStream raw, BodyOwner owner) {
    super(raw);
    this.owner = owner;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    int n = read(one, 0, 1);
    return n < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (closed) {
      throw new IOException("response is closed");
    }
    if (ended) {
      return -1;
    }
    boolean success = false;
    try {
      int n = in.read(bytes, offset, length);
      success = true;
      if (n < 0) {
        ended = true;
        owner.bodyEnded();
      }
      return n;
    } finally {
      // Also for errors such as OutOfMemoryError: the stream stands at an unknown place.
      if (!success) {
        ended = true;
        owner.bodyFailed();
      }
    }
  }

  @Override
  public long skip(long count) throws IOException {
    byte[] buffer = new byte[(int) Math.min(8192, Math.max(count, 1))];
    long skipped = 0;
    while (skipped < count) {
      int n = read(buffer, 0, (int) Math.min(buffer.length, count - skipped));
      if (n < 0) {
        break;
      }
      skipped += n;
    }
    return skipped;
  }

  @Override
  public int available() throws IOException {
    return closed || ended ? 0 : in.available();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try {
        owner.bodyAbandoned();
      } finally {
        closeRaw();
      }
    }
  }

  private void closeRaw() {
    try {
      in.close();
    } catch (IOException ignored) {
      // Nobody reads it any more.
    }
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  @Override
  public synchronized void mark(int readLimit) {}

  @Override
  public synchronized void reset() throws IOException {
    throw new IOException("a response body can be read only once");
  }
}
