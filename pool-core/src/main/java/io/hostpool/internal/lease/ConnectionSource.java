package io.hostpool.internal.lease;

import io.hostpool.error.ClosedPoolException;
import io.hostpool.error.EmptyPoolException;
import io.hostpool.error.HttpException;
import io.hostpool.error.RequestInterruptedException;
import io.hostpool.internal.lease.PendingAcquire.State;
import io.hostpool.internal.time.Deadline;
import io.hostpool.internal.time.Ticker;
import io.hostpool.stats.AcquireOutcome;
import io.hostpool.stats.CloseReason;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Gets a request its connection: takes an idle one that is alive, waits for another, or has one
 * opened. This is where a lease blocks; what is whose is decided in the {@link ConnectionStore}.
 * Thread-safe.
 */
public final class ConnectionSource
    implements ConnectionLease.Origin, PoolUpkeep.Pool, RetiredPools.Retired {

  private final LeaseConfig config;
  private final Ticker ticker;
  private final PoolEvents events;
  private final PoolErrors errors;
  private final ConnectionStore store;
  private final Dialer dialer;
  private final PoolUpkeep upkeep;

  /**
   * @param giveUp has the manager drop the pool, null where there is none
   */
  public ConnectionSource(
      PoolKey key, LeaseConfig config, Sizing sizing, @Nullable Runnable giveUp) {
    this.config = config;
    this.ticker = config.ticker();
    this.events = config.events();
    this.errors = new PoolErrors(key);
    PoolLog log = new PoolLog(key, ticker, config.mounts());
    this.upkeep = new PoolUpkeep(this, config, giveUp);
    this.store = new ConnectionStore(key.toString(), config, sizing, errors, log, upkeep);
    this.dialer = new Dialer(key, config, store, log);
  }

  /** Returns {@code scheme://host:port}. */
  @Override
  public String key() {
    return store.key();
  }

  /** Returns {@code host:port}, as the messages of exceptions name the peer. */
  public String peer() {
    return errors.peer();
  }

  @Override
  public ConnectionStore store() {
    return store;
  }

  /** Keeps nothing from now on, but serves threads that hold this pool. Idempotent. */
  public void retire() {
    store.control().retire();
    upkeep.end();
  }

  /** Serves no thread from now on. Idempotent. */
  @Override
  public void close() {
    store.control().close();
    upkeep.end();
  }

  public PoolUpkeep upkeep() {
    return upkeep;
  }

  @Override
  public Dialer dialer() {
    return dialer;
  }

  /**
   * Takes a connection: an idle one that is alive, else a new one. Blocks by the pool's mode, and
   * while connecting. The caller owns the lease and must end it in one of its ways.
   *
   * @throws EmptyPoolException if none came free in time, or the pool does not wait
   * @throws ClosedPoolException if the pool is closed, also while waiting
   * @throws HttpException if none could be opened, or the deadline or an interrupt came first; in
   *     every case nothing is held
   */
  public ConnectionLease lease(long connectNanos, Deadline deadline) throws HttpException {
    long start = events.start();
    ConnectionLease lease = new ConnectionLease(this);
    PendingAcquire pending = null;
    try {
      if (Thread.currentThread().isInterrupted()) {
        // The socket would be closed by its first use on this thread.
        throw errors.interrupted();
      }
      PooledConnection idle = store.takeIdle();
      CloseReason fault = idle == null ? null : fault(idle);
      AcquireOutcome outcome = AcquireOutcome.REUSED;
      if (idle != null && fault == null) {
        lease.begin(idle, true, events.start());
      } else {
        pending = idle == null ? new PendingAcquire() : pendingFor(idle);
        outcome = acquire(pending, idle, fault, lease, connectNanos, deadline);
      }
      events.acquired(store.key(), outcome, start);
      return lease;
    } catch (Throwable e) {
      AcquireOutcome outcome = PoolErrors.outcomeOf(e, pending);
      store.unserved(outcome);
      events.acquireFailed(store.key(), outcome, start);
      throw e;
    }
  }

  @Override
  public LeakDetector.Held watch(ConnectionLease lease, InputStream body) {
    LeakDetector.Held held = upkeep.leaks().watch(lease, body);
    upkeep.streaming();
    return held;
  }

  @Override
  public void ended(LeakDetector.Held held) {
    upkeep.leaks().ended(held);
  }

  @Override
  public void redial(
      PooledConnection dead,
      PendingAcquire pending,
      ConnectionLease lease,
      long connectNanos,
      Deadline deadline)
      throws HttpException {
    store.replace(dead, CloseReason.STALE, pending, false);
    complete(pending, lease, connectNanos, deadline);
  }

  /** Makes a request for a connection, for a thread that holds one already. */
  private PendingAcquire pendingFor(PooledConnection held) {
    PendingAcquire pending = null;
    try {
      pending = new PendingAcquire();
      return pending;
    } finally {
      if (pending == null) {
        store.release(held, CloseReason.ERROR, Use.NONE);
      }
    }
  }

  private AcquireOutcome acquire(
      PendingAcquire pending,
      @Nullable PooledConnection dead,
      @Nullable CloseReason fault,
      ConnectionLease lease,
      long connectNanos,
      Deadline deadline)
      throws HttpException {
    if (dead != null && fault != null) {
      store.replace(dead, fault, pending, true);
    } else {
      store.request(pending, false);
      if (pending.state() == State.NEW) {
        config.giveWay();
        store.request(pending, true);
      }
    }
    return complete(pending, lease, connectNanos, deadline);
  }

  /** Does what {@code pending} lacks until it has a connection, and gives that to the lease. */
  private AcquireOutcome complete(
      PendingAcquire pending, ConnectionLease lease, long connectNanos, Deadline deadline)
      throws HttpException {
    boolean success = false;
    try {
      while (!success) {
        switch (pending.state()) {
          case QUEUED, RACING -> await(pending, deadline);
          case PERMITTED -> dialer.dial(pending, connectNanos, deadline);
          case SERVED -> success = take(pending, lease);
          case FAILED -> throw dialer.failure(pending);
          case CLOSED -> throw errors.closed();
          default -> throw new IllegalStateException(pending.state().toString());
        }
      }
      boolean isOpened = pending.isOwn();
      return pending.wasQueued()
          ? AcquireOutcome.WAITED
          : isOpened ? AcquireOutcome.OPENED : AcquireOutcome.REUSED;
    } finally {
      if (!success) {
        store.abandon(pending);
      }
    }
  }

  /** Gives the lease what {@code pending} was served with, if it is alive. */
  private boolean take(PendingAcquire pending, ConnectionLease lease) throws HttpException {
    store.returnUnusedPermit(pending);
    long start = events.start();
    PooledConnection connection = Objects.requireNonNull(pending.takeConnection());
    if (pending.isOwn()) {
      lease.begin(connection, false, start);
      return true;
    }
    CloseReason fault = fault(connection);
    if (fault == null) {
      lease.begin(connection, true, start);
      return true;
    }
    store.replace(connection, fault, pending, true);
    return false;
  }

  private void await(PendingAcquire pending, Deadline deadline) throws HttpException {
    pending.await(ticker, deadline.remainingNanos());
    if (Thread.currentThread().isInterrupted()) {
      throw errors.interrupted();
    }
    if (pending.state() == State.QUEUED) {
      PoolErrors.WaitEnd end = store.timedOut(pending);
      if (end != null) {
        pending.lacked(end.lacksSlot());
        throw errors.waitEnded(pending.limitNanos(), deadline, end, store.limit());
      }
    }
  }

  /**
   * Returns why an idle connection cannot be used, null if it can. If looking at it throws, it is
   * given back.
   */
  private @Nullable CloseReason fault(PooledConnection connection) {
    CloseReason fault = CloseReason.ERROR;
    try {
      fault = connection.fault(ticker, config.idleTimeoutNanos());
      return fault;
    } finally {
      if (fault == CloseReason.ERROR) {
        store.release(connection, CloseReason.ERROR, Use.NONE);
      }
    }
  }

  @Override
  public void release(
      PooledConnection connection, @Nullable CloseReason broken, Use use, long start) {
    store.release(connection, broken, use);
    events.released(store.key(), start);
  }

  /**
   * Opens connections until {@code count} are there, in use or idle, so that the first requests
   * need not wait for TCP and TLS. Blocks for each of them in turn. Stops where all pools together
   * have as many as they may.
   *
   * @return how many were opened
   * @throws HttpException if one cannot be opened; those before it are kept
   */
  public int prewarm(int count, long connectNanos, Deadline deadline) throws HttpException {
    int opened = 0;
    while (true) {
      PendingAcquire pending = new PendingAcquire();
      if (!store.control().permitAhead(pending, count)) {
        return opened;
      }
      dialer.dial(pending, connectNanos, deadline);
      switch (pending.state()) {
        case SERVED -> store.release(pending.connection(), null, Use.NONE);
        case FAILED -> throw dialer.failure(pending);
        default -> throw errors.closed();
      }
      opened++;
    }
  }

  /**
   * Pauses before another attempt.
   *
   * @throws ClosedPoolException if the pool is or gets closed; the pause ends at once
   * @throws RequestInterruptedException if the thread is interrupted; the pause ends at once
   */
  public void pause(long nanos) throws HttpException {
    try {
      if (store.control().awaitClosed(nanos)) {
        throw errors.closed();
      }
    } catch (InterruptedException e) {
      throw errors.interruptedPause(e);
    }
  }
}
