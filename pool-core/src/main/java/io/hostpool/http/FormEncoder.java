package io.hostpool.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

/** Writes name-value pairs as HTML forms do. Not instantiable. */
final class FormEncoder {

  private FormEncoder() {}

  static String encode(Map<String, ?> fields) {
    StringBuilder out = new StringBuilder();
    fields.forEach(
        (name, value) -> {
          if (value instanceof Iterable<?> values) {
            values.forEach(one -> append(out, name, one));
          } else {
            append(out, name, value);
          }
        });
    return out.toString();
  }

  static void append(StringBuilder out, String name, Object value) {
    if (!out.isEmpty()) {
      out.append('&');
    }
    out.append(encode(name)).append('=').append(encode(Objects.toString(value)));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
