package io.hostpool.internal.wire;

import java.io.IOException;

/** What the server sent is not HTTP/1.1. The message is one clause, for the caller to complete. */
public final class MalformedResponseException extends IOException {
  public MalformedResponseException(String message) {
    super(message);
  }
}
