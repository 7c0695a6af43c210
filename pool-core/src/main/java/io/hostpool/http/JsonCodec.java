package io.hostpool.http;

import java.io.IOException;

/**
 * Turns objects into JSON and back: the seam to the JSON library of the application. Thread-safe if
 * its implementation is.
 */
public interface JsonCodec {

  /** Returns {@code value} as JSON in UTF-8. */
  byte[] write(Object value) throws IOException;

  /** Reads {@code json} into {@code type}. */
  <T> T read(byte[] json, Class<T> type) throws IOException;
}
