package io.hostpool.internal.socket;

import io.hostpool.internal.body.BlockInputStream;
import io.hostpool.internal.time.Deadline;
import io.hostpool.internal.time.Durations;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a socket, each time within the shorter of read timeout and deadline. A read that takes
 * too long costs the connection, see {@link ReadWatch}. Not thread-safe; confined to its
 * connection, except {@link #close()}, and {@link #peekFinalAnswer()} while no thread reads.
 *
 * <p>Over TLS one read here may be several reads of the socket, until a record is complete, and the
 * read timeout is the longest wait for the record.
 */
public final class SocketInput extends BlockInputStream {

  public static final ExchangeLimits UNLIMITED =
      new ExchangeLimits(Durations.NO_LIMIT, Deadline.none());

  private final Socket socket;
  private final InputStream in;
  private final ReadWatch watch;
  private final ChannelReader reader;
  private @Nullable PeekedBytes peeked;
  private ExchangeLimits limits = UNLIMITED;
  private boolean received;
  private boolean gently;
  private boolean ended;

  private static final class ChannelReader extends ReadWatch.Reader {
    private final SocketChannel channel;

    ChannelReader(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    void expire() {
      try {
        channel.close();
      } catch (IOException ignored) {
        // The reader sees it closed in any case.
      }
    }
  }

  /**
   * @param socket the channel's own
   * @param in the bytes from it, decrypted if it is encrypted
   */
  public SocketInput(SocketChannel channel, Socket socket, InputStream in, ReadWatch watch) {
    this.socket = socket;
    this.in = in;
    this.watch = watch;
    this.reader = new ChannelReader(channel);
    watch.add(reader);
  }

  /** Sets the limits of the reads that follow. */
  public void limits(ExchangeLimits newLimits) {
    limits = newLimits;
    gently = false;
  }

  /** Sets the limits of the reads that follow; a read that takes too long keeps the connection. */
  public void waitGently(ExchangeLimits newLimits) {
    limits = newLimits;
    gently = true;
  }

  public ExchangeLimits limits() {
    return limits;
  }

  /** Forgets whether anything was received. */
  public void resetReceived() {
    received = false;
  }

  public boolean hasReceived() {
    return received;
  }

  /** Returns whether a read has reached the end of the connection. */
  public boolean hasEnded() {
    return ended;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    long nanos = limits.deadline().bound(limits.readNanos());
    if (nanos == 0) {
      throw new SocketTimeoutException("deadline");
    }
    int n;
    if (peeked != null) {
      n = readPeeked(peeked, bytes, offset, length);
    } else if (gently) {
      n = readGently(bytes, offset, length, nanos);
    } else {
      n = readWatched(bytes, offset, length, nanos);
    }
    if (n > 0) {
      received = true;
    }
    ended |= n < 0;
    return n;
  }

  private int readPeeked(PeekedBytes from, byte[] bytes, int offset, int length) {
    int n = from.read(bytes, offset, length);
    if (from.isEmpty()) {
      peeked = null;
    }
    return n;
  }

  private int readWatched(byte[] bytes, int offset, int length, long nanos) throws IOException {
    if (nanos == Durations.NO_LIMIT) {
      return in.read(bytes, offset, length);
    }
    watch.begin(reader, nanos);
    int n;
    try {
      n = in.read(bytes, offset, length);
    } catch (IOException e) {
      if (watch.end(reader)) {
        throw timeout(e);
      }
      throw e;
    }
    if (watch.end(reader)) {
      throw timeout(null);
    }
    return n;
  }

  private int readGently(byte[] bytes, int offset, int length, long nanos) throws IOException {
    // Rounded up, so that a timeout is never early. Over TLS it applies to each read of the socket.
    socket.setSoTimeout((int) Math.min(Integer.MAX_VALUE, (nanos - 1) / 1_000_000 + 1));
    try {
      return readWatched(bytes, offset, length, limits.deadline().bound(Durations.NO_LIMIT));
    } finally {
      if (!socket.isClosed()) {
        socket.setSoTimeout(0);
      }
    }
  }

  private static SocketTimeoutException timeout(@Nullable IOException cause) {
    SocketTimeoutException timeout = new SocketTimeoutException("read");
    timeout.initCause(cause);
    return timeout;
  }

  /** Returns whether bytes that were peeked at have not been read. */
  public boolean hasPeekedBytes() {
    return peeked != null;
  }

  /** Returns how many bytes can be read without waiting. */
  @Override
  public int available() throws IOException {
    return in.available();
  }

  /**
   * Returns, without waiting, whether the server has sent a final response. For a thread other than
   * the reader, before the first read after the request.
   */
  public boolean peekFinalAnswer() throws IOException {
    PeekedBytes seen = peeked == null ? new PeekedBytes() : peeked;
    seen.fill(in);
    if (!seen.isEmpty()) {
      peeked = seen;
    }
    return seen.hasFinalAnswer();
  }

  /** Removes the socket from the watch; the socket stays open. Idempotent. */
  @Override
  public void close() {
    watch.remove(reader);
  }
}
