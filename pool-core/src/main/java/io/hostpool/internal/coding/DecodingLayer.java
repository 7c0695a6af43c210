package io.hostpool.internal.coding;

import io.hostpool.error.DecodeException;
import io.hostpool.error.HttpException;
import io.hostpool.internal.body.BlockInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decodes one coding. It tells failures of the decoder from those of the stream below. Not
 * thread-safe.
 */
final class DecodingLayer extends BlockInputStream {

  private final Coded coded;
  private final Coding coding;
  private final DecodingContext context;
  private @Nullable InputStream decoder;
  private boolean ended;

  DecodingLayer(InputStream coded, Coding coding, DecodingContext context, DecodingWork work) {
    this.coded = new Coded(coded, work);
    this.coding = coding;
    this.context = context;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws HttpException {
    if (length == 0 || ended) {
      return ended ? -1 : 0;
    }
    try {
      int n = decode(bytes, offset, length);
      if (n < 0) {
        // Bytes behind the end are dropped, as in urllib3; the layer below must reach its own end.
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
      if (!coded.readFirst()) {
        // A body of no bytes is empty, even if its headers name a coding.
        return -1;
      }
      current = coding.open(coded);
      decoder = current;
    }
    while (true) {
      long before = coded.taken;
      int n = current.read(bytes, offset, length);
      if (n != 0) {
        return n;
      }
      if (coded.taken == before) {
        throw new IOException("decoder made no progress");
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
    return new DecodeException(context.subject() + problem, context.progress(), e);
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

  /** The input of a decoder. It counts, and remembers a failure that the decoder may wrap. */
  private static final class Coded extends BlockInputStream {

    private final InputStream in;
    private final DecodingWork work;
    private int first = -1;
    private long taken;
    private @Nullable HttpException failure;

    Coded(InputStream in, DecodingWork work) {
      this.in = in;
      this.work = work;
    }

    /** Returns whether there is a first byte, and keeps it for the decoder. */
    boolean readFirst() throws IOException {
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
        // Bounded as all work is.
      }
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
      try {
        work.requireWanted();
        int n = in.read(bytes, offset, length);
        count(Math.max(n, 0));
        return n;
      } catch (HttpException e) {
        failure = e;
        throw e;
      }
    }

    private void count(int n) throws IOException {
      taken += n;
      if (in instanceof DecodingLayer) {
        work.passedOn(n);
      } else {
        work.received(n);
      }
    }

    /** A decoder closes its input, which it does not own. */
    @Override
    public void close() {}

    void closeLayerBelow() throws IOException {
      if (in instanceof DecodingLayer) {
        in.close();
      }
    }
  }
}
