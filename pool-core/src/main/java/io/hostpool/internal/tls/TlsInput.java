package io.hostpool.internal.tls;

import io.hostpool.internal.body.BlockInputStream;
import java.io.IOException;

/** What the server sends over TLS, decrypted. Not thread-safe; confined to its connection. */
public final class TlsInput extends BlockInputStream {

  private final TlsTransport tls;

  public TlsInput(TlsTransport tls) {
    this.tls = tls;
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
