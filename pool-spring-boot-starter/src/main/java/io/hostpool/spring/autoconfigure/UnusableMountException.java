package io.hostpool.spring.autoconfigure;

/** Reports a mount that cannot be used as a whole: no single property of it has a bad value. */
final class UnusableMountException extends RuntimeException {

  private final String property;

  /**
   * Creates the exception.
   *
   * @param property the path of the mount, {@code hostpool.mounts.name}
   * @param reason what is wrong with it and what to do
   */
  UnusableMountException(String property, String reason) {
    super(reason);
    this.property = property;
  }

  String property() {
    return property;
  }
}
