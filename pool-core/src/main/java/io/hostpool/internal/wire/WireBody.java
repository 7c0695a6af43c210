package io.hostpool.internal.wire;

import io.hostpool.error.HttpException;
import io.hostpool.internal.body.BlockInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * A framed body as its reader sees it: failures come out as {@link HttpException}s. Not
 * thread-safe. Only its reader refers to it, so that its collection shows that no one reads on.
 */
public final class WireBody extends BlockInputStream {

  private final InputStream framed;
  private final Failures failures;
  private long read;

  /** Gives a failure its type. */
  @FunctionalInterface
  public interface Failures {
    HttpException translate(IOException e, long bytesRead);
  }

  public WireBody(InputStream framed, Failures failures) {
    this.framed = framed;
    this.failures = failures;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws HttpException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    try {
      int n = framed.read(bytes, offset, length);
      read += Math.max(n, 0);
      return n;
    } catch (IOException e) {
      throw failures.translate(e, read);
    }
  }

  @Override
  public int available() throws IOException {
    return framed.available();
  }
}
