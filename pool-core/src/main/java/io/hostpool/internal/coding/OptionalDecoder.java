package io.hostpool.internal.coding;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * A decoder of an optional library. It is found by name, so that neither this module nor its class
 * files refer to the library. Immutable.
 */
final class OptionalDecoder {

  /** RFC 9659: a window of more than 8 MiB must not be used for content codings. */
  private static final int ZSTD_MAX_WINDOW_LOG = 23;

  static final OptionalDecoder BROTLI =
      find("org.brotli:dec", "org.brotli.dec.BrotliInputStream", null);

  /**
   * The decoder with a finalizer: a streamed response that is not closed must not leak native
   * memory.
   */
  static final OptionalDecoder ZSTD =
      find("com.github.luben:zstd-jni", "com.github.luben.zstd.ZstdInputStream", "setLongMax")
          .orAbsentIfBroken();

  private final String artifact;
  private final @Nullable Constructor<? extends InputStream> constructor;
  private final @Nullable Method maxWindow;

  private OptionalDecoder(
      String artifact,
      @Nullable Constructor<? extends InputStream> constructor,
      @Nullable Method maxWindow) {
    this.artifact = artifact;
    this.constructor = constructor;
    this.maxWindow = maxWindow;
  }

  /**
   * Looks for a decoder.
   *
   * @param artifact the artifact that a user must add
   * @param maxWindow the method that bounds the window, null if there is none
   */
  static OptionalDecoder find(String artifact, String className, @Nullable String maxWindow) {
    try {
      Class<? extends InputStream> type = Class.forName(className).asSubclass(InputStream.class);
      return new OptionalDecoder(
          artifact,
          type.getConstructor(InputStream.class),
          maxWindow == null ? null : type.getMethod(maxWindow, int.class));
    } catch (ReflectiveOperationException | LinkageError missing) {
      return new OptionalDecoder(artifact, null, null);
    }
  }

  boolean isPresent() {
    return constructor != null;
  }

  /**
   * Returns a decoder.
   *
   * @throws MissingLibraryException if the library is not there
   */
  InputStream open(InputStream coded) throws IOException {
    if (constructor == null) {
      throw new MissingLibraryException(artifact);
    }
    try {
      InputStream decoder = constructor.newInstance(coded);
      if (maxWindow != null) {
        maxWindow.invoke(decoder, ZSTD_MAX_WINDOW_LOG);
      }
      return decoder;
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IOException corrupt) {
        throw corrupt;
      }
      if (cause instanceof Error error) {
        throw error;
      }
      throw new IOException(cause);
    } catch (ReflectiveOperationException e) {
      throw new IOException(artifact + " does not fit", e);
    }
  }

  /** The library has native code for most platforms, not for all. */
  private OptionalDecoder orAbsentIfBroken() {
    if (constructor == null) {
      return this;
    }
    try (InputStream empty = open(new ByteArrayInputStream(new byte[0]))) {
      empty.available();
      return this;
    } catch (IOException | LinkageError broken) {
      return new OptionalDecoder(artifact, null, null);
    }
  }

  /** The library that a coding needs is not on the class path. */
  static final class MissingLibraryException extends IOException {
    MissingLibraryException(String artifact) {
      super("needs " + artifact + " on the class path");
    }
  }
}
