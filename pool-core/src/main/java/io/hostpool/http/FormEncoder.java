package io.hostpool.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes name-value pairs as HTML forms do. Not instantiable. */
final class FormEncoder {

  private FormEncoder() {}

  /** Leaves out values that are null, as requests does. */
  static String encode(Map<String, ?> fields) {
    StringBuilder out = new StringBuilder();
    fields.forEach(
        (name, value) -> {
          if (value instanceof Iterable<?> values) {
            values.forEach(one -> append(out, name, one));
          } else if (value instanceof Object[] values) {
            Arrays.asList(values).forEach(one -> append(out, name, one));
          } else {
            append(out, name, value);
          }
        });
    return out.toString();
  }

  private static void append(StringBuilder out, String name, @Nullable Object value) {
    if (value == null) {
      return;
    }
    if (!out.isEmpty()) {
      out.append('&');
    }
    out.append(encode(name)).append('=').append(encode(value.toString()));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
