package io.hostpool.internal.coding;

import io.hostpool.error.BodyTooLargeException;
import io.hostpool.error.HttpException;
import io.hostpool.http.Headers;
import io.hostpool.internal.body.BodyBytes;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The codings that {@code Content-Encoding} names, in the order they were applied. Immutable. */
public final class ContentCodings {

  private static final String HEADER = "Content-Encoding";

  private final List<Coding> applied;

  private ContentCodings(List<Coding> applied) {
    this.applied = applied;
  }

  /**
   * Returns the codings to decode, null if the body is left as it is: because it is not coded, or
   * because one of its codings is unknown.
   */
  public static @Nullable ContentCodings of(Headers headers) {
    if (headers.get(HEADER) == null) {
      return null;
    }
    List<Coding> applied = new ArrayList<>(2);
    for (String token : String.join(",", headers.getAll(HEADER)).split(",", -1)) {
      String name = token.trim();
      if (name.isEmpty() || name.equalsIgnoreCase("identity")) {
        continue;
      }
      Coding coding = Coding.of(name);
      if (coding == null) {
        return null;
      }
      applied.add(coding);
    }
    return applied.isEmpty() ? null : new ContentCodings(applied);
  }

  /**
   * Returns the value of {@code Accept-Encoding}: what this process can decode, as requests sends
   * it.
   */
  public static String accepted() {
    return Accepted.VALUE;
  }

  /**
   * Returns the decoded body, without reading yet. A read throws {@code DecodeException} for data
   * that is corrupt, truncated, coded too often, takes too much work or needs a library that is
   * missing; failures of {@code coded} pass through. The end is reported only when {@code coded}
   * has ended, too. An interrupt and the deadline end a read even if it does not read from {@code
   * coded}. Closing ends a read in another thread, frees the decoders, and leaves {@code coded}
   * open.
   */
  public InputStream decode(InputStream coded, DecodingContext context) {
    return new DecodedBody(coded, applied, context);
  }

  /**
   * Reads a body to its end and returns it decoded.
   *
   * @param max the most bytes to hold, decoded
   * @throws BodyTooLargeException if there are more than {@code max}
   * @throws HttpException if reading or decoding fails, see {@link #decode}
   */
  public byte[] readAll(InputStream coded, DecodingContext context, long max) throws HttpException {
    try (DecodedBody decoded = new DecodedBody(coded, applied, context)) {
      return BodyBytes.readAll(decoded, -1, max, context.request());
    }
  }

  @Override
  public String toString() {
    return Coding.names(applied);
  }

  /** Looks for libraries when it is first asked for. */
  private static final class Accepted {
    static final String VALUE = Coding.names(Coding.available());
  }
}
