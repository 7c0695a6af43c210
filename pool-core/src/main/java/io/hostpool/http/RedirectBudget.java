package io.hostpool.http;

import io.hostpool.error.BodyTooLargeException;
import io.hostpool.error.HttpException;
import io.hostpool.internal.body.BodyBytes;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the bodies of all redirects of one call may hold in memory together, for its history: as
 * many bytes as one body may, and no more than {@link #MAX_BYTES}. Thread-safe.
 */
public final class RedirectBudget {

  /** The most bytes that redirects of one call hold: 1 MiB. */
  public static final long MAX_BYTES = 1L << 20;

  private final AtomicLong held = new AtomicLong();

  /** Makes the budget of a call that begins. */
  public RedirectBudget() {}

  /**
   * Reads the body of a redirect to its end, see {@link BodyBytes#readAll}.
   *
   * @param max the most bytes that one body may hold
   * @throws BodyTooLargeException if there are more than those before it have left
   * @throws HttpException if reading fails
   */
  public byte[] readAll(InputStream body, long length, long max, Request request)
      throws HttpException {
    long limit = Math.min(max, MAX_BYTES);
    try {
      byte[] bytes = BodyBytes.readAll(body, length, Math.max(0, limit - held.get()), request);
      held.addAndGet(bytes.length);
      return bytes;
    } catch (BodyTooLargeException e) {
      throw new BodyTooLargeException(
          request
              + ": the body of this redirect was dropped; those of a call hold no more than "
              + limit
              + " bytes together",
          e.progress(),
          limit);
    }
  }
}
