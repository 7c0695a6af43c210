package io.hostpool.pool;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.hostpool.error.PoolException;
import io.hostpool.policy.Durations;
import io.hostpool.policy.Ticker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one host: which are idle, how many are out, who waits. Thread-safe; no method
 * but {@link #awaitClosed} blocks.
 *
 * <p>One short lock guards all of it; taking a connection and bringing it back hold it for some
 * tens of nanoseconds each. What can take longer (closing, waking, logging, listeners) comes after
 * it was left. Lock-free variants of this were measured before it was written: with several threads
 * on one pool they were slower, since each lease then moves the same cache lines several times.
 *
 * <p>A thread that asks gets one of three things, see {@link Grant}: an idle connection, the permit
 * to open one, or a place in the queue. A permit counts in the {@link Ledger} as leased or dialing
 * until its holder gives it back, whatever became of the socket; it then goes to the longest waiter
 * before anybody else can see it. Permits belong to this object, not to the key it is found under,
 * so a pool that was evicted keeps its own books to the end.
 */
class ConnectionStore { // not final: the fuzzer's own tests plant a bug in each of its rules

  private static final Logger LOG = LoggerFactory.getLogger("io.hostpool.pool");

  private final String key;
  private final String host;
  private final long idleTimeoutNanos;
  private final Ticker ticker;
  private final PoolEvents events;
  private final PoolErrors errors;
  private final WarnLimiter fullWarnings;
  private final CountDownLatch closed = new CountDownLatch(1);

  private final ReentrantLock lock = new ReentrantLock();

  /** Newest last. */
  @GuardedBy("lock")
  private final ArrayDeque<PooledConnection> idle = new ArrayDeque<>();

  @GuardedBy("lock")
  final WaiterQueue waiters = new WaiterQueue();

  /** Written under the lock; {@link #stats()} reads it without. */
  private final Ledger ledger;

  private final @Nullable ConnectionBudget budget;
  private volatile Capacity capacity;

  ConnectionStore(PoolKey key, PoolConfig config, Capacity capacity, PoolErrors errors) {
    this.key = key.toString();
    this.host = key.host();
    this.idleTimeoutNanos = config.idleTimeoutNanos();
    this.ticker = config.ticker();
    this.events = config.events();
    this.budget = config.budget();
    this.errors = errors;
    this.capacity = capacity;
    this.ledger = new Ledger(this.key, capacity.maxsize());
    this.fullWarnings = new WarnLimiter(ticker);
  }

  /**
   * Takes the newest idle connection, else the permit to open one, else a place in the queue.
   *
   * @throws PoolException if the pool is closed, or exhausted and does not wait
   */
  Grant request() throws PoolException {
    Grant grant = request(false);
    if (grant == null) {
      giveWay();
      grant = request(true);
    }
    return Objects.requireNonNull(grant);
  }

  /**
   * Lets other threads go first, once, before this one joins the queue. Where more threads than
   * processors share the connections, those that hold one are often only waiting for a processor;
   * and once every connection goes to a thread that sleeps, every lease costs two switches of
   * threads, and nothing ends that while all ask again at once.
   */
  @SuppressWarnings("ThreadPriorityCheck") // nothing depends on it but speed
  void giveWay() {
    Thread.yield();
  }

  /** Does as {@link #request()}, but comes back with null in place of waiting if it may not. */
  private @Nullable Grant request(boolean mayWait) throws PoolException {
    PoolStats seen;
    lock.lock();
    try {
      if (ledger.state() == PoolState.CLOSED) {
        throw errors.closed();
      }
      Capacity now = capacity;
      if (isFirstInLine(now)) {
        PooledConnection newest = idle.pollLast();
        if (newest != null) {
          ledger.idleToLeased();
          return newest;
        }
        if (now.overflows() || ledger.permitsTaken() < now.maxsize()) {
          ledger.permitToDialing();
          return new Grant.Dial(ledger.created(), false);
        }
      }
      if (now.blocks() && now.poolTimeoutNanos() > 0 && waiters.size() < now.maxPending()) {
        if (!mayWait) {
          return null;
        }
        Waiter waiter = new Waiter(now.poolTimeoutNanos());
        waiters.add(waiter);
        ledger.waitStarted();
        return waiter;
      }
      ledger.turnedAway();
      seen = ledger.read();
    } finally {
      lock.unlock();
    }
    throw errors.turnedAway(seen);
  }

  /** Nobody overtakes those who wait already. */
  @GuardedBy("lock")
  boolean isFirstInLine(Capacity now) {
    return waiters.isEmpty() || !now.blocks();
  }

  /**
   * Ends a wait whose time is over. If a hand-over came first, the waiter keeps what it was given.
   *
   * @return the numbers at that moment if the waiter leaves with nothing; null if it was served, or
   *     the pool closed
   */
  @Nullable PoolStats timedOut(Waiter waiter) {
    lock.lock();
    try {
      if (waiter.outcome() != Waiter.Outcome.WAITING) {
        return null;
      }
      PoolStats seen = ledger.read();
      waiters.remove(waiter);
      ledger.waitEnded(true);
      return seen;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the wait of an interrupted thread. If a hand-over came first, it goes on to the next. */
  void interrupted(Waiter waiter) {
    Grant unwanted = null;
    lock.lock();
    try {
      if (waiter.outcome() == Waiter.Outcome.WAITING) {
        waiters.remove(waiter);
        ledger.waitEnded(false);
      } else {
        unwanted = waiter.granted();
      }
    } finally {
      lock.unlock();
    }
    if (unwanted instanceof PooledConnection connection) {
      release(connection, null, Service.NONE);
    } else if (unwanted instanceof Grant.Dial) {
      dialEnded(false);
    }
  }

  /** Closes a connection that was taken and is no good; takes another or the permit to open one. */
  Grant replace(PooledConnection dead, CloseReason reason) {
    boolean isRedial = reason == CloseReason.STALE || reason == CloseReason.UNSOLICITED;
    Grant next;
    lock.lock();
    try {
      PooledConnection another = idle.pollLast();
      if (another == null) {
        ledger.leasedToDialing(reason, isRedial);
        next = new Grant.Dial(ledger.created(), isRedial);
      } else {
        ledger.leasedToClosed(reason, Service.NONE);
        ledger.idleToLeased();
        next = another;
      }
    } finally {
      lock.unlock();
    }
    if (isRedial) {
      LOG.debug("Resetting dropped connection: {}", host);
    }
    closeConnection(dead, reason);
    return next;
  }

  /** Closes a leased connection; its permit stays with the caller, who opens another. */
  Grant.Dial redial(PooledConnection dead) {
    Grant.Dial dial;
    lock.lock();
    try {
      ledger.leasedToDialing(CloseReason.STALE, true);
      dial = new Grant.Dial(ledger.created(), true);
    } finally {
      lock.unlock();
    }
    LOG.debug("Resetting dropped connection: {}", host);
    closeConnection(dead, CloseReason.STALE);
    return dial;
  }

  /** Gives back the permit of a dial that brought no connection. */
  void dialEnded(boolean isFailure) {
    Waiter next;
    lock.lock();
    try {
      ledger.dialingToPermit(isFailure);
      next = handPermitOn();
    } finally {
      lock.unlock();
    }
    wake(next);
  }

  /**
   * Books a connection that was opened under a permit of {@link Grant.Dial}.
   *
   * @throws PoolException if the pool was closed meanwhile; the connection is closed
   */
  void adopt(PooledConnection connection, boolean isRedial) throws PoolException {
    boolean wanted;
    lock.lock();
    try {
      ledger.dialingToLeased(isRedial);
      wanted = ledger.state() != PoolState.CLOSED;
      if (!wanted) {
        ledger.leasedToClosed(CloseReason.SHUTDOWN, Service.NONE);
      }
    } finally {
      lock.unlock();
    }
    if (!wanted) {
      closeConnection(connection, CloseReason.SHUTDOWN);
      throw errors.closed();
    }
  }

  /**
   * Takes a connection back, to hand it to the longest waiter, keep it or close it.
   *
   * @param broken why it cannot be used again, null if it can
   */
  void release(PooledConnection connection, @Nullable CloseReason broken, Service service) {
    // A global limit asks which connection lies idle longest.
    boolean timed = budget != null || connection.isTimed(idleTimeoutNanos);
    long now = timed ? ticker.nanos() : 0;
    CloseReason reason = broken;
    Waiter next;
    int size;
    lock.lock();
    try {
      size = capacity.maxsize();
      if (reason == null) {
        reason = reasonNotToKeep(connection, now);
      }
      if (reason != null) {
        ledger.leasedToClosed(reason, service);
        next = handPermitOn();
      } else {
        connection.idleSince(now);
        next = nextInLine();
        if (next == null) {
          idle.addLast(connection);
          ledger.leasedToIdle(service);
        } else {
          next.grant(connection);
          ledger.leasedToWaiter(service);
        }
      }
    } finally {
      lock.unlock();
    }
    wake(next);
    if (reason != null) {
      if (reason == CloseReason.OVERFLOW) {
        warnFull(size);
      }
      closeConnection(connection, reason);
    } else if (budget != null && budget.isWanted()) {
      yieldOldestIdle();
    }
  }

  /** Closes the connection that lies idle longest; returns whether there was one. */
  boolean yieldOldestIdle() {
    PooledConnection oldest;
    lock.lock();
    try {
      oldest = idle.pollFirst();
      if (oldest == null) {
        return false;
      }
      ledger.idleToClosed(CloseReason.YIELDED);
    } finally {
      lock.unlock();
    }
    closeConnection(oldest, CloseReason.YIELDED);
    return true;
  }

  /** Returns how long the oldest idle connection has been idle, -1 if there is none. */
  long oldestIdleNanos() {
    long now = ticker.nanos();
    lock.lock();
    try {
      PooledConnection oldest = idle.peekFirst();
      return oldest == null ? -1 : Math.max(0, now - oldest.idleSince());
    } finally {
      lock.unlock();
    }
  }

  /** Takes a permit to open a connection ahead of need, null if {@code count} are there already. */
  Grant.@Nullable Dial prewarm(int count) {
    lock.lock();
    try {
      int target = Math.min(count, capacity.maxsize());
      if (ledger.state() != PoolState.OPEN || ledger.idle() + ledger.permitsTaken() >= target) {
        return null;
      }
      ledger.permitToDialing();
      return new Grant.Dial(ledger.created(), false);
    } finally {
      lock.unlock();
    }
  }

  /** Counts a streamed response that nobody closed. */
  void leakFound() {
    lock.lock();
    try {
      ledger.leakFound();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  @Nullable CloseReason reasonNotToKeep(PooledConnection connection, long now) {
    if (ledger.state() == PoolState.CLOSED) {
      return CloseReason.SHUTDOWN;
    }
    if (connection.isOutlived(now)) {
      return CloseReason.LIFETIME;
    }
    if (ledger.state() == PoolState.RETIRED && waiters.isEmpty()) {
      return CloseReason.EVICTED;
    }
    return hasRoom() ? null : CloseReason.OVERFLOW;
  }

  /** Returns whether the connection that comes back may stay, to be kept or handed over. */
  @GuardedBy("lock")
  boolean hasRoom() {
    Capacity now = capacity;
    int others = now.overflows() ? 0 : ledger.permitsTaken() - 1;
    return ledger.idle() + others < now.maxsize();
  }

  /** Gives a free permit to the longest waiter, if there is one and the size allows it. */
  @GuardedBy("lock")
  @Nullable Waiter handPermitOn() {
    Capacity now = capacity;
    if (!now.overflows() && ledger.permitsTaken() >= now.maxsize()) {
      return null;
    }
    Waiter next = nextInLine();
    if (next != null) {
      ledger.permitToWaiter();
      next.grant(new Grant.Dial(ledger.created(), false));
    }
    return next;
  }

  /** Takes the longest waiter out of the queue, null if nobody waits. */
  @GuardedBy("lock")
  @Nullable Waiter nextInLine() {
    return waiters.poll();
  }

  /**
   * Changes size and mode. Leases stay valid; what is idle beyond the new size is closed, and
   * waiters that the new settings can serve are served.
   */
  void configure(Capacity newCapacity) {
    List<PooledConnection> surplus = new ArrayList<>();
    List<Waiter> served = new ArrayList<>();
    lock.lock();
    try {
      capacity = newCapacity;
      ledger.resized(newCapacity.maxsize());
      int others = newCapacity.overflows() ? 0 : ledger.permitsTaken();
      while (!idle.isEmpty() && ledger.idle() + others > newCapacity.maxsize()) {
        surplus.add(idle.pollFirst());
        ledger.idleToClosed(CloseReason.OVERFLOW);
      }
      for (Waiter next = handPermitOn(); next != null; next = handPermitOn()) {
        served.add(next);
      }
    } finally {
      lock.unlock();
    }
    served.forEach(Waiter::wake);
    surplus.forEach(connection -> closeConnection(connection, CloseReason.OVERFLOW));
  }

  Capacity capacity() {
    return capacity;
  }

  /** Keeps nothing from now on, but serves whoever holds this pool. Twice is harmless. */
  void retire() {
    end(PoolState.RETIRED, CloseReason.EVICTED);
  }

  /** Serves nobody from now on; wakes every waiter; lets leases finish. Twice is harmless. */
  void close() {
    end(PoolState.CLOSED, CloseReason.SHUTDOWN);
    closed.countDown();
  }

  boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void end(PoolState state, CloseReason reason) {
    List<PooledConnection> unused;
    List<Waiter> refused = new ArrayList<>();
    lock.lock();
    try {
      if (ledger.state().compareTo(state) >= 0) {
        return;
      }
      unused = new ArrayList<>(idle);
      idle.clear();
      ledger.ended(state, reason);
      if (state == PoolState.CLOSED) {
        for (Waiter waiter = nextInLine(); waiter != null; waiter = nextInLine()) {
          waiter.poolClosed();
          ledger.waitEnded(false);
          refused.add(waiter);
        }
      }
    } finally {
      lock.unlock();
    }
    refused.forEach(Waiter::wake);
    unused.forEach(connection -> closeConnection(connection, reason));
  }

  /**
   * Closes idle connections whose time is over.
   *
   * @return nanoseconds until the next one's is, {@link Durations#NO_LIMIT} if there is none
   */
  long sweep() {
    record Overdue(PooledConnection connection, CloseReason reason) {}
    List<Overdue> overdue = new ArrayList<>();
    long now = ticker.nanos();
    long next = Durations.NO_LIMIT;
    lock.lock();
    try {
      for (var all = idle.iterator(); all.hasNext(); ) {
        PooledConnection connection = all.next();
        CloseReason reason = connection.overdue(now, idleTimeoutNanos);
        if (reason == null) {
          next = Math.min(next, connection.nanosUntilOverdue(now, idleTimeoutNanos));
        } else {
          all.remove();
          ledger.idleToClosed(reason);
          overdue.add(new Overdue(connection, reason));
        }
      }
    } finally {
      lock.unlock();
    }
    overdue.forEach(one -> closeConnection(one.connection, one.reason));
    return next;
  }

  /** Blocks until the pool is closed or the time is over; returns whether it is closed. */
  boolean awaitClosed(long nanos) throws InterruptedException {
    return closed.await(nanos, TimeUnit.NANOSECONDS);
  }

  /** Returns all numbers of one instant. */
  PoolStats stats() {
    PoolStats stats = ledger.tryRead();
    if (stats != null) {
      return stats;
    }
    lock.lock();
    try {
      return ledger.read();
    } finally {
      lock.unlock();
    }
  }

  private void warnFull(int size) {
    String line = "Connection pool is full, discarding connection: {}. Connection pool size: {}";
    if (fullWarnings.mayWarn()) {
      LOG.warn(line, host, size);
    } else {
      LOG.debug(line, host, size);
    }
  }

  void closeConnection(PooledConnection connection, CloseReason reason) {
    try {
      connection.connection().close();
    } finally {
      if (budget != null) {
        budget.giveBack();
      }
    }
    events.closed(key, reason);
  }

  private static void wake(@Nullable Waiter waiter) {
    if (waiter != null) {
      waiter.wake();
    }
  }
}
