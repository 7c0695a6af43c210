package io.hostpool.docs;

import io.hostpool.http.JsonCodec;
import java.io.IOException;
import java.lang.reflect.Type;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

// tag::codec[]
/** JSON by Jackson 3. */
final class JacksonCodec implements JsonCodec {

  private final JsonMapper mapper = JsonMapper.builder().build();

  @Override
  public byte[] write(Object value) throws IOException {
    try {
      return mapper.writeValueAsBytes(value);
    } catch (JacksonException e) {
      throw new IOException("cannot write " + value.getClass().getName(), e);
    }
  }

  @Override
  public <T> T read(byte[] json, Class<T> type) throws IOException {
    try {
      return mapper.readValue(json, type);
    } catch (JacksonException e) {
      throw new IOException("cannot read " + type.getName(), e);
    }
  }

  @Override
  public Object read(byte[] json, Type type) throws IOException {
    try {
      return mapper.readValue(json, mapper.constructType(type));
    } catch (JacksonException e) {
      throw new IOException("cannot read " + type.getTypeName(), e);
    }
  }
}
// end::codec[]
