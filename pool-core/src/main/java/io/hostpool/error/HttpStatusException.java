package io.hostpool.error;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The response has a status of 400 or above; thrown by {@code Response.raiseForStatus()}, as in
 * requests. As a cause, a status for which the retries ran out.
 */
public final class HttpStatusException extends HttpException {

  private final int status;
  private final Map<String, List<String>> headers;

  /**
   * Makes the exception.
   *
   * @param headers of the response; values by name
   */
  public HttpStatusException(String message, int status, Map<String, List<String>> headers) {
    super(message, Progress.sent(Phase.HEAD), null);
    Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.forEach((name, values) -> copy.put(name, List.copyOf(values)));
    this.status = status;
    this.headers = Collections.unmodifiableMap(copy);
  }

  /** Returns the status code. */
  public int status() {
    return status;
  }

  /**
   * Returns the headers of the response, such as {@code Retry-After}: values by name, names in any
   * letter case, unmodifiable.
   */
  public Map<String, List<String>> headers() {
    return headers;
  }
}
