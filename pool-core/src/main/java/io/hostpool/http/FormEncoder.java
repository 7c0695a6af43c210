package io.hostpool.http;

import io.hostpool.internal.text.Escape;
import java.lang.reflect.Array;
import java.net.URLEncoder;
import java.nio.Buffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Writes name-value pairs as HTML forms do. Not thread-safe. */
final class FormEncoder {

  private final StringBuilder out = new StringBuilder();

  /**
   * Returns {@code fields} encoded, empty if none of them has a value.
   *
   * @throws IllegalArgumentException as {@link #add}
   */
  static String encode(Map<String, ?> fields) {
    FormEncoder encoder = new FormEncoder();
    fields.forEach(encoder::add);
    return encoder.toString();
  }

  /**
   * Returns pairs encoded in their order, empty if none of them has a value.
   *
   * @throws IllegalArgumentException as {@link #add}
   */
  static String encode(List<? extends Map.Entry<String, ?>> pairs) {
    FormEncoder encoder = new FormEncoder();
    pairs.forEach(pair -> encoder.add(pair.getKey(), pair.getValue()));
    return encoder.toString();
  }

  /**
   * Appends a field for each element of an {@link Iterable} or array, one for any other value. Null
   * gives none, as in requests.
   *
   * @throws IllegalArgumentException if a value has no text
   */
  FormEncoder add(String name, @Nullable Object value) {
    Objects.requireNonNull(name, "parameter name");
    if (value instanceof Iterable<?> values && !(value instanceof Path)) {
      values.forEach(element -> append(name, element));
    } else if (value != null && value.getClass().isArray()) {
      for (int i = 0; i < Array.getLength(value); i++) {
        append(name, Array.get(value, i));
      }
    } else {
      append(name, value);
    }
    return this;
  }

  private void append(String name, @Nullable Object value) {
    if (value == null) {
      return;
    }
    String text = value.toString();
    if (isContainer(value) || text == null || text.startsWith(identity(value))) {
      throw new IllegalArgumentException(
          "parameter "
              + Escape.quote(name)
              + ": a "
              + value.getClass().getName()
              + " has no text to send; allowed are text, numbers and the like,"
              + " and an Iterable or array of them");
    }
    if (!out.isEmpty()) {
      out.append('&');
    }
    out.append(encode(name)).append('=').append(encode(text));
  }

  /** Returns whether the text of {@code value} would be that of a container, not its content. */
  private static boolean isContainer(Object value) {
    return (value instanceof Iterable<?> && !(value instanceof Path))
        || value instanceof Map<?, ?>
        || (value instanceof Buffer && !(value instanceof CharSequence))
        || value instanceof Optional<?>
        || value instanceof OptionalInt
        || value instanceof OptionalLong
        || value instanceof OptionalDouble;
  }

  /** What {@link Object#toString()} returns, or starts with: another text in each run. */
  private static String identity(Object value) {
    return value.getClass().getName() + "@" + Integer.toHexString(value.hashCode());
  }

  private static String encode(String text) {
    // The tilde is unreserved (RFC 3986 section 2.3); URLEncoder is older than that.
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("%7E", "~");
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
