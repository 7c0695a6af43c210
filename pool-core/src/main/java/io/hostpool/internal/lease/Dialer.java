package io.hostpool.internal.lease;

import io.hostpool.error.HttpException;
import io.hostpool.internal.connection.ConnectionFactory;
import io.hostpool.internal.connection.HttpConnection;
import io.hostpool.internal.lease.PendingAcquire.State;
import io.hostpool.internal.time.Deadline;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Opens the connections of one pool. Thread-safe.
 *
 * <p>The thread that has the permit opens its connection itself if no other could serve it
 * meanwhile. Else the connection is opened on another thread, so that the first one may take a
 * connection that comes back before; what is opened then is kept for the next.
 */
public final class Dialer {

  private final LeaseConfig config;
  private final ConnectionFactory factory;
  private final PoolEvents events;
  private final ConnectionStore store;
  private final PoolLog log;

  Dialer(PoolKey key, LeaseConfig config, ConnectionStore store, PoolLog log) {
    this.config = config;
    this.factory = config.factoryFor(key.endpoint());
    this.events = config.events();
    this.store = store;
    this.log = log;
  }

  /**
   * Uses the permit of {@code pending}. Returns when its connection is open or could not be opened,
   * or when another thread has begun to open it.
   */
  public void dial(PendingAcquire pending, long connectNanos, Deadline deadline) {
    pending.closePredecessor();
    if (pending.isAlone()) {
      if (store.beginDial(pending, State.DIALING)) {
        open(pending, connectNanos, deadline);
      }
      return;
    }
    Runnable task = () -> open(pending, connectNanos, deadline);
    if (store.beginDial(pending, State.RACING)) {
      start(pending, task);
    }
  }

  private void start(PendingAcquire pending, Runnable task) {
    try {
      config.dialThreads().execute(task);
    } catch (Throwable noThread) {
      // Errors too, for lack of memory or descriptors: the calling thread opens it.
      log.noDialThread(noThread);
      store.dialAlone(pending);
    }
  }

  /** Opens a connection under the permit of {@code pending}, or gives the permit back. */
  void open(PendingAcquire pending, long connectNanos, Deadline deadline) {
    if (!pending.isRedial()) {
      log.starting(pending.number());
    }
    long start = events.start();
    HttpConnection opened = null;
    PooledConnection connection = null;
    Throwable failure = null;
    try {
      opened = factory.open(connectNanos, deadline);
      connection = config.pooled(store, opened);
    } catch (Throwable e) {
      // Whatever it is, the waiting thread must be told, and the permit must be returned.
      failure = e;
    }
    if (connection != null) {
      events.opened(store.key(), start);
      store.dialed(pending, connection);
      return;
    }
    closeQuietly(opened);
    if (!store.dialFailed(pending, Objects.requireNonNull(failure))) {
      log.spareDialFailed(failure);
    }
  }

  private void closeQuietly(@Nullable HttpConnection opened) {
    if (opened != null) {
      try {
        opened.close();
      } catch (Throwable e) {
        log.closeFailed(e);
      }
    }
  }

  /** Returns, to be thrown, why the connection of {@code pending} could not be opened. */
  HttpException failure(PendingAcquire pending) {
    Throwable failure = pending.failure();
    if (!pending.isAlone()) {
      continueTrace(failure);
    }
    if (failure instanceof HttpException typed) {
      return typed;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) failure;
  }

  /** Appends the calling thread's trace to that of the thread that opened the connection. */
  private static void continueTrace(Throwable failure) {
    List<StackTraceElement> trace = new ArrayList<>(Arrays.asList(failure.getStackTrace()));
    StackTraceElement[] own = new Throwable().getStackTrace();
    trace.addAll(Arrays.asList(own).subList(Math.min(2, own.length), own.length));
    failure.setStackTrace(trace.toArray(new StackTraceElement[0]));
  }
}
