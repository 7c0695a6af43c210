package io.hostpool.internal.socket;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes to a socket and counts the bytes. Not thread-safe; confined to its connection, except
 * {@link #written()} and {@link #isWriting()}.
 */
public final class SocketOutput extends OutputStream {

  /**
   * The least that a slow server must accept within a read timeout to count as accepting anything.
   */
  private static final int SLICE_BYTES = 16 * 1024;

  private final OutputStream out;
  private boolean started;
  private volatile boolean writing;
  private volatile long written;

  /** A failure of the socket, as opposed to one of the source of a body. */
  public static final class WriteFailure extends IOException {
    WriteFailure(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  public SocketOutput(OutputStream out) {
    this.out = out;
  }

  /** Resets the counters. */
  public void reset() {
    started = false;
    written = 0;
  }

  /** Returns whether any byte may have been sent since {@link #reset()}. */
  public boolean hasStarted() {
    return started;
  }

  /**
   * Returns whether a write to the socket is in progress; if not, the source of the body is slow.
   */
  public boolean isWriting() {
    return writing;
  }

  /** Returns how many bytes the socket has accepted since {@link #reset()}. */
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
