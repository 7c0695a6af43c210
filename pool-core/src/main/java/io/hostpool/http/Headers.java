package io.hostpool.http;

import io.hostpool.internal.text.Escape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Header fields in their order and letter case; names compare without case. Immutable. urllib3:
 * {@code HTTPHeaderDict}.
 */
public final class Headers {

  private static final Headers EMPTY = new Headers(new String[0], true);

  /** Name and value in turn. */
  private final String[] fields;

  /** Whether names and values are such as may be sent. */
  private final boolean checked;

  private Headers(String[] fields, boolean checked) {
    this.fields = fields;
    this.checked = checked;
  }

  /** Returns no headers. */
  public static Headers empty() {
    return EMPTY;
  }

  /**
   * Returns one header for each entry, in the map's order.
   *
   * @throws IllegalArgumentException as {@link Builder#add(String, String)}
   */
  public static Headers of(Map<String, String> map) {
    Builder builder = builder();
    map.forEach(builder::add);
    return builder.build();
  }

  /**
   * Returns headers as they came from a peer, unchecked.
   *
   * @param namesAndValues name and value in turn; becomes the property of the result
   */
  public static Headers received(String[] namesAndValues) {
    return namesAndValues.length == 0 ? EMPTY : new Headers(namesAndValues, false);
  }

  /** Returns a builder without headers. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that starts from these headers. */
  public Builder toBuilder() {
    return new Builder().addAll(this);
  }

  /** Returns the first value of {@code name}, or null if there is none. */
  public @Nullable String get(String name) {
    for (int i = 0; i < fields.length; i += 2) {
      if (fields[i].equalsIgnoreCase(name)) {
        return fields[i + 1];
      }
    }
    return null;
  }

  /** Returns all values of {@code name} in their order, unmodifiable, empty if there are none. */
  public List<String> getAll(String name) {
    List<String> values = List.of();
    for (int i = 0; i < fields.length; i += 2) {
      if (fields[i].equalsIgnoreCase(name)) {
        values = values.isEmpty() ? List.of(fields[i + 1]) : appended(values, fields[i + 1]);
      }
    }
    return values;
  }

  private static List<String> appended(List<String> values, String value) {
    List<String> more = new ArrayList<>(values);
    more.add(value);
    return List.copyOf(more);
  }

  /** Returns whether there is a header of that name, in any letter case. */
  public boolean contains(String name) {
    return get(name) != null;
  }

  /** Returns the number of fields; a name that occurs twice counts twice. */
  public int size() {
    return fields.length / 2;
  }

  /** Returns whether there is no header. */
  public boolean isEmpty() {
    return fields.length == 0;
  }

  /** Calls {@code consumer} with name and value of each field, in order. */
  public void forEach(BiConsumer<String, String> consumer) {
    for (int i = 0; i < fields.length; i += 2) {
      consumer.accept(fields[i], fields[i + 1]);
    }
  }

  /** Returns the name of the field at {@code index}, 0 to {@code size() - 1}. */
  public String name(int index) {
    return fields[2 * index];
  }

  /** Returns the value of the field at {@code index}, 0 to {@code size() - 1}. */
  public String value(int index) {
    return fields[2 * index + 1];
  }

  /** Returns values by name, names in the case of their first occurrence; unmodifiable. */
  public Map<String, List<String>> toMap() {
    Map<String, String> spelling = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    Map<String, List<String>> map = new LinkedHashMap<>();
    forEach(
        (name, value) -> {
          spelling.putIfAbsent(name, name);
          map.computeIfAbsent(Objects.requireNonNull(spelling.get(name)), k -> new ArrayList<>())
              .add(value);
        });
    map.replaceAll((name, values) -> List.copyOf(values));
    return Collections.unmodifiableMap(map);
  }

