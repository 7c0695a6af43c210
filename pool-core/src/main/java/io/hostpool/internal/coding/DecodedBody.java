package io.hostpool.internal.coding;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.hostpool.error.DecodeException;
import io.hostpool.internal.body.BlockInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A decoded body; the coding applied last is decoded first. The first read creates the decoders: an
 * unread body is never decoded, and a redirect may name codings that are not supported.
 *
 * <p>Not thread-safe, except {@link #close()}: it ends a read in another thread soon, and the
 * reader frees the decoders. A read holds the lock; {@code close} never waits for it.
 */
final class DecodedBody extends BlockInputStream {

  /** The most that a decoder is asked for at once, so that one read cannot take long. */
  private static final int MAX_READ_BYTES = 64 * 1024;

  private final InputStream coded;
  private final List<Coding> applied;
  private final DecodingContext context;
  private final DecodingWork work;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private @Nullable InputStream decoded;

  DecodedBody(InputStream coded, List<Coding> applied, DecodingContext context) {
    this.coded = coded;
    this.applied = applied;
    this.context = context;
    this.work = new DecodingWork(context);
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    lock.lock();
    try {
      return readLocked(bytes, offset, length);
    } finally {
      lock.unlock();
      freeIfClosed();
    }
  }

  @GuardedBy("lock")
  private int readLocked(byte[] bytes, int offset, int length) throws IOException {
    if (work.isCancelled()) {
      throw new IOException("body is closed");
    }
    boolean goesOn = false;
    try {
      InputStream current = decoded;
      if (current == null) {
        current = open();
        decoded = current;
      }
      work.requireWanted();
      int n = current.read(bytes, offset, Math.min(length, MAX_READ_BYTES));
      work.returned(Math.max(n, 0));
      goesOn = n >= 0;
      return n;
    } finally {
      if (!goesOn) {
        free();
      }
    }
  }

  private InputStream open() throws DecodeException {
    if (applied.size() > DecodingWork.MAX_CODINGS) {
      throw new DecodeException(
          context.subject()
              + ": body is coded "
              + applied.size()
              + " times, more than "
              + DecodingWork.MAX_CODINGS,
          context.progress(),
          null);
    }
    InputStream current = coded;
    for (int i = applied.size() - 1; i >= 0; i--) {
      current = new DecodingLayer(current, applied.get(i), context, work);
    }
    return current;
  }

  @Override
  public void close() {
    work.cancel();
    freeIfClosed();
  }

  /** The last of reader and closer finds the lock free. */
  private void freeIfClosed() {
    if (work.isCancelled() && lock.tryLock()) {
      try {
        free();
      } finally {
        lock.unlock();
      }
    }
  }

  @GuardedBy("lock")
  private void free() {
    InputStream current = decoded;
    if (current != null) {
      try {
        current.close();
      } catch (IOException ignored) {
        // A decoder holds nothing that must be written.
      }
    }
  }
}
