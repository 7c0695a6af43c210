package io.hostpool.http;

import java.io.IOException;
import java.io.OutputStream;

/** An object that still waits for the session's {@link JsonCodec}. */
final class JsonBody implements RequestBody {

  private final Object value;

  JsonBody(Object value) {
    this.value = value;
  }

  RequestBody encode(JsonCodec codec) {
    try {
      return new ByteArrayBody(codec.write(value), contentType());
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "cannot be written as JSON: " + value.getClass().getName(), e);
    }
  }

  @Override
  public String contentType() {
    return "application/json";
  }

  @Override
  public long contentLength() {
    throw noCodec();
  }

  @Override
  public boolean isReplayable() {
    return true;
  }

  @Override
  public void writeTo(OutputStream out) {
    throw noCodec();
  }

  private static IllegalStateException noCodec() {
    return new IllegalStateException(
        "a json(…) body needs a session with a JsonCodec: Session.builder().json(codec)");
  }
}
