package io.hostpool.internal.tls;

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

/**
 * Receives and sends the records of TLS, one at a time, in buffers of the caller. Not thread-safe;
 * confined to its connection, except {@link #closeOutbound}.
 */
final class TlsRecords {

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** A record that claims to be longer is malformed. */
  private static final int MAX_PLAIN_BYTES = 64 * 1024;

  private final SocketChannel channel;
  private final SSLEngine engine;
  private final InputStream rawIn;
  private final OutputStream rawOut;
  private boolean mayWait = true;
  private boolean closeNotified;

  /** The result of decrypting the next record. */
  enum Decrypted {
    /** It held data. */
    DATA,
    /** It held a ticket, a key update, a part of a handshake. */
    NO_DATA,
    /** It has not been received completely. */
    INCOMPLETE,
    /** It holds more bytes than the target has room for. */
    NO_ROOM,
    /** It was {@code close_notify}. */
    END
  }

  /**
   * @param channel connected and in blocking mode; the caller closes it
   * @param engine in client mode, not used yet
   */
  TlsRecords(SocketChannel channel, SSLEngine engine) throws IOException {
    this.channel = channel;
    this.engine = engine;
    this.rawIn = channel.socket().getInputStream();
    this.rawOut = channel.socket().getOutputStream();
  }

  /** Sets whether sending may wait for the server to take what is sent. */
  void mayWait(boolean wait) {
    mayWait = wait;
  }

  /** Returns whether the server has sent {@code close_notify}. */
  boolean isCloseNotified() {
    return closeNotified;
  }

  /**
   * Receives more bytes; blocks until there are some.
   *
   * @return false at the end of the connection
   */
  boolean fill(TlsBuffers use) throws IOException {
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

  /**
   * Receives what is available, without waiting. The channel must be in non-blocking mode.
   *
   * @return how many bytes, -1 at the end of the connection
   */
  int receive(TlsBuffers use) throws IOException {
    ByteBuffer in = use.receiving();
    try {
      return channel.read(in);
    } finally {
      in.flip();
    }
  }

  /** Decrypts the next record into {@code target} and answers it if it asks for that. */
  Decrypted decrypt(TlsBuffers use, ByteBuffer target) throws IOException {
    SSLEngineResult result = engine.unwrap(use.in, target);
    return switch (result.getStatus()) {
      case BUFFER_UNDERFLOW -> Decrypted.INCOMPLETE;
      case BUFFER_OVERFLOW -> Decrypted.NO_ROOM;
      case CLOSED -> {
        // After a failure the engine returns this as well, without a record.
        closeNotified |= result.bytesConsumed() > 0;
        yield Decrypted.END;
      }
      case OK -> {
        continueHandshake(use, result.getHandshakeStatus());
        yield result.bytesProduced() > 0 ? Decrypted.DATA : Decrypted.NO_DATA;
      }
    };
  }

  /** Decrypts the next record into the buffer for it, which is empty. */
  Decrypted decryptIntoPlain(TlsBuffers use) throws IOException {
    ByteBuffer plain = use.decrypting();
    try {
      Decrypted record = decrypt(use, plain);
      while (record == Decrypted.NO_ROOM) {
        if (plain.capacity() >= MAX_PLAIN_BYTES) {
          throw new SSLException("a TLS record holds more than it may");
        }
        plain = ByteBuffer.allocate(2 * plain.capacity());
        use.plain = plain;
        record = decrypt(use, plain);
      }
      return record;
    } finally {
      plain.flip();
    }
  }

  /** Receives one record of a handshake; blocks until it has come. */
  void receiveHandshake(TlsBuffers use) throws IOException {
    if (use.plain.hasRemaining()) {
      throw new SSLException("the server sent data before it finished the handshake");
    }
    Decrypted record = decryptIntoPlain(use);
    if (record == Decrypted.END || (record == Decrypted.INCOMPLETE && !fill(use))) {
      throw new SSLHandshakeException("the server ended the connection during the handshake");
    }
  }

  /**
   * Runs the tasks and sends the records that the engine asks for, until it waits for the server or
   * the handshake is complete.
   */
  void continueHandshake(TlsBuffers use, HandshakeStatus asked) throws IOException {
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

  /** Encrypts one record of {@code data}, or of a handshake if that comes first, and sends it. */
  SSLEngineResult send(TlsBuffers use, ByteBuffer data) throws IOException {
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

  /** Sends an alert that tells the server why a handshake failed, if that is still possible. */
  void sendAlert(TlsBuffers use, SSLException failure) {
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

  /** Sends {@code close_notify} as far as that goes without waiting. */
  void closeOutbound(TlsBuffers use) throws IOException {
    mayWait = false;
    engine.closeOutbound();
    SSLEngineResult result;
    do {
      result = send(use, NOTHING);
    } while (result.getStatus() == Status.OK && result.bytesProduced() > 0);
  }
}
