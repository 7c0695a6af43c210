package io.hostpool.http;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;

/**
 * A type with its arguments, which no class can name: {@code new JsonType<List<User>>() {}}.
 * Spring's {@code ParameterizedTypeReference} and Jackson's {@code TypeReference} serve as well, by
 * the type that they return. Immutable.
 *
 * @param <T> the type
 */
public abstract class JsonType<T> {

  private final Type type;

  /**
   * Takes the type from the subclass.
   *
   * @throws IllegalArgumentException if the subclass does not name it
   */
  protected JsonType() {
    if (!(getClass().getGenericSuperclass() instanceof ParameterizedType parent)
        || parent.getRawType() != JsonType.class) {
      throw new IllegalArgumentException("JsonType needs its type: new JsonType<List<User>>() {}");
    }
    type = parent.getActualTypeArguments()[0];
  }

  /** Returns the type. */
  public final Type type() {
    return type;
  }

  /** Returns the name of the type. */
  @Override
  public final String toString() {
    return type.getTypeName();
  }
}
