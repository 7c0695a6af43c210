package io.hostpool.http;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Bytes in memory. Thread-safe as long as nobody changes the array. */
final class ByteArrayBody implements RequestBody {

  private final byte[] bytes;
  private final @Nullable String contentType;

  ByteArrayBody(byte[] bytes, @Nullable String contentType) {
    this.bytes = bytes;
    this.contentType = contentType;
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
