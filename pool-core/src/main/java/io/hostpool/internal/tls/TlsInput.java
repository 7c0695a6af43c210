package io.hostpool.internal.tls;

import java.io.IOException;
import java.io.InputStream;

/** What the server sends over TLS, decrypted. Not thread-safe; confined to its connection. */
public final class TlsInput extends InputStream {

  private final TlsTransport tls;

  public TlsInput(TlsTransport tls) {
    this.tls = tls;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    return tls.read(bytes, offset, length);
  }

  @Override
  public int available() {
    return tls.available();
  }
}
