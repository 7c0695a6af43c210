package io.hostpool.internal.socket;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes to a socket and remembers how much. Not thread-safe; confined to its connection, except
 * {@link #written()} and {@link #isWriting()}.
 */
public final class SocketOutput extends OutputStream {

  /** What a slow server must take within a read timeout, so that it counts as taking anything. */
  private static final int SLICE_BYTES = 16 * 1024;

  private final OutputStream out;
  private boolean started;
  private volatile boolean writing;
  private volatile long written;

  /** Tells a socket that fails from a body whose source fails. */
  public static final class WriteFailure extends IOException {
    WriteFailure(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  public SocketOutput(OutputStream out) {
    this.out = out;
  }

  /** Starts to count anew. */
  public void reset() {
    started = false;
    written = 0;
  }

  /** Returns whether any byte may have left since {@link #reset()}. */
  public boolean hasStarted() {
    return started;
  }

  /** Returns whether the socket is to take bytes now; else their source is being waited for. */
  public boolean isWriting() {
    return writing;
  }

  /** Returns how many bytes the socket has taken since {@link #reset()}. */
  public long written() {
    return written;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  public void write(byte[] bytes, int offset, int length) throws IOException {
    started = true;
    writing = true;
    try {
      for (int done = 0; done < length; ) {
        int slice = Math.min(SLICE_BYTES, length - done);
        out.write(bytes, offset + done, slice);
        done += slice;
        written += slice;
      }
    } catch (IOException e) {
      throw new WriteFailure(e);
    } finally {
      writing = false;
    }
  }

  @Override
  public void flush() {
    // Sockets have no buffer of their own to flush.
  }
}