  /**
   * Returns these headers, and of {@code defaults} those whose name is not among them. Defaults
   * come first, as requests sends them.
   */
  public Headers withDefaults(Headers defaults) {
    if (defaults.isEmpty()) {
      return this;
    }
    if (isEmpty()) {
      return defaults;
    }
    Builder merged = null;
    for (int i = 0; i < defaults.size(); i++) {
      if (!contains(defaults.name(i))) {
        merged = merged == null ? new Builder() : merged;
        merged.checked &= defaults.checked;
        merged.append(defaults.name(i), defaults.value(i));
      }
    }
    return merged == null ? this : merged.addAll(this).build();
  }

  /**
   * Returns these headers, every name and value such as may be sent.
   *
   * @throws IllegalArgumentException as {@link Builder#add}, for what came from a peer
   */
  public Headers checked() {
    if (checked) {
      return this;
    }
    Builder builder = builder();
    forEach(builder::add);
    return builder.build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Headers that && Arrays.equals(fields, that.fields);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields);
  }

  /** Returns the names only: values may be secrets. */
  @Override
  public String toString() {
    List<String> names = new ArrayList<>();
    forEach((name, value) -> names.add(name));
    return "Headers" + names;
  }

  /** Builds {@link Headers}. Not thread-safe. */
  public static final class Builder {
    private final List<String> fields = new ArrayList<>();
    private boolean checked = true;

    private Builder() {}

    /**
     * Appends a field, also where one of that name is there.
     *
     * @throws IllegalArgumentException if {@code name} is not a token, or {@code value} starts or
     *     ends with a blank, or holds a control character (CR, LF and NUL among them) or one beyond
     *     ISO-8859-1, or is that of {@code Host} and not a host with or without a port. The message
     *     names the field; it does not repeat the value.
     */
    public Builder add(String name, String value) {
      checkName(name);
      checkValue(name, value);
      return append(name, value);
    }

    /**
     * Sets a field in the place of all of that name.
     *
     * @throws IllegalArgumentException as {@link #add}
     */
    public Builder set(String name, String value) {
      checkName(name);
      checkValue(name, value);
      remove(name);
      return append(name, value);
    }

    /** Appends every field of {@code headers}. */
    public Builder addAll(Headers headers) {
      fields.addAll(List.of(headers.fields));
      checked &= headers.checked;
      return this;
    }

    /** Removes every field of that name, in any letter case. */
    public Builder remove(String name) {
      return removeIf(name::equalsIgnoreCase);
    }

    /** Removes the headers whose names, as they are spelled, fulfil a condition. */
    public Builder removeIf(Predicate<String> isUnwanted) {
      for (int i = fields.size() - 2; i >= 0; i -= 2) {
        if (isUnwanted.test(fields.get(i))) {
          fields.subList(i, i + 2).clear();
        }
      }
      return this;
    }

    /** Returns the headers. */
    public Headers build() {
      return fields.isEmpty() ? EMPTY : new Headers(fields.toArray(new String[0]), checked);
    }

    private Builder append(String name, String value) {
      fields.add(name);
      fields.add(value);
      return this;
    }

    private static void checkName(String name) {
      if (!Tokens.isToken(Objects.requireNonNull(name, "header name"))) {
        throw new IllegalArgumentException("header name is not a token: " + Escape.quote(name));
      }
    }

    static void checkValue(String name, String value) {
      Objects.requireNonNull(value, "header value");
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        boolean control = (c < ' ' && c != '\t') || c == 0x7f || c > 0xff;
        boolean edge = i == 0 || i == value.length() - 1;
        if (control || (edge && (c == ' ' || c == '\t'))) {
          throw new IllegalArgumentException(
              String.format(
                  "value of header %s has %s (U+%04X) at index %d",
                  name, control ? "a forbidden character" : "a blank at its edge", (int) c, i));
        }
      }
      if (name.equalsIgnoreCase("Host") && !HostParser.isHostHeader(value)) {
        throw new IllegalArgumentException(
            "value of header Host is neither host nor host:port (RFC 9110 section 7.2)");
      }
    }
  }
}
