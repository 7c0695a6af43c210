package io.hostpool.internal.tls;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.ConnectionClosedException;

/**
 * A body over TLS that the end of the connection ends: whole only if the server said so by {@code
 * close_notify}, since anybody on the way can end a connection (RFC 9112 section 9.8). Not
 * thread-safe.
 */
public final class UntilCloseNotify extends FilterInputStream {

  private final TlsTransport tls;

  public UntilCloseNotify(InputStream untilClose, TlsTransport tls) {
    super(untilClose);
    this.tls = tls;
  }

  @Override
  public int read() throws IOException {
    return checked(super.read());
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    return checked(super.read(bytes, offset, length));
  }

  private int checked(int result) throws IOException {
    if (result < 0 && !tls.isCloseNotified()) {
      throw new ConnectionClosedException(
          "the server ended the connection without close_notify of TLS");
    }
    return result;
  }
}
