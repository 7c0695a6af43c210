package io.hostpool.internal.lease;

import io.hostpool.error.HttpException;
import io.hostpool.http.BodyOwner;
import io.hostpool.internal.connection.HttpConnection;
import io.hostpool.internal.time.Deadline;
import io.hostpool.stats.CloseReason;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The right to use one connection, released exactly once. Thread-safe.
 *
 * <p>A response, its body stream, an attempt that fails and a caller's close may all try to end the
 * same lease, from several threads. One compare-and-set decides: the winner releases the connection
 * in the way it knows, all others do nothing. Nothing else in the project returns a connection, so
 * a permit can neither be lost by a path that forgot it nor returned twice by two that did not.
 */
public final class ConnectionLease implements BodyOwner, LeakDetector.Reclaimable {

  private static final VarHandle ENDED;

  static {
    try {
      ENDED = MethodHandles.lookup().findVarHandle(ConnectionLease.class, "ended", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Where a lease comes from and its connection goes back to. */
  interface Origin {

    /** Watches that the reader of {@code body} ends {@code lease}. */
    public LeakDetector.Held watch(ConnectionLease lease, InputStream body);

    /** Stops watching a lease that has ended. */
    void ended(LeakDetector.Held held);

    /** Opens a connection in place of one that died before it brought a byte, for {@code lease}. */
    public void redial(
        PooledConnection dead,
        PendingAcquire pending,
        ConnectionLease lease,
        long connectNanos,
        Deadline deadline)
        throws HttpException;

    /**
     * Takes the connection back.
     *
     * @param broken why it cannot be used again, null if it can
     * @param start when the lease began
     */
    void release(PooledConnection connection, @Nullable CloseReason broken, Use use, long start);
  }

  private final Origin origin;
  private @Nullable PooledConnection connection;
  private boolean reused;
  private long startNanos;
  private LeakDetector.@Nullable Held held;

  @SuppressWarnings("UnusedVariable") // through ENDED
  private volatile boolean ended;

  /** Makes a lease of nothing: it is there before a connection is taken, see {@link #begin}. */
  public ConnectionLease(Origin origin) {
    this.origin = origin;
  }

  /**
   * Begins with a connection that was taken.
   *
   * @param isReused whether it came from the pool rather than being opened for this lease
   */
  public void begin(PooledConnection taken, boolean isReused, long nowNanos) {
    connection = taken;
    reused = isReused;
    startNanos = nowNanos;
  }

  public HttpConnection connection() {
    return pooled().connection();
  }

  private PooledConnection pooled() {
    return Objects.requireNonNull(connection, "connection");
  }

  /** Returns whether the connection came from the pool rather than being opened for this lease. */
  public boolean isReused() {
    return reused;
  }

  /** Watches that the reader of {@code body} ends this lease. Before the body is handed out. */
  public void watch(InputStream body) {
    held = origin.watch(this, body);
  }

  /** Remembers how long the server promised to keep the connection. */
  public void keepAlive(long nanos) {
    pooled().keepAlive(nanos);
  }

  /** The response is complete: the connection goes back, if it can serve again. */
  @Override
  public void bodyEnded() {
    if (end()) {
      releaseAfterExchange();
    }
  }

  /** The exchange failed: the connection is closed. */
  @Override
  public void bodyFailed() {
    if (end()) {
      release(CloseReason.ERROR);
    }
  }

  /** The caller left early: a short rest is read, a long one costs the connection. */
  @Override
  public void bodyAbandoned() {
    if (end()) {
      boolean success = false;
      try {
        success = connection().drain();
      } finally {
        if (success) {
          releaseAfterExchange();
        } else {
          release(CloseReason.UNREAD);
        }
      }
    }
  }

  /**
   * Ends this lease, whose connection died before it brought a byte, and opens another connection
   * under the same permit.
   *
   * @throws HttpException if none can be opened; nothing is held then
   */
  public ConnectionLease redial(long connectNanos, Deadline deadline) throws HttpException {
    ConnectionLease fresh = new ConnectionLease(origin);
    PendingAcquire pending = new PendingAcquire();
    if (!end()) {
      throw new IllegalStateException("the lease has ended");
    }
    origin.redial(pooled(), pending, fresh, connectNanos, deadline);
    return fresh;
  }

  @Override
  public boolean reclaim() {
    boolean open = end();
    if (open) {
      release(CloseReason.LEAKED);
    }
    return open;
  }

  /** No other call ends this lease again: whatever the connection throws, it is released. */
  private void releaseAfterExchange() {
    CloseReason reason = CloseReason.ERROR;
    try {
      reason =
          switch (connection().finishExchange()) {
            case KEEP -> null;
            case SERVER_CLOSES -> CloseReason.SERVER;
            case UNSOLICITED -> CloseReason.UNSOLICITED;
          };
    } finally {
      release(reason);
    }
  }

  private void release(@Nullable CloseReason broken) {
    if (held != null) {
      origin.ended(held);
    }
    origin.release(pooled(), broken, reused ? Use.REUSED : Use.OPENED, startNanos);
  }

  private boolean end() {
    return ENDED.compareAndSet(this, false, true);
  }
}
