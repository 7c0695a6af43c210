package io.hostpool.pool;

import io.hostpool.error.ClosedPoolException;
import io.hostpool.error.EmptyPoolException;
import io.hostpool.error.HttpException;
import io.hostpool.error.RequestInterruptedException;
import io.hostpool.net.ConnectionFactory;
import io.hostpool.net.HttpConnection;
import io.hostpool.policy.Deadline;
import io.hostpool.policy.Durations;
import io.hostpool.policy.Ticker;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets a request its connection: waits for one, looks whether it is alive, opens one. This is where
 * a lease blocks; what is whose is decided in the {@link ConnectionStore}. Thread-safe.
 */
final class ConnectionSource implements IdleSweeper.Swept {

  private static final Logger LOG = LoggerFactory.getLogger("io.hostpool.pool");

  private static final long LEAK_CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final PoolKey key;
  private final String keyText;
  private final PoolConfig config;
  private final ConnectionFactory factory;
  private final Ticker ticker;
  private final PoolEvents events;
  private final PoolErrors errors;
  private final ConnectionStore store;
  private final LeakDetector leaks;
  private final @Nullable ConnectionBudget budget;

  /** Whether the sweeper knows this pool. */
  private final AtomicBoolean looked = new AtomicBoolean();

  ConnectionSource(PoolKey key, PoolConfig config, Capacity capacity) {
    this.key = key;
    this.keyText = key.toString();
    this.config = config;
    this.factory = config.factoryFor(key.endpoint());
    this.ticker = config.ticker();
    this.events = config.events();
    this.errors = new PoolErrors(key.authority());
    this.budget = config.budget();
    this.store = new ConnectionStore(key, config, capacity, errors);
    this.leaks =
        new LeakDetector(key.authority(), config.leakThresholdNanos(), ticker, store::leakFound);
  }

  /** Returns {@code scheme://host:port}. */
  String keyText() {
    return keyText;
  }

  /** Returns {@code host:port}. */
  String name() {
    return errors.name();
  }

  LeakDetector leaks() {
    return leaks;
  }

  ConnectionStore store() {
    return store;
  }

  /**
   * Takes a connection: the newest idle one that is alive, else a new one. Blocks by the pool's
   * mode, and while connecting. The caller owns the lease and must end it in one of its ways.
   *
   * @throws EmptyPoolException if none came free in time, or the pool does not wait
   * @throws ClosedPoolException if the pool is closed, also while waiting
   * @throws HttpException if none could be opened, or the deadline or an interrupt came first; in
   *     every case nothing is held
   */
  ConnectionLease lease(long connectNanos, Deadline deadline) throws HttpException {
    long start = events.start();
    AcquireOutcome outcome = AcquireOutcome.REUSED;
    try {
      if (Thread.currentThread().isInterrupted()) {
        // The socket would be closed by its first use on this thread.
        throw errors.interrupted();
      }
      Grant grant = store.request();
      if (grant instanceof Waiter waiter) {
        outcome = AcquireOutcome.WAITED;
        grant = await(waiter, deadline);
      }
      ConnectionLease lease = null;
      while (lease == null && grant instanceof PooledConnection connection) {
        grant = check(connection);
        if (grant == connection) {
          lease = new ConnectionLease(this, connection, true, events.start());
        }
      }
      if (lease == null) {
        outcome = outcome == AcquireOutcome.WAITED ? outcome : AcquireOutcome.OPENED;
        lease = newLease((Grant.Dial) grant, connectNanos, deadline);
      }
      events.acquired(keyText, outcome, start);
      return lease;
    } catch (HttpException e) {
      boolean waited = outcome == AcquireOutcome.WAITED;
      events.acquireFailed(keyText, PoolErrors.outcomeOf(e, waited), start);
      throw e;
    }
  }

  /**
   * Opens a connection in place of a leased one that died before it brought a byte. The permit
   * stays with the caller throughout, so nobody comes in between.
   *
   * @throws HttpException as {@link #lease}; nothing is held then
   */
  ConnectionLease redial(PooledConnection dead, long connectNanos, Deadline deadline)
      throws HttpException {
    return newLease(store.redial(dead), connectNanos, deadline);
  }

  /**
   * Ends a lease: its connection goes to the longest waiter, is kept, or is closed.
   *
   * @param broken why it cannot be used again, null if it can
   * @param start when the lease began
   */
  void release(
      PooledConnection connection, @Nullable CloseReason broken, Service service, long start) {
    store.release(connection, broken, service);
    events.released(keyText, start);
    look();
  }

