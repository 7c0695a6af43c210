package io.hostpool.internal.tls;

import java.io.IOException;
import java.io.OutputStream;

/** Encrypts and sends at once. Not thread-safe; confined to its connection. */
public final class TlsOutput extends OutputStream {

  private final TlsTransport tls;

  public TlsOutput(TlsTransport tls) {
    this.tls = tls;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    tls.write(bytes, offset, length);
  }
}
