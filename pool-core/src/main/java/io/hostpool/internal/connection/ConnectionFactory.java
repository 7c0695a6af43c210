package io.hostpool.internal.connection;

import io.hostpool.error.HttpException;
import io.hostpool.internal.time.Deadline;

/** Opens connections to one endpoint. Must be thread-safe. The seam that tests put fakes behind. */
@FunctionalInterface
public interface ConnectionFactory {

  /**
   * Opens a connection, TLS handshake included. Blocks up to the connect timeout.
   *
   * @param connectNanos the time for resolving, connecting and shaking hands together
   * @param deadline the end of the whole request
   * @throws HttpException if it cannot be opened; nothing is left open
   */
  HttpConnection open(long connectNanos, Deadline deadline) throws HttpException;
}
