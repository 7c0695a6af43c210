package io.hostpool.spring.autoconfigure;

/** A property has a bad value that must not be shown, for it may be a secret. */
final class SecretPropertyException extends RuntimeException {

  private final String property;

  /**
   * Makes the exception.
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
