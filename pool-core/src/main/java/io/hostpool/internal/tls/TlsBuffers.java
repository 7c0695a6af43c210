package io.hostpool.internal.tls;

import java.nio.ByteBuffer;

/**
 * The buffers of TLS on one connection, held while they contain bytes or bytes are being sent. Not
 * thread-safe.
 */
public final class TlsBuffers {

  /** The longest record that a server may send, which is one of TLS 1.2. */
  private static final int RECORD_BYTES = 5 + 16 * 1024 + 2048;

  /** Received bytes that are not decrypted, ready to be read. */
  ByteBuffer in = ByteBuffer.allocate(RECORD_BYTES).limit(0);

  /** Encrypted bytes that are not sent, ready to be written. */
  ByteBuffer out = ByteBuffer.allocate(RECORD_BYTES);

  /** Decrypted bytes that no caller has read yet, ready to be read. */
  ByteBuffer plain = ByteBuffer.allocate(0);

  /** Makes room to receive, and prepares {@link #in} for writing; the caller flips it back. */
  ByteBuffer receiving() {
    if (in.position() == 0 && in.limit() == in.capacity()) {
      in = ByteBuffer.allocate(2 * in.capacity()).put(in);
    } else {
      in.compact();
    }
    return in;
  }

  /** Makes {@link #plain}, which is empty, ready to be written, with room for a record. */
  ByteBuffer decrypting() {
    if (plain.capacity() == 0) {
      plain = ByteBuffer.allocate(RECORD_BYTES);
    }
    return plain.clear();
  }

  boolean isEmpty() {
    return !in.hasRemaining() && !plain.hasRemaining();
  }
}
