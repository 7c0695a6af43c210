package io.hostpool.http;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The content of a file. Thread-safe. */
final class FileBody implements RequestBody {

  private final Path file;

  FileBody(Path file) {
    this.file = file;
  }

  @Override
  public @Nullable String contentType() {
    return null;
  }

  @Override
  public long contentLength() {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException("request body file " + file + " cannot be read", e);
    }
  }

  @Override
  public boolean isReplayable() {
    return true;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    Files.copy(file, out);
  }
}
