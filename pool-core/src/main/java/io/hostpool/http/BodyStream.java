package io.hostpool.http;

import io.hostpool.error.HttpException;
import io.hostpool.error.Phase;
import io.hostpool.error.Progress;
import io.hostpool.error.ProtocolException;
import io.hostpool.internal.body.BlockInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A body that tells its owner how reading it ended. Not thread-safe, but {@link #close()} may come
 * from another thread: under a read it costs the connection, since two threads cannot both know
 * where on it they are.
 */
final class BodyStream extends BlockInputStream {

  private final InputStream in;
  private final BodyOwner owner;

  /** Held while reading; never waited for by {@link #close()}. */
  private final ReentrantLock reading = new ReentrantLock();

  private volatile boolean ended;
  private volatile boolean closed;

  /** Thrown again by each later read: a body that failed must never look whole. */
  private @Nullable HttpException failure;

  BodyStream(InputStream raw, BodyOwner owner) {
    this.in = raw;
    this.owner = owner;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    reading.lock();
    try {
      return readAlone(bytes, offset, length);
    } finally {
      reading.unlock();
    }
  }

  private int readAlone(byte[] bytes, int offset, int length) throws IOException {
    if (failure != null) {
      throw failure;
    }
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
    } catch (HttpException e) {
      failure = e;
      throw e;
    } finally {
      // Also for errors such as OutOfMemoryError: the stream stands at an unknown place.
      if (!success) {
        failed();
      }
    }
  }

  private void failed() {
    ended = true;
    if (failure == null) {
      failure =
          new ProtocolException("reading the body failed before", Progress.sent(Phase.BODY), null);
    }
    owner.bodyFailed();
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
      boolean alone = reading.tryLock();
      try {
        if (alone) {
          owner.bodyAbandoned();
        } else {
          // Closes the connection, which ends the read.
          owner.bodyFailed();
        }
      } finally {
        closeRaw();
        if (alone) {
          reading.unlock();
        }
      }
    }
  }

  private void closeRaw() {
    try {
      in.close();
    } catch (IOException ignored) {
      // It is not read any more.
    }
  }
}
