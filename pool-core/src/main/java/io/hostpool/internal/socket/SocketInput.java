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
 * Reads from a socket, each time under the shorter of read timeout and deadline. A read that takes
 * too long costs the connection, see {@link ReadWatch}. Not thread-safe; confined to its
 * connection, except {@link #close()}, and {@link #peekFinalAnswer()} while nobody reads.
 *
 * <p>Under TLS one read here is several of the socket, as many as a record takes to come, and the
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
   * @param in what comes from it, decrypted if it is encrypted
   */
  public SocketInput(SocketChannel channel, Socket socket, InputStream in, ReadWatch watch) {
    this.socket = socket;
    this.in = in;
    this.watch = watch;
    this.reader = new ChannelReader(channel);
    watch.add(reader);
  }

  /** Reads under {@code newLimits} from now on. */
  public void limits(ExchangeLimits newLimits) {
    limits = newLimits;
    gently = false;
  }

  /** Reads under {@code newLimits} from now on, and a read that takes too long costs nothing. */
  public void waitGently(ExchangeLimits newLimits) {
    limits = newLimits;
    gently = true;
  }

  public ExchangeLimits limits() {
    return limits;
  }

  /** Starts to note anew whether anything is received. */
  public void resetReceived() {
    received = false;
  }

  public boolean hasReceived() {
    return received;
  }

  /** Returns whether a read has met the end of the connection. */
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
    // Rounded up, so that a timeout is never early. Over TLS it is one of each read of the socket.
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
   * Returns whether the server has answered, interim responses aside, without waiting. For another
   * thread than the reader's, before the first read after it was sent.
   */
  public boolean peekFinalAnswer() throws IOException {
    PeekedBytes seen = peeked == null ? new PeekedBytes() : peeked;
    seen.fill(in);
    if (!seen.isEmpty()) {
      peeked = seen;
    }
    return seen.hasFinalAnswer();
  }

  /** Has no longer a part in timeouts; the socket stays open. Twice is harmless. */
  @Override
  public void close() {
    watch.remove(reader);
  }
}
