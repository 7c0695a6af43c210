package io.hostpool.internal.coding;

import io.hostpool.error.Phase;
import io.hostpool.error.Progress;
import io.hostpool.http.Headers;
import io.hostpool.http.Request;
import io.hostpool.internal.time.Deadline;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** Coded bodies, and the shortest way to decode one. */
public final class Samples {

  /** What {@link #BROTLI} holds. */
  public static final String TEXT = "Hostpool keeps one pool per host. ".repeat(200);

  /** {@link #TEXT}, by another encoder. */
  public static final byte[] BROTLI =
      Base64.getDecoder().decode("G48a+MVtbF3fbB1XkZKlJhMdlgLEAFMp5S0NmnSgJTDvBI0iARA=");

  /** 32 MiB of zeros. */
  public static final byte[] BROTLI_BOMB =
      Base64.getDecoder()
          .decode("y///P/gnAOKxQCD3/o///3/wTwDEYRGA7v0f////4J8AiMMCAN37v/z//8M/ARCHBQC6938=");

  static final DecodingContext CONTEXT = context(Deadline.none());

  private Samples() {}

  static DecodingContext context(Deadline deadline) {
    Request request = Request.builder("GET", "http://h/path?secret").build();
    return new DecodingContext(request, Progress.sent(Phase.BODY), deadline);
  }

  public static byte[] gzip(byte[] plain) {
    return write(plain, bytes -> new GZIPOutputStream(bytes));
  }

  public static byte[] gzip(String plain) {
    return gzip(bytes(plain));
  }

  /** Codes {@code plain} as often as asked. */
  public static byte[] gzip(byte[] plain, int times) {
    byte[] coded = plain;
    for (int i = 0; i < times; i++) {
      coded = gzip(coded);
    }
    return coded;
  }

  static byte[] deflate(String plain, boolean zlib) {
    return write(
        bytes(plain),
        bytes -> new DeflaterOutputStream(bytes, new Deflater(Deflater.BEST_COMPRESSION, !zlib)));
  }

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  public static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  static byte[] repeat(byte[] part, int times) {
    byte[] all = new byte[part.length * times];
    for (int at = 0; at < all.length; at += part.length) {
      System.arraycopy(part, 0, all, at, part.length);
    }
    return all;
  }

  /**
   * Returns a body of less than 2 KB for 20 rounds, to be decoded as gzip four times. The last but
   * one layer makes 30 MiB of empty members in each round, the last one byte.
   */
  public static byte[] chainBomb(int rounds) {
    byte[] round = gzip(concat(repeat(gzip(""), 1_572_864), gzip("x")));
    return gzip(gzip(repeat(round, rounds)));
  }

  /** Flips the bits of {@code mask} in one byte of a copy. */
  static byte[] flipped(byte[] bytes, int index, int mask) {
    byte[] copy = bytes.clone();
    copy[index] ^= (byte) mask;
    return copy;
  }

  static InputStream open(String contentEncoding, InputStream coded) {
    Headers headers = Headers.received(new String[] {"content-encoding", contentEncoding});
    ContentCodings codings = ContentCodings.of(headers);
    return codings == null ? coded : codings.decode(coded, CONTEXT);
  }

  static String decode(String contentEncoding, byte[] coded) throws IOException {
    return decode(contentEncoding, new ByteArrayInputStream(coded));
  }

  static String decode(String contentEncoding, InputStream coded) throws IOException {
    try (InputStream in = open(contentEncoding, coded)) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  /** Gives one byte a read, as the slowest of networks would. */
  static InputStream byteByByte(byte[] bytes) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] into, int offset, int length) {
        return super.read(into, offset, Math.min(length, 1));
      }
    };
  }

  private interface Encoder {
    DeflaterOutputStream over(ByteArrayOutputStream bytes) throws IOException;
  }

  private static byte[] write(byte[] plain, Encoder encoder) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = encoder.over(bytes)) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
