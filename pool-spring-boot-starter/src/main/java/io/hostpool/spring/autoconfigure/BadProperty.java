package io.hostpool.spring.autoconfigure;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/** Names the property in the error for a value that the library refuses. Not instantiable. */
final class BadProperty {

  private static final String MUST = " must ";

  private BadProperty() {}

  /**
   * Returns the error. Its reason is that of the library, which checks the value; where that begins
   * with the name in code, the name of the property takes its place.
   */
  static InvalidConfigurationPropertyValueException of(
      String property, Object value, IllegalArgumentException refusal) {
    String reason = String.valueOf(refusal.getMessage());
    int must = reason.indexOf(MUST);
    return new InvalidConfigurationPropertyValueException(
        property, value, must < 0 ? reason : property + reason.substring(must));
  }
}
