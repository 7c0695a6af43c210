package io.hostpool.http;

import io.hostpool.internal.text.Escape;
import org.jspecify.annotations.Nullable;

/** The parts of a {@link Url}, each in normal form. */
record UrlParts(Authority authority, Rest rest) {

  record Authority(String scheme, @Nullable String userInfo, String host, int port) {}

  record Rest(String path, @Nullable String query, @Nullable String fragment) {}

  static int defaultPort(String scheme) {
    return switch (scheme) {
      case "http" -> 80;
      case "https" -> 443;
      default -> -1;
    };
  }

  static IllegalArgumentException refused(String what, String url) {
    return new IllegalArgumentException(what + " in URL " + Escape.url(url));
  }
}
