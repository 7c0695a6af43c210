package io.hostpool.internal.lease;

import io.hostpool.stats.CloseReason;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Closes what is booked as closed, after the lock was left, and passes its slot on. Nothing that a
 * connection, a listener or a log throws comes out: one that cannot be closed must not keep others
 * open. Thread-safe.
 */
final class ConnectionCloser {

  private final String key;
  private final PoolEvents events;
  private final ConnectionLimit limit;
  private final PoolLog log;

  ConnectionCloser(String key, PoolEvents events, ConnectionLimit limit, PoolLog log) {
    this.key = key;
    this.events = events;
    this.limit = limit;
    this.log = log;
  }

  /** Closes a connection, whose slot then goes to the next thread. */
  void close(PooledConnection connection, CloseReason reason) {
    closeOnly(connection, reason);
    if (!limit.isShared()) {
      return;
    }
    PendingAcquire next;
    limit.lock.lock();
    try {
      limit.giveBack();
      next = limit.serveFirst();
    } finally {
      limit.lock.unlock();
    }
    PendingAcquire.wakeUp(next);
  }

  /** Closes a connection whose slot has gone to another one already. */
  void closeOnly(PooledConnection connection, CloseReason reason) {
    try {
      connection.connection().close();
    } catch (Throwable e) {
      log.closeFailed(e);
    }
    events.closed(key, reason);
  }

  /** Closes all of {@code gone} and empties it. */
  void closeAll(
      Chain<PooledConnection> gone, Function<PooledConnection, @Nullable CloseReason> reasons) {
    PooledConnection one = gone.pollOldest();
    while (one != null) {
      CloseReason reason = reasons.apply(one);
      close(one, reason == null ? CloseReason.IDLE : reason);
      one = gone.pollOldest();
    }
  }

  void logReset() {
    log.resetting();
  }

  void logFull(int maxsize) {
    log.full(maxsize);
  }
}
