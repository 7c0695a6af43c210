package io.hostpool.internal.coding;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A registered content coding (RFC 9110 section 8.4.1, RFC 7932, RFC 8878). */
enum Coding {
  GZIP,
  DEFLATE,
  BR,
  ZSTD;

  /** Returns the coding of that name, in any letter case; null if it is unknown. */
  static @Nullable Coding of(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "gzip", "x-gzip" -> GZIP;
      case "deflate" -> DEFLATE;
      case "br" -> BR;
      case "zstd" -> ZSTD;
      default -> null;
    };
  }

  static List<Coding> available() {
    return Arrays.stream(values()).filter(Coding::isAvailable).toList();
  }

  static String names(List<Coding> codings) {
    return codings.stream().map(Coding::text).collect(Collectors.joining(", "));
  }

  boolean isAvailable() {
    return switch (this) {
      case GZIP, DEFLATE -> true;
      case BR -> OptionalDecoder.BROTLI.isPresent();
      case ZSTD -> OptionalDecoder.ZSTD.isPresent();
    };
  }

  /** Returns a decoder that stops at the end of the coded data, or after it. */
  InputStream open(InputStream coded) throws IOException {
    return switch (this) {
      case GZIP -> new GzipInput(coded);
      case DEFLATE -> new DeflateInput(coded);
      case BR -> OptionalDecoder.BROTLI.open(coded);
      case ZSTD -> OptionalDecoder.ZSTD.open(coded);
    };
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
