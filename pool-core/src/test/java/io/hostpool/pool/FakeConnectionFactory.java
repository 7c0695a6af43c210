package io.hostpool.pool;

import io.hostpool.error.HttpException;
import io.hostpool.error.NewConnectionException;
import io.hostpool.internal.connection.ConnectionFactory;
import io.hostpool.internal.connection.HttpConnection;
import io.hostpool.internal.connection.WireResponse;
import io.hostpool.internal.time.Deadline;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Opens {@link FakeConnection}s and remembers them. Thread-safe. */
final class FakeConnectionFactory implements ConnectionFactory {

  private final List<FakeConnection> opened = Collections.synchronizedList(new ArrayList<>());

  /** Runs before each connection is opened, on the thread that opens it. */
  volatile Step beforeOpen = () -> {};

  /** Runs when a connection is closed, on the thread that closes it. */
  volatile Runnable onClose = () -> {};

  volatile boolean refuses;

  /** Whether the connections opened from now on answer with a body of ten bytes. */
  volatile boolean withBody;

  /** What the connections opened from now on answer. */
  volatile WireResponse answer = FakeConnection.answer(200);

  /** What every exchange on the connections opened from now on ends with, null for an answer. */
  volatile HttpException failure;

  @FunctionalInterface
  interface Step {
    void run() throws HttpException;
  }

  @Override
  public HttpConnection open(long connectNanos, Deadline deadline) throws HttpException {
    beforeOpen.run();
    if (refuses) {
      throw new NewConnectionException("refused by the test", null);
    }
    FakeConnection connection = new FakeConnection(opened.size() + 1, () -> onClose.run());
    connection.answer = answer;
    connection.withBody = withBody;
    connection.failure = failure;
    opened.add(connection);
    return connection;
  }

  List<FakeConnection> opened() {
    return List.copyOf(opened);
  }

  /** Returns the connections that nobody closed. */
  List<FakeConnection> open() {
    return opened().stream().filter(connection -> !connection.isClosed()).toList();
  }
}
