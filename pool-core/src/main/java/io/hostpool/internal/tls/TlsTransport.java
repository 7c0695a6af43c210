package io.hostpool.internal.tls;

import io.hostpool.internal.socket.BufferPool;
import io.hostpool.internal.socket.Liveness;
import io.hostpool.internal.tls.TlsRecords.Decrypted;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS on a connected socket, by an {@code SSLEngine}. In contrast to a socket of JSSE it holds no
 * buffers between two exchanges, receives a record with one system call, and can tell a session
 * ticket from an unsolicited response. Not thread-safe; confined to its connection, except {@link
 * #closeGently}.
 *
 * <p>An end of the connection without {@code close_notify} is an ordinary end, except within a
 * record: the framing decides whether a response is complete, see {@link #isCloseNotified()}.
 */
public final class TlsTransport {

  private final TlsRecords records;
  private final BufferPool<TlsBuffers> bufferPool;
  private @Nullable TlsBuffers buffers;
  private boolean ended;

  TlsTransport(TlsRecords records, BufferPool<TlsBuffers> bufferPool) {
    this.records = records;
    this.bufferPool = bufferPool;
  }

  /**
   * Returns the buffers that the connection holds; takes buffers from the pool if it holds none.
   */
  TlsBuffers buffers() {
    TlsBuffers use = buffers;
    if (use == null) {
      use = bufferPool.take();
      buffers = use;
    }
    return use;
  }

  /**
   * Reads data; blocks until there is some.
   *
   * @return how many bytes, -1 at the end
   */
  int read(byte[] bytes, int offset, int length) throws IOException {
    TlsBuffers use = buffers();
    ByteBuffer target = ByteBuffer.wrap(bytes, offset, length);
    while (!use.plain.hasRemaining() && !ended) {
      // A record that fits is decrypted into the array of the caller.
      Decrypted record =
          use.in.hasRemaining() ? records.decrypt(use, target) : Decrypted.INCOMPLETE;
      if (record == Decrypted.DATA) {
        return target.position() - offset;
      }
      if (record == Decrypted.NO_ROOM) {
        record = records.decryptIntoPlain(use);
      }
      ended = record == Decrypted.END || (record == Decrypted.INCOMPLETE && !records.fill(use));
    }
    return use.plain.hasRemaining() ? take(use, bytes, offset, length) : -1;
  }

  private static int take(TlsBuffers use, byte[] bytes, int offset, int length) {
    int n = Math.min(length, use.plain.remaining());
    use.plain.get(bytes, offset, n);
    return n;
  }

  void write(byte[] bytes, int offset, int length) throws IOException {
    TlsBuffers use = buffers();
    ByteBuffer data = ByteBuffer.wrap(bytes, offset, length);
    while (data.hasRemaining()) {
      SSLEngineResult result = records.send(use, data);
      if (result.getStatus() == Status.CLOSED) {
        throw new SSLException("TLS was closed by the server");
      }
      if (result.bytesConsumed() == 0) {
        // The server has requested a new handshake, and nothing can be sent before it.
        if (result.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP) {
          records.receiveHandshake(use);
        } else {
          records.continueHandshake(use, result.getHandshakeStatus());
        }
      }
    }
  }

  /** Returns whether the server has sent {@code close_notify}. */
  boolean isCloseNotified() {
    return records.isCloseNotified();
  }

  /** Returns how many decrypted bytes can be read. */
  int available() {
    return buffers == null ? 0 : buffers.plain.remaining();
  }

  /**
   * Receives what is available, without waiting. The channel must be in non-blocking mode.
   *
   * @return how many bytes, -1 at the end of the connection
   */
  public int receive() throws IOException {
    return records.receive(buffers());
  }

  /**
   * Processes the received records that are not data: tickets, key updates, {@code close_notify}.
   * Does not wait.
   *
   * @return {@link Liveness#UNSOLICITED} if there is data, or a part of a record that may be data
   * @throws IOException if a record is malformed, or needs a reply that cannot be sent at once
   */
  public Liveness processReceived() throws IOException {
    records.mayWait(false);
    try {
      return processWithoutWaiting();
    } catch (RuntimeException e) {
      throw new SSLException(String.valueOf(e.getMessage()), e);
    } finally {
      records.mayWait(true);
    }
  }

  private Liveness processWithoutWaiting() throws IOException {
    TlsBuffers use = buffers;
    while (use != null && !ended && !use.plain.hasRemaining() && use.in.hasRemaining()) {
      Decrypted record = records.decryptIntoPlain(use);
      ended = record == Decrypted.END;
      if (record == Decrypted.INCOMPLETE) {
        return Liveness.UNSOLICITED;
      }
    }
    if (use != null && use.plain.hasRemaining()) {
      return Liveness.UNSOLICITED;
    }
    return ended ? Liveness.CLOSED : Liveness.ALIVE;
  }

  /**
   * Processes what was received, as {@link #processReceived} does, and returns empty buffers to the
   * pool.
   */
  public Liveness releaseIdleBuffers() throws IOException {
    Liveness liveness = processReceived();
    TlsBuffers use = buffers;
    if (use != null && use.isEmpty()) {
      buffers = null;
      bufferPool.give(use);
    }
    return liveness;
  }

  /**
   * Sends {@code close_notify} as far as possible without waiting. Must not be called while another
   * thread uses the connection.
   */
  public void closeGently() throws IOException {
    TlsBuffers use = bufferPool.take();
    records.closeOutbound(use);
    bufferPool.give(use);
  }
}
