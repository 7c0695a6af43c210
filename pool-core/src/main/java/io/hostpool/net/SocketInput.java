package io.hostpool.net;

import io.hostpool.policy.Deadline;
import io.hostpool.policy.Durations;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a socket, each time under the shorter of read timeout and deadline. A read that takes
 * too long costs the connection, see {@link ReadWatch}. Not thread-safe; confined to its
 * connection, except {@link #available()} and {@link #close()}.
 */
final class SocketInput extends InputStream {

  static final ExchangeLimits UNLIMITED = new ExchangeLimits(Durations.NO_LIMIT, Deadline.none());

  private final Socket socket;
  private final InputStream in;
  private final ReadWatch watch;
  private final ChannelReader reader;
  private ExchangeLimits limits = UNLIMITED;
  private boolean received;
  private boolean gently;

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

  SocketInput(SocketChannel channel, Socket socket, ReadWatch watch) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.watch = watch;
    this.reader = new ChannelReader(channel);
    socket.setSoTimeout(0);
    watch.add(reader);
  }

  /** Reads under {@code newLimits} from now on. */
  void limits(ExchangeLimits newLimits) {
    limits = newLimits;
    gently = false;
  }

  /** Reads under {@code newLimits} from now on, and a read that takes too long costs nothing. */
  void waitGently(ExchangeLimits newLimits) {
    limits = newLimits;
    gently = true;
  }

  ExchangeLimits limits() {
    return limits;
  }

  /** Starts to note anew whether anything is received. */
  void resetReceived() {
    received = false;
  }

  boolean hasReceived() {
    return received;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    long nanos = limits.deadline().bound(limits.readNanos());
    if (nanos == 0) {
      throw new SocketTimeoutException("deadline");
    }
    int n;
    if (nanos == Durations.NO_LIMIT) {
      n = in.read(bytes, offset, length);
    } else if (gently) {
      n = readGently(bytes, offset, length, nanos);
    } else {
      n = readWatched(bytes, offset, length, nanos);
    }
    if (n > 0) {
      received = true;
    }
    return n;
  }

  private int readWatched(byte[] bytes, int offset, int length, long nanos) throws IOException {
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
    // Rounded up, so that a timeout is never early.
    socket.setSoTimeout((int) Math.min(Integer.MAX_VALUE, (nanos - 1) / 1_000_000 + 1));
    try {
      int n = in.read(bytes, offset, length);
      socket.setSoTimeout(0);
      return n;
    } catch (SocketTimeoutException e) {
      socket.setSoTimeout(0);
      throw e;
    }
  }

  private static SocketTimeoutException timeout(@Nullable IOException cause) {
    SocketTimeoutException timeout = new SocketTimeoutException("read");
    timeout.initCause(cause);
    return timeout;
  }

  /** Returns how many bytes can be read without waiting. */
  @Override
  public int available() throws IOException {
    return in.available();
  }

  /** Looks for a millisecond; for a socket whose channel says nothing about what it holds. */
  Liveness look() {
    try {
      socket.setSoTimeout(1);
      return in.read() < 0 ? Liveness.CLOSED : Liveness.UNSOLICITED;
    } catch (SocketTimeoutException silent) {
      return restored();
    } catch (IOException broken) {
      return Liveness.CLOSED;
    }
  }

  private Liveness restored() {
    try {
      socket.setSoTimeout(0);
      return Liveness.ALIVE;
    } catch (IOException broken) {
      return Liveness.CLOSED;
    }
  }

  /** Has no longer a part in timeouts; the socket stays open. Twice is harmless. */
  @Override
  public void close() {
    watch.remove(reader);
  }
}