  /**
   * Opens connections until {@code count} are there, in use or idle, so that the first requests
   * need not wait for TCP and TLS. Blocks for each of them in turn.
   *
   * @return how many were opened
   * @throws HttpException if one cannot be opened; those before it are kept
   */
  int prewarm(int count, long connectNanos, Deadline deadline) throws HttpException {
    int opened = 0;
    for (Grant.Dial dial = store.prewarm(count); dial != null; dial = store.prewarm(count)) {
      PooledConnection connection = dial(dial, connectNanos, deadline);
      store.release(connection, null, Service.NONE);
      opened++;
    }
    look();
    return opened;
  }

  /** Has the sweeper look after this pool until nothing is left to look after. */
  void look() {
    if (!looked.get() && ticker == Ticker.system() && looked.compareAndSet(false, true)) {
      IdleSweeper.shared().add(this);
    }
  }

  @Override
  public long sweep() {
    // Whoever brings a connection back from here on has it looked after, once more than needed.
    looked.set(false);
    leaks.check();
    long next = store.sweep();
    if (leaks.isWatching()) {
      next = Math.min(next, LEAK_CHECK_NANOS);
    }
    boolean again = next != Durations.NO_LIMIT && looked.compareAndSet(false, true);
    return again ? next : Durations.NO_LIMIT;
  }

  /**
   * Pauses before another attempt.
   *
   * @throws ClosedPoolException if the pool is or gets closed; the pause ends at once
   * @throws RequestInterruptedException if the thread is interrupted; the pause ends at once
   */
  void pause(long nanos) throws HttpException {
    try {
      if (store.awaitClosed(nanos)) {
        throw errors.closed();
      }
    } catch (InterruptedException e) {
      throw errors.interruptedPause(e);
    }
  }

  private Grant await(Waiter waiter, Deadline deadline) throws HttpException {
    waiter.await(ticker, deadline.bound(waiter.limitNanos()));
    if (Thread.currentThread().isInterrupted()) {
      store.interrupted(waiter);
      throw errors.interrupted();
    }
    if (waiter.outcome() == Waiter.Outcome.WAITING) {
      PoolStats seen = store.timedOut(waiter);
      if (seen != null) {
        throw errors.waitedInVain(waiter.limitNanos(), deadline, seen);
      }
    }
    if (waiter.outcome() == Waiter.Outcome.CLOSED) {
      throw errors.closed();
    }
    return Objects.requireNonNull(waiter.granted());
  }

  /**
   * Takes a place among the connections of all pools of the manager. Waits for one, whatever the
   * mode unless that is FAIL: the limit of all is a hard one.
   */
  private void takePlace(Deadline deadline) throws HttpException {
    if (budget == null) {
      return;
    }
    Capacity capacity = store.capacity();
    boolean waits = capacity.whenExhausted() != WhenExhausted.FAIL;
    long limit = waits ? capacity.poolTimeoutNanos() : 0;
    ConnectionBudget.Place place;
    try {
      place = budget.take(deadline.bound(limit));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw errors.interrupted();
    }
    if (place == ConnectionBudget.Place.CLOSED) {
      throw errors.closed();
    }
    if (place == ConnectionBudget.Place.NONE_IN_TIME) {
      throw errors.noPlace(limit, deadline, budget.max());
    }
  }

  /** Returns {@code connection} if it can be used, else what came in its place. */
  private Grant check(PooledConnection connection) {
    CloseReason fault = CloseReason.ERROR;
    try {
      fault = connection.fault(ticker, config.idleTimeoutNanos());
    } finally {
      if (fault == CloseReason.ERROR) {
        store.release(connection, CloseReason.ERROR, Service.NONE);
      }
    }
    return fault == null ? connection : store.replace(connection, fault);
  }

  private ConnectionLease newLease(Grant.Dial dial, long connectNanos, Deadline deadline)
      throws HttpException {
    return new ConnectionLease(this, dial(dial, connectNanos, deadline), false, events.start());
  }

  /** Uses the permit to open a connection, or gives it back. */
  private PooledConnection dial(Grant.Dial dial, long connectNanos, Deadline deadline)
      throws HttpException {
    if (!dial.isRedial()) {
      LOG.debug(
          "Starting new {} connection ({}): {}",
          key.isSecure() ? "HTTPS" : "HTTP",
          dial.number(),
          key.authority());
    }
    long start = events.start();
    HttpConnection opened = null;
    boolean hasPlace = false;
    try {
      takePlace(deadline);
      hasPlace = true;
      opened = factory.open(connectNanos, deadline);
    } finally {
      if (opened == null) {
        store.dialEnded(hasPlace);
        if (hasPlace && budget != null) {
          budget.giveBack();
        }
      }
    }
    PooledConnection connection =
        new PooledConnection(opened, ticker.nanos(), config.jitteredLifetimeNanos());
    store.adopt(connection, dial.isRedial());
    events.opened(keyText, start);
    return connection;
  }
}
