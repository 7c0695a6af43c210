package io.hostpool.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** A stream that can be read once. Not thread-safe; serves one request. */
final class StreamBody implements RequestBody {

  private final InputStream stream;
  private final long length;
  private volatile boolean read;

  StreamBody(InputStream stream, long length) {
    this.stream = stream;
    this.length = length;
  }

  @Override
  public @Nullable String contentType() {
    return null;
  }

  @Override
  public long contentLength() {
    return length;
  }

  @Override
  public boolean isReplayable() {
    return !read;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    read = true;
    stream.transferTo(out);
  }
}
