package io.hostpool.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Bytes in memory. Thread-safe as long as the array does not change. */
final class ByteArrayBody implements RequestBody {

  private final byte[] bytes;
  private final @Nullable String contentType;

  ByteArrayBody(byte[] bytes, @Nullable String contentType) {
    this.bytes = bytes;
    this.contentType = contentType;
  }

  /** Returns fields that are encoded; without any, a body without a type, as in requests. */
  static ByteArrayBody ofForm(String encoded) {
    return new ByteArrayBody(
        encoded.getBytes(StandardCharsets.US_ASCII),
        encoded.isEmpty() ? null : "application/x-www-form-urlencoded");
  }

  @Override
  public @Nullable String contentType() {
    return contentType;
  }

  @Override
  public long contentLength() {
    return bytes.length;
  }

  @Override
  public boolean isReplayable() {
    return true;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    out.write(bytes);
  }
}
