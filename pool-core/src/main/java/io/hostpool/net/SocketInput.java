package io.hostpool.net;

import io.hostpool.policy.Deadline;
import io.hostpool.policy.Durations;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;

/**
 * Reads from a socket, each time under the shorter of read timeout and deadline. Not thread-safe;
 * confined to its connection, except {@link #available()}.
 */
final class SocketInput extends InputStream {

  static final ExchangeLimits UNLIMITED = new ExchangeLimits(Durations.NO_LIMIT, Deadline.none());

  private final Socket socket;
  private final InputStream in;
  private ExchangeLimits limits = UNLIMITED;
  private boolean received;
  private boolean ended;
  private int timeoutMillis = -1;

  SocketInput(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
  }

  /** Reads under {@code newLimits} from now on. */
  void limits(ExchangeLimits newLimits) {
    limits = newLimits;
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

  /** Returns whether a read has met the end of the connection. */
  boolean hasEnded() {
    return ended;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    applyTimeout();
    int n = in.read(bytes, offset, length);
    if (n > 0) {
      received = true;
    }
    ended |= n < 0;
    return n;
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
      return Liveness.ALIVE;
    } catch (IOException broken) {
      return Liveness.CLOSED;
    } finally {
      timeoutMillis = -1;
    }
  }

  private void applyTimeout() throws IOException {
    long nanos = limits.deadline().bound(limits.readNanos());
    if (nanos == 0) {
      throw new SocketTimeoutException("deadline");
    }
    int millis = toMillis(nanos);
    if (millis != timeoutMillis) {
      socket.setSoTimeout(millis);
      timeoutMillis = millis;
    }
  }

  /** Rounds up, so that a timeout is never early; 0 means no limit. */
  private static int toMillis(long nanos) {
    if (nanos == Durations.NO_LIMIT) {
      return 0;
    }
    return (int) Math.min(Integer.MAX_VALUE, (nanos - 1) / 1_000_000 + 1);
  }
}
