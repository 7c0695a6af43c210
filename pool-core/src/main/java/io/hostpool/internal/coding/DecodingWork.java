package io.hostpool.internal.coding;

import io.hostpool.error.DeadlineExceededException;
import io.hostpool.error.HttpException;
import io.hostpool.error.ProtocolException;
import io.hostpool.error.RequestInterruptedException;
import io.hostpool.internal.time.Durations;
import java.io.IOException;

/**
 * Limits the work of all layers of one body together, and checks whether the caller still waits.
 * Not thread-safe, except {@link #cancel()}.
 *
 * <p>A byte on the wire costs the server as much as the client, and a byte that the reader gets
 * counts against the limit of the reader. The bytes that one layer hands to the next are neither: a
 * layer makes a thousand out of one, and the next layer can be fed with them for hours and give
 * nothing. They are set off against the other two, and the excess must stay small at every moment,
 * so that one read cannot spend what earlier reads have saved.
 */
final class DecodingWork {

  /** The limit of urllib3; each coding may multiply the size of a body by a thousand. */
  static final int MAX_CODINGS = 5;

  /**
   * How many bytes between layers each byte received or returned pays for. At most four streams
   * pass between five layers. None of them is much longer than the plain body unless it was made
   * for that; of a body that does not compress the wire pays once more for each.
   */
  static final int BYTES_PER_BYTE = MAX_CODINGS - 1;

  /**
   * How many bytes between layers may be unpaid. A decoder takes in 128 KiB before it shows a byte:
   * the longest header of gzip, the longest block of zstd. Brotli takes up to 16 MiB, but of bytes
   * that no layer below makes out of a few.
   */
  static final long MAX_UNPAID_BYTES = 1 << 20;

  /**
   * How many bytes off the wire each byte returned pays for: a gzip member of one byte is 21. What
   * decodes to less could otherwise go on for ever and never reach the limit of a body.
   */
  static final int WIRE_BYTES_PER_BYTE = 32;

  /**
   * How many bytes off the wire may have brought nothing: empty blocks and members, comments, what
   * follows the end. Brotli may rightly need a window of 16 MiB before it shows a byte.
   */
  static final long MAX_FRUITLESS_BYTES = 32L << 20;

  private final DecodingContext context;
  private volatile boolean cancelled;
  private long unpaid;
  private long fruitless;

  DecodingWork(DecodingContext context) {
    this.context = context;
  }

  /** Ends a read that is under way in another thread, and refuses each later one. */
  void cancel() {
    cancelled = true;
  }

  boolean isCancelled() {
    return cancelled;
  }

  /**
   * Checks whether to go on. A decoder can work for a long time on its input, without a read of the
   * socket that would notice any of these.
   *
   * @throws HttpException if the body was closed, the thread interrupted or the deadline is over
   */
  void requireWanted() throws HttpException {
    if (cancelled) {
      throw new ProtocolException(
          context.subject() + ": body was closed while it was read", context.progress(), null);
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new RequestInterruptedException(
          context.subject() + ": interrupted while the body was decoded",
          context.progress(),
          new InterruptedException());
    }
    if (context.deadline().isExpired()) {
      throw new DeadlineExceededException(
          context.subject()
              + ": total time of "
              + Durations.text(context.deadline().budgetNanos())
              + " is over while the body is decoded",
          context.progress(),
          null);
    }
  }

  /** Counts bytes received. */
  void received(int count) throws IOException {
    fruitless += count;
    if (fruitless > MAX_FRUITLESS_BYTES) {
      throw new IOException(
          "more than " + MAX_FRUITLESS_BYTES + " bytes off the wire bring nothing");
    }
    pay(count);
  }

  /** Counts bytes that one layer hands to the next. */
  void passedOn(int count) throws IOException {
    unpaid += count;
    if (unpaid > MAX_UNPAID_BYTES) {
      throw new IOException(
          "more than " + MAX_UNPAID_BYTES + " bytes between its codings bring nothing");
    }
  }

  /** Counts bytes that the reader gets. */
  void returned(int count) {
    fruitless = Math.max(0, fruitless - (long) WIRE_BYTES_PER_BYTE * count);
    pay(count);
  }

  private void pay(long count) {
    unpaid = Math.max(0, unpaid - BYTES_PER_BYTE * count);
  }
}
