package io.hostpool.internal.connection;

import io.hostpool.error.HttpException;
import io.hostpool.internal.time.Deadline;

/**
 * Opens connections to one endpoint. Implementations must be thread-safe. Tests replace it by a
 * fake.
 */
@FunctionalInterface
public interface ConnectionFactory {

  /**
   * Opens a connection, TLS handshake included. Blocks up to the connect timeout.
   *
   * @param connectNanos the time for name resolution, connect and TLS handshake together
   * @param deadline the end of the whole request
   * @throws HttpException if it cannot be opened; nothing is left open
   */
  HttpConnection open(long connectNanos, Deadline deadline) throws HttpException;
}
