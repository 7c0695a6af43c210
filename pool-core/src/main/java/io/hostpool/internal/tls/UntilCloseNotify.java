package io.hostpool.internal.tls;

import io.hostpool.internal.body.BlockInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.ConnectionClosedException;

/**
 * A body over TLS that ends with the connection. It is complete only if the server has sent {@code
 * close_notify}, since any party on the path can end a connection (RFC 9112 section 9.8). Not
 * thread-safe.
 */
public final class UntilCloseNotify extends BlockInputStream {

  private final InputStream untilClose;
  private final TlsTransport tls;

  public UntilCloseNotify(InputStream untilClose, TlsTransport tls) {
    this.untilClose = untilClose;
    this.tls = tls;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int n = untilClose.read(bytes, offset, length);
    if (n < 0 && !tls.isCloseNotified()) {
      throw new ConnectionClosedException(
          "the server ended the connection without close_notify of TLS");
    }
    return n;
  }

  @Override
  public int available() throws IOException {
    return untilClose.available();
  }
}
