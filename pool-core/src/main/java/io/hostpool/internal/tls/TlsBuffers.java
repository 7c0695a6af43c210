package io.hostpool.internal.tls;

import java.nio.ByteBuffer;

/**
 * The buffers of TLS on one connection, for as long as something is in them or being sent. Not
 * thread-safe.
 */
public final class TlsBuffers {

  /** The longest record that a peer may send, which is one of TLS 1.2. */
  private static final int RECORD_BYTES = 5 + 16 * 1024 + 2048;

  /** What has come and is not decrypted, ready to be read. */
  ByteBuffer in = ByteBuffer.allocate(RECORD_BYTES).limit(0);

  /** What is encrypted and not sent, ready to be written. */
  ByteBuffer out = ByteBuffer.allocate(RECORD_BYTES);

  /** What is decrypted and was not asked for yet, ready to be read. */
  ByteBuffer plain = ByteBuffer.allocate(0);

  /** Makes room to receive, and turns {@link #in} for it; the caller turns it back. */
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
