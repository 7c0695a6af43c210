package io.hostpool.pool;

import io.hostpool.error.HttpException;
import io.hostpool.http.Headers;
import io.hostpool.http.Request;
import io.hostpool.internal.connection.HttpConnection;
import io.hostpool.internal.connection.Reuse;
import io.hostpool.internal.connection.WireResponse;
import io.hostpool.internal.socket.ExchangeLimits;
import io.hostpool.internal.socket.Liveness;
import io.hostpool.internal.time.Durations;
import java.io.ByteArrayInputStream;
import java.util.concurrent.atomic.AtomicInteger;

/** A connection without a socket, whose every answer a test can set. */
final class FakeConnection implements HttpConnection {

  final int number;
  volatile Liveness liveness = Liveness.ALIVE;
  volatile Reuse reuse = Reuse.KEEP;
  volatile boolean drains = true;
  volatile boolean withBody;
  volatile Runnable beforeFinish = () -> {};
  volatile Runnable beforeProbe = () -> {};
  volatile WireResponse answer = answer(200);

  /** What every exchange ends with, null if each is answered. */
  volatile HttpException failure;

  volatile boolean isResponseStarted;
  private final AtomicInteger closes = new AtomicInteger();
  private final Runnable onClose;

  FakeConnection(int number, Runnable onClose) {
    this.number = number;
    this.onClose = onClose;
  }

  /** Returns an answer without a body; {@code headers} are name and value in turn. */
  static WireResponse answer(int status, String... headers) {
    return new WireResponse(
        status, "Status", "HTTP/1.1", Headers.received(headers), null, 0, Durations.NO_LIMIT);
  }

  boolean isClosed() {
    return closes.get() > 0;
  }

  int closes() {
    return closes.get();
  }

  @Override
  public WireResponse exchange(Request request, ExchangeLimits limits) throws HttpException {
    if (failure != null) {
      throw failure;
    }
    WireResponse head = answer;
    return withBody
        ? new WireResponse(
            head.status(),
            head.reason(),
            head.version(),
            head.headers(),
            new ByteArrayInputStream(new byte[10]),
            10,
            head.keepAliveNanos())
        : head;
  }

  @Override
  public boolean isResponseStarted() {
    return isResponseStarted;
  }

  @Override
  public Reuse finishExchange() {
    beforeFinish.run();
    return reuse;
  }

  @Override
  public boolean drain() {
    return drains;
  }

  @Override
  public Liveness probe() {
    beforeProbe.run();
    return isClosed() ? Liveness.CLOSED : liveness;
  }

  @Override
  public void close() {
    closes.incrementAndGet();
    onClose.run();
  }

  @Override
  public String toString() {
    return "#" + number + (isClosed() ? " (closed)" : "");
  }
}
