package io.hostpool.internal.tls;

import io.hostpool.internal.socket.Liveness;
import io.hostpool.internal.socket.Spares;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.jspecify.annotations.Nullable;

/**
 * TLS on a connected socket, by an {@link SSLEngine}. In contrast to a socket of JSSE it holds no
 * buffer between two exchanges, receives a record with one system call, and can tell a session
 * ticket from an answer that nobody asked for. Not thread-safe; confined to its connection, except
 * {@link #closeGently}.
 *
 * <p>An end of the connection without {@code close_notify} is an end like any other, except within
 * a record: whether an answer is whole is for its framing to say, see {@link #isCloseNotified()}.
 */
public final class TlsTransport {

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** A record that says it is longer than that is none. */
  private static final int MAX_PLAIN_BYTES = 64 * 1024;

  private final SocketChannel channel;
  private final SSLEngine engine;
  private final InputStream rawIn;
  private final OutputStream rawOut;
  private final Spares<TlsBuffers> spares;
  private @Nullable TlsBuffers buffers;
  private boolean mayWait = true;
  private boolean ended;
  private boolean closeNotified;

  /** What became of the next record. */
  private enum Step {
    /** It held data. */
    DATA,
    /** It held a ticket, a key update, a part of a handshake. */
    NO_DATA,
    /** It has not come as a whole. */
    NEEDS_MORE,
    /** It holds more than there is room for. */
    NEEDS_ROOM,
    /** It was {@code close_notify}. */
    END
  }

  /**
   * @param channel connected and in blocking mode; the caller closes it
   * @param engine in client mode, not used yet
   */
  TlsTransport(SocketChannel channel, SSLEngine engine, Spares<TlsBuffers> spares)
      throws IOException {
    this.channel = channel;
    this.engine = engine;
    this.rawIn = channel.socket().getInputStream();
    this.rawOut = channel.socket().getOutputStream();
    this.spares = spares;
  }

  /**
   * Shakes hands; blocks for as long as the socket does.
   *
   * @throws IOException if it fails; the server was told why where TLS has an alert for it
   */
  void handshake() throws IOException {
    TlsBuffers use = buffers();
    try {
      engine.beginHandshake();
      HandshakeStatus status = engine.getHandshakeStatus();
      while (status != HandshakeStatus.NOT_HANDSHAKING) {
        if (status == HandshakeStatus.NEED_UNWRAP) {
          receiveHandshake(use);
        } else {
          answer(use, status);
        }
        status = engine.getHandshakeStatus();
      }
      var unused = settle();
    } catch (SSLException e) {
      sendAlert(use, e);
      throw e;
    } catch (RuntimeException e) {
      // Of a trust or key manager. What the engine would send now may be more than an alert.
      throw new SSLException(String.valueOf(e.getMessage()), e);
    }
  }

