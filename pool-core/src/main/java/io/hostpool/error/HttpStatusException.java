package io.hostpool.error;

/**
 * The response has a status of 400 or above; thrown only by {@code Response.raiseForStatus()}, as
 * in requests. The response stays usable and open.
 */
public final class HttpStatusException extends HttpException {

  private final int status;

  public HttpStatusException(String message, int status) {
    super(message, Progress.sent(Phase.HEAD), null);
    this.status = status;
  }

  /** Returns the status code, 400 to 599. */
  public int status() {
    return status;
  }
}
