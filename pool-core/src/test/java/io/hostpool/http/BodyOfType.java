package io.hostpool.http;

import java.io.OutputStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An empty body of a caller's own, which may say another type each time it is asked. */
public record BodyOfType(Supplier<@Nullable String> type) implements RequestBody {

  @Override
  public @Nullable String contentType() {
    return type.get();
  }

  @Override
  public long contentLength() {
    return 0;
  }

  @Override
  public boolean isReplayable() {
    return true;
  }

  @Override
  public void writeTo(OutputStream out) {}
}