  private void receiveHandshake(TlsBuffers use) throws IOException {
    if (use.plain.hasRemaining()) {
      throw new SSLException("the server sent data before it finished the handshake");
    }
    Step step = stepIntoPlain(use);
    if (step == Step.END || (step == Step.NEEDS_MORE && !fill(use))) {
      throw new SSLHandshakeException("the server ended the connection during the handshake");
    }
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
      // What fits is decrypted where it is wanted.
      Step step = use.in.hasRemaining() ? step(use, target) : Step.NEEDS_MORE;
      if (step == Step.DATA) {
        return target.position() - offset;
      }
      if (step == Step.NEEDS_ROOM) {
        step = stepIntoPlain(use);
      }
      ended = step == Step.END || (step == Step.NEEDS_MORE && !fill(use));
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
      SSLEngineResult result = send(use, data);
      if (result.getStatus() == Status.CLOSED) {
        throw new SSLException("TLS was closed by the server");
      }
      if (result.bytesConsumed() == 0) {
        // The server wants to negotiate anew, and nothing can be sent before.
        if (result.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP) {
          receiveHandshake(use);
        } else {
          answer(use, result.getHandshakeStatus());
        }
      }
    }
  }

  /** Returns whether the server has said that nothing more will come. */
  boolean isCloseNotified() {
    return closeNotified;
  }

  /** Returns how many decrypted bytes wait to be read. */
  int available() {
    return buffers == null ? 0 : buffers.plain.remaining();
  }

  /**
   * Receives what has come, without waiting. In non-blocking mode of the channel.
   *
   * @return how many bytes, -1 at the end of the connection
   */
  public int receive() throws IOException {
    ByteBuffer in = buffers().receiving();
    try {
      return channel.read(in);
    } finally {
      in.flip();
    }
  }

  /**
   * Deals with whatever was received that is not data: tickets, key updates, {@code close_notify}.
   * Does not wait.
   *
   * @return UNSOLICITED if there is data, or a piece of a record that may be data
   * @throws IOException if it is broken, or wants an answer that cannot be sent at once
   */
  public Liveness look() throws IOException {
    mayWait = false;
    try {
      return lookWithoutWaiting();
    } catch (RuntimeException e) {
      throw new SSLException(String.valueOf(e.getMessage()), e);
    } finally {
      mayWait = true;
    }
  }

  private Liveness lookWithoutWaiting() throws IOException {
    TlsBuffers use = buffers;
    while (use != null && !ended && !use.plain.hasRemaining() && use.in.hasRemaining()) {
      Step step = stepIntoPlain(use);
      ended = step == Step.END;
      if (step == Step.NEEDS_MORE) {
        return Liveness.UNSOLICITED;
      }
    }
    if (use != null && use.plain.hasRemaining()) {
      return Liveness.UNSOLICITED;
    }
    return ended ? Liveness.CLOSED : Liveness.ALIVE;
  }

  /** Does as {@link #look}, and gives the buffers back if nothing is left in them. */
  public Liveness settle() throws IOException {
    Liveness liveness = look();
    TlsBuffers use = buffers;
    if (use != null && use.isEmpty()) {
      buffers = null;
      spares.give(use);
    }
    return liveness;
  }

  /**
   * Sends {@code close_notify} as far as that goes without waiting. Not while another thread uses
   * the connection.
   */
  public void closeGently() throws IOException {
    TlsBuffers use = spares.take();
    mayWait = false;
    engine.closeOutbound();
    SSLEngineResult result;
    do {
      result = send(use, NOTHING);
    } while (result.getStatus() == Status.OK && result.bytesProduced() > 0);
    spares.give(use);
  }

  /** Decrypts the next record into the buffer for it, which is empty. */
  private Step stepIntoPlain(TlsBuffers use) throws IOException {
    ByteBuffer plain = use.decrypting();
    try {
      Step step = step(use, plain);
      while (step == Step.NEEDS_ROOM) {
        if (plain.capacity() >= MAX_PLAIN_BYTES) {
          throw new SSLException("a TLS record holds more than it may");
        }
        plain = ByteBuffer.allocate(2 * plain.capacity());
        use.plain = plain;
        step = step(use, plain);
      }
      return step;
    } finally {
      plain.flip();
    }
  }

  private Step step(TlsBuffers use, ByteBuffer target) throws IOException {
    SSLEngineResult result = engine.unwrap(use.in, target);
    return switch (result.getStatus()) {
      case BUFFER_UNDERFLOW -> Step.NEEDS_MORE;
      case BUFFER_OVERFLOW -> Step.NEEDS_ROOM;
      case CLOSED -> {
        // After a failure the engine says so, too, without a record.
        closeNotified |= result.bytesConsumed() > 0;
        yield Step.END;
      }
      case OK -> {
        answer(use, result.getHandshakeStatus());
        yield result.bytesProduced() > 0 ? Step.DATA : Step.NO_DATA;
      }
    };
  }

  /** Does what the engine asks for until it waits for the server, or for nothing. */
  private void answer(TlsBuffers use, HandshakeStatus asked) throws IOException {
    HandshakeStatus status = asked;
    while (true) {
      if (status == HandshakeStatus.NEED_TASK) {
        for (Runnable task = engine.getDelegatedTask();
            task != null;
            task = engine.getDelegatedTask()) {
          task.run();
        }
        status = engine.getHandshakeStatus();
      } else if (status == HandshakeStatus.NEED_WRAP) {
        SSLEngineResult result = send(use, NOTHING);
        status =
            result.getStatus() == Status.CLOSED
                ? HandshakeStatus.NOT_HANDSHAKING
                : result.getHandshakeStatus();
      } else {
        return;
      }
    }
  }

  /** Encrypts one record, of {@code data} or of what the engine has to say, and sends it. */
  private SSLEngineResult send(TlsBuffers use, ByteBuffer data) throws IOException {
    SSLEngineResult result = engine.wrap(data, use.out.clear());
    if (result.getStatus() == Status.BUFFER_OVERFLOW) {
      use.out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
      result = engine.wrap(data, use.out);
    }
    if (use.out.position() > 0) {
      if (mayWait) {
        rawOut.write(use.out.array(), use.out.arrayOffset(), use.out.position());
      } else {
        sendAtOnce(use.out.flip());
      }
    }
    return result;
  }

  private void sendAtOnce(ByteBuffer bytes) throws IOException {
    channel.configureBlocking(false);
    try {
      channel.write(bytes);
    } finally {
      channel.configureBlocking(true);
    }
    if (bytes.hasRemaining()) {
      throw new IOException("the server takes nothing");
    }
  }

  /** Tells the server why, if it can still be told. */
  private void sendAlert(TlsBuffers use, SSLException failure) {
    try {
      if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
        var unused = send(use, NOTHING);
      }
    } catch (IOException e) {
      if (e != failure) {
        failure.addSuppressed(e);
      }
    }
  }

  private boolean fill(TlsBuffers use) throws IOException {
    ByteBuffer in = use.receiving();
    int n = -1;
    try {
      n = rawIn.read(in.array(), in.arrayOffset() + in.position(), in.remaining());
      if (n > 0) {
        in.position(in.position() + n);
      }
    } finally {
      in.flip();
    }
    if (n < 0 && in.hasRemaining()) {
      throw new ConnectionClosedException("the connection ended within a TLS record");
    }
    return n > 0;
  }

  private TlsBuffers buffers() {
    TlsBuffers use = buffers;
    if (use == null) {
      use = spares.take();
      buffers = use;
    }
    return use;
  }

  /** Returns the data as a stream. */
  public InputStream input() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return TlsTransport.this.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        return TlsTransport.this.read(bytes, offset, length);
      }

      @Override
      public int available() {
        return TlsTransport.this.available();
      }
    };
  }

  /** Returns a stream that encrypts and sends at once. */
  public OutputStream output() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        TlsTransport.this.write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        TlsTransport.this.write(bytes, offset, length);
      }
    };
  }
}
