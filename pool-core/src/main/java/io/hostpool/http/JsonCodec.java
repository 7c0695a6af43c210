package io.hostpool.http;

import java.io.IOException;
import java.lang.reflect.Type;

/**
 * Turns objects into JSON and back: the seam to the JSON library of the application. Thread-safe if
 * its implementation is.
 */
public interface JsonCodec {

  /** Returns {@code value} as JSON in UTF-8. */
  byte[] write(Object value) throws IOException;

  /** Reads {@code json} into {@code type}. */
  <T> T read(byte[] json, Class<T> type) throws IOException;

  /**
   * Reads {@code json} into a type with arguments, {@code List<User>} for example. By default only
   * classes are read.
   *
   * @throws UnsupportedOperationException if this codec reads classes only
   */
  default Object read(byte[] json, Type type) throws IOException {
    if (type instanceof Class<?> plain) {
      return read(json, plain);
    }
    throw new UnsupportedOperationException(
        getClass().getName()
            + " reads classes only, not "
            + type.getTypeName()
            + ": override read(byte[], Type)");
  }
}
