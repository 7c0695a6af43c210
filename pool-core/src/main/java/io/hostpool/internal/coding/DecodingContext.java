package io.hostpool.internal.coding;

import io.hostpool.error.Progress;
import io.hostpool.http.Request;
import io.hostpool.internal.time.Deadline;

/**
 * The request whose body is decoded, and its deadline. Immutable.
 *
 * @param request for messages
 * @param progress how far the exchange got, for failures
 * @param deadline the end of the call; none where the body is decoded after its call
 */
public record DecodingContext(Request request, Progress progress, Deadline deadline) {

  /** Returns the start of messages: method and URL, without secrets. */
  String subject() {
    return request.toString();
  }
}
