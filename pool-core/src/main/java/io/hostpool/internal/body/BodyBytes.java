package io.hostpool.internal.body;

import io.hostpool.error.BodyTooLargeException;
import io.hostpool.error.HttpException;
import io.hostpool.error.Phase;
import io.hostpool.error.Progress;
import io.hostpool.error.ProtocolException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads bodies into memory. Not instantiable. */
public final class BodyBytes {

  /** How many bytes are made room for, by a declared length, for each that has come. */
  private static final int TRUST = 16;

  private static final int FIRST_BUFFER_BYTES = 64 * 1024;
  private static final int MAX_ARRAY_BYTES = Integer.MAX_VALUE - 8;

  private BodyBytes() {}

  /**
   * Reads a body to its end. The declared length is not trusted with memory: the buffer grows with
   * what has arrived.
   *
   * @param length the declared length in bytes, -1 if there is none
   * @param max the most bytes to hold
   * @param request what messages name: a request, by its {@code toString()}
   * @throws BodyTooLargeException if there are more than {@code max}; when the declared length says
   *     so, before any is read
   * @throws HttpException if reading fails
   */
  public static byte[] readAll(InputStream body, long length, long max, Object request)
      throws HttpException {
    int limit = (int) Math.min(max, MAX_ARRAY_BYTES);
    if (length > limit) {
      throw tooLarge(request, max);
    }
    int wanted = length < 0 ? FIRST_BUFFER_BYTES : (int) Math.min(length, FIRST_BUFFER_BYTES);
    byte[] bytes = new byte[Math.min(wanted, limit)];
    int count = 0;
    try {
      while (true) {
        if (count == bytes.length) {
          if (count == length) {
            return bytes;
          }
          if (count == limit) {
            return requireEnd(body, bytes, request, max);
          }
          bytes = Arrays.copyOf(bytes, grown(count, length, limit));
        }
        int n = body.read(bytes, count, bytes.length - count);
        if (n < 0) {
          return count == bytes.length ? bytes : Arrays.copyOf(bytes, count);
        }
        count += n;
      }
    } catch (HttpException e) {
      throw e;
    } catch (IOException e) {
      throw new ProtocolException(
          "reading the body failed: " + e.getMessage(), Progress.sent(Phase.BODY), e);
    }
  }

  /** Returns a body that is not there: reading it throws {@code why}. */
  public static InputStream dropped(HttpException why) {
    return new BlockInputStream() {
      @Override
      public int read(byte[] bytes, int offset, int length) throws HttpException {
        throw why;
      }
    };
  }

  private static byte[] requireEnd(InputStream body, byte[] full, Object request, long max)
      throws IOException {
    if (body.read() >= 0) {
      throw tooLarge(request, max);
    }
    return full;
  }

  private static BodyTooLargeException tooLarge(Object request, long max) {
    return new BodyTooLargeException(
        request + ": body is larger than the " + max + " bytes of maxBodyBytes",
        Progress.sent(Phase.BODY),
        max);
  }

  private static int grown(int count, long length, int limit) {
    if (length >= 0) {
      return (int) Math.min(Math.max((long) TRUST * count, FIRST_BUFFER_BYTES), length);
    }
    return (int) Math.min(Math.max(2L * count, FIRST_BUFFER_BYTES), limit);
  }
}
