package io.hostpool.coding;

import io.hostpool.error.DecodeException;
import io.hostpool.error.HttpException;
import io.hostpool.error.Progress;
import io.hostpool.http.Request;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One coding taken off: a decoder between what it reads, which may fail in its own way, and a
 * reader who wants to know whose fault a failure is. Not thread-safe.
 */
final class DecodingLayer extends InputStream {

  /**
   * How many coded bytes in a row may bring nothing: empty blocks and members, comments, what
   * follows the end. A layer below can make them out of almost no bytes on the wire, without a read
   * that could time out. Brotli may rightly need a window of 16 MiB before it shows a byte.
   */
  static final long MAX_FRUITLESS_BYTES = 32L << 20;

  private final Coded coded;
  private final Coding coding;
  private final Request request;
  private final Progress progress;
  private @Nullable InputStream decoder;
  private boolean ended;

  DecodingLayer(InputStream coded, Coding coding, Request request, Progress progress) {
    this.coded = new Coded(coded);
    this.coding = coding;
    this.request = request;
    this.progress = progress;
  }

  @Override
  public int read() throws HttpException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws HttpException {
    if (length == 0 || ended) {
      return ended ? -1 : 0;
    }
    try {
      int n = decode(bytes, offset, length);
      if (n < 0) {
        // What follows is dropped, as urllib3 does; the layer below must see its own end.
        coded.skipToEnd();
        ended = true;
      }
      return n;
    } catch (IOException | RuntimeException e) {
      throw failure(e);
    }
  }

  private int decode(byte[] bytes, int offset, int length) throws IOException {
    InputStream current = decoder;
    if (current == null) {
      if (!coded.hasFirst()) {
        // A body without a byte is empty, whatever its headers say.
        return -1;
      }
      current = coding.open(coded);
      decoder = current;
    }
    while (true) {
      long before = coded.fruitless;
      int n = current.read(bytes, offset, length);
      if (n != 0) {
        coded.fruitless = 0;
        return n;
      }
      if (coded.fruitless == before) {
        throw new IOException("decoder does not get on");
      }
    }
  }

  private HttpException failure(Exception e) {
    if (coded.failure != null) {
      return coded.failure;
    }
    String problem =
        e instanceof OptionalDecoder.MissingLibraryException
            ? ": body is coded as " + coding.text() + ", which " + e.getMessage()
            : ": body does not decode as " + coding.text() + ": " + text(e);
    return new DecodeException(ContentCodings.subject(request) + problem, progress, e);
  }

  private static String text(Exception e) {
    Throwable inner = e;
    while (inner.getCause() != null) {
      inner = inner.getCause();
    }
    String message = inner.getMessage();
    return message == null ? inner.getClass().getSimpleName() : message;
  }

  @Override
  public void close() throws IOException {
    InputStream current = decoder;
    try {
      if (current != null) {
        current.close();
      }
    } finally {
      coded.closeLayerBelow();
    }
  }

  /** What a decoder reads. It counts, and remembers a failure that the decoder may wrap. */
  private static final class Coded extends InputStream {

    private final InputStream in;
    private int first = -1;
    private long fruitless;
    private @Nullable HttpException failure;

    Coded(InputStream in) {
      this.in = in;
    }

    boolean hasFirst() throws IOException {
      byte[] one = new byte[1];
      if (read(one, 0, 1) < 0) {
        return false;
      }
      first = one[0] & 0xff;
      return true;
    }

    void skipToEnd() throws IOException {
      byte[] sink = new byte[1024];
      while (read(sink, 0, sink.length) >= 0) {
        // Bounded by what may be fruitless.
      }
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      if (length == 0) {
        return 0;
      }
      if (first >= 0) {
        bytes[offset] = (byte) first;
        first = -1;
        return 1;
      }
      if (fruitless > MAX_FRUITLESS_BYTES) {
        throw new IOException("more than " + MAX_FRUITLESS_BYTES + " bytes in a row bring nothing");
      }
      try {
        int n = in.read(bytes, offset, length);
        fruitless += Math.max(n, 0);
        return n;
      } catch (HttpException e) {
        failure = e;
        throw e;
      }
    }

    /** A decoder closes what it reads; that is not its to close. */
    @Override
    public void close() {}

    void closeLayerBelow() throws IOException {
      if (in instanceof DecodingLayer) {
        in.close();
      }
    }
  }
}
