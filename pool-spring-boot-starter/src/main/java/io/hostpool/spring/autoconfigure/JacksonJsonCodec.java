package io.hostpool.spring.autoconfigure;

import io.hostpool.http.JsonCodec;
import java.io.IOException;
import java.lang.reflect.Type;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes JSON with the Jackson mapper of the application. Thread-safe. */
final class JacksonJsonCodec implements JsonCodec {

  private final JsonMapper mapper;

  JacksonJsonCodec(JsonMapper mapper) {
    this.mapper = mapper;
  }

  @Override
  public byte[] write(Object value) throws IOException {
    try {
      return mapper.writeValueAsBytes(value);
    } catch (JacksonException e) {
      throw new IOException(e.getOriginalMessage(), e);
    }
  }

  @Override
  public <T> T read(byte[] json, Class<T> type) throws IOException {
    try {
      return mapper.readValue(json, type);
    } catch (JacksonException e) {
      throw new IOException(e.getOriginalMessage(), e);
    }
  }

  @Override
  public Object read(byte[] json, Type type) throws IOException {
    try {
      return mapper.readValue(json, mapper.constructType(type));
    } catch (JacksonException e) {
      throw new IOException(e.getOriginalMessage(), e);
    }
  }
}
