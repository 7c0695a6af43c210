package io.hostpool.spring.autoconfigure;

/** Reports a bad value of a property that must not be shown, since it may be a secret. */
final class SecretPropertyException extends RuntimeException {

  private final String property;

  /**
   * Creates the exception.
   *
   * @param reason what is wrong with the value, without repeating it
   */
  SecretPropertyException(String property, String reason) {
    super(reason);
    this.property = property;
  }

  String property() {
    return property;
  }
}
