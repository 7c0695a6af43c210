package io.hostpool.http;

import io.hostpool.error.HttpException;
import io.hostpool.internal.body.BodyBytes;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where the body of a response is. Not thread-safe, but for {@link #close()}. */
sealed interface ResponseBody {

  /** Returns the whole body; the array is not copied. */
  byte[] readAll(long max, Request request) throws HttpException;

  /** Returns the body as a stream. */
  InputStream open();

  /** Returns whether the body is, or was, on the connection when the caller got the response. */
  default boolean isStreamed() {
    return false;
  }

  /** Gives back what the body holds. Idempotent. */
  default void close() {}

  /** In memory. */
  final class InMemory implements ResponseBody {
    private final byte[] bytes;

    InMemory(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public byte[] readAll(long max, Request request) {
      return bytes;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(bytes);
    }
  }

  /** In memory, but decoded only when it is asked for. */
  final class Deferred implements ResponseBody {
    private final Supplier<InputStream> source;
    private byte @Nullable [] bytes;

    Deferred(Supplier<InputStream> source) {
      this.source = source;
    }

    @Override
    public byte[] readAll(long max, Request request) throws HttpException {
      if (bytes == null) {
        bytes = BodyBytes.readAll(source.get(), -1, max, request);
      }
      return bytes;
    }

    @Override
    public InputStream open() {
      return bytes == null ? source.get() : new ByteArrayInputStream(bytes);
    }
  }

  /** On the connection. */
  final class Streamed implements ResponseBody {
    private final BodyStream stream;
    private byte @Nullable [] bytes;
    private boolean isTaken;

    Streamed(BodyStream stream) {
      this.stream = stream;
    }

    @Override
    public byte[] readAll(long max, Request request) throws HttpException {
      if (bytes == null) {
        if (isTaken) {
          throw new IllegalStateException("the body was taken as a stream");
        }
        bytes = readAllOrClose(max, request);
      }
      return bytes;
    }

    private byte[] readAllOrClose(long max, Request request) throws HttpException {
      boolean success = false;
      try {
        byte[] all = BodyBytes.readAll(stream, -1, max, request);
        success = true;
        return all;
      } finally {
        if (!success) {
          close();
        }
      }
    }

    @Override
    public InputStream open() {
      if (bytes != null) {
        return new ByteArrayInputStream(bytes);
      }
      isTaken = true;
      return stream;
    }

    @Override
    public boolean isStreamed() {
      return true;
    }

    @Override
    public void close() {
      stream.close();
    }
  }
}
