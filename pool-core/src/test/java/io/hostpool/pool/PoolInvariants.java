package io.hostpool.pool;

import static io.hostpool.pool.BrokenInvariant.require;

import io.hostpool.internal.lease.ConnectionLimit;
import io.hostpool.internal.lease.PendingAcquire;
import io.hostpool.internal.lease.PendingAcquire.State;
import io.hostpool.internal.lease.PooledConnection;
import io.hostpool.policy.Capacity;
import io.hostpool.pool.BrokenInvariant.Invariant;
import io.hostpool.pool.PoolModel.Actor;
import io.hostpool.pool.PoolModel.Dial;
import io.hostpool.stats.PoolState;
import io.hostpool.stats.PoolStats;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What must be true of all pools of a {@link PoolModel} after each of its steps. */
final class PoolInvariants {

  private final PoolModel model;
  private final Map<HttpConnectionPool, PoolStats> statsBefore = new HashMap<>();
  private final Map<HttpConnectionPool, PoolStats> statsNow = new HashMap<>();
  private final Map<HttpConnectionPool, Integer> permitsAllowed = new HashMap<>();
  private final Map<PendingAcquire, State> stateBefore = new HashMap<>();
  private final Set<PendingAcquire> couldOpenBefore = new HashSet<>();
  private PoolStats beforeTimeout;

  PoolInvariants(PoolModel model) {
    this.model = model;
  }

  /** Remembers how things are before a step. */
  void before() {
    statsBefore.clear();
    statsBefore.putAll(statsNow);
    stateBefore.clear();
    couldOpenBefore.clear();
    for (Actor actor : model.actors) {
      if (actor.pending != null) {
        stateBefore.put(actor.pending, actor.pending.state());
        if (couldOpen(actor)) {
          couldOpenBefore.add(actor.pending);
        }
      }
    }
  }

  private void look() {
    statsNow.clear();
    model.pools.forEach(pool -> statsNow.put(pool, pool.stats()));
  }

  void check() {
    look();
    int open = 0;
    int booked = 0;
    for (HttpConnectionPool pool : model.pools) {
      PoolStats now = statsNow.get(pool);
      checkBooks(pool, now);
      checkCounters(pool, now);
      checkSize(pool, now);
      checkEnd(now);
      booked += now.idle() + now.leased();
    }
    for (FakeConnection connection : model.connections) {
      require(Invariant.ONE_HOLDER, connection.closes() <= 1, "closed twice: " + connection);
      open += connection.isClosed() ? 0 : 1;
    }
    checkSockets(open, booked);
    checkOrder();
    checkProgress();
  }

  void nothingIsLeft() {
    for (HttpConnectionPool pool : model.pools) {
      PoolStats end = pool.stats();
      boolean empty = end.leased() + end.idle() + end.dialing() + end.pending() == 0;
      require(Invariant.BOOKS, empty, "something was lost: " + end);
    }
    boolean allClosed = model.connections.stream().allMatch(FakeConnection::isClosed);
    require(Invariant.SOCKETS, allClosed, "a connection is left open");
    limit().ifPresent(limit -> require(Invariant.SLOTS, limit.taken() == 0, "a slot was lost"));
  }

  void beforeTimeout(HttpConnectionPool pool) {
    beforeTimeout = pool.stats();
  }

  void afterTimeout(HttpConnectionPool pool) {
    PoolStats now = pool.stats();
    boolean unchanged =
        now.leased() == beforeTimeout.leased()
            && now.idle() == beforeTimeout.idle()
            && now.dialing() == beforeTimeout.dialing()
            && now.pending() == beforeTimeout.pending() - 1;
    require(Invariant.TIMEOUT, unchanged, "a timeout: " + beforeTimeout + " to " + now);
  }

  /** The books say what the actors have. */
  private void checkBooks(HttpConnectionPool pool, PoolStats now) {
    int held = 0;
    int dialing = 0;
    int pending = 0;
    Set<FakeConnection> out = new HashSet<>();
    for (Actor actor : model.actors) {
      if (actor.pool != pool) {
        continue;
      }
      PooledConnection connection = actor.held;
      PendingAcquire request = actor.pending;
      if (request != null) {
        pending += request.state() == State.QUEUED ? 1 : 0;
        dialing += request.hasUnusedPermit() ? 1 : 0;
        connection = request.state() == State.SERVED ? request.connection() : connection;
      }
      if (connection != null) {
        held++;
        require(
            Invariant.ONE_HOLDER, out.add(PoolModel.fake(connection)), "one connection out twice");
      }
    }
    for (Dial dial : model.dials) {
      dialing += dial.pool() == pool ? 1 : 0;
    }
    require(Invariant.BOOKS, now.leased() == held, "held " + held + " of " + now);
    require(Invariant.BOOKS, now.dialing() == dialing, "dialing " + dialing + " of " + now);
    require(Invariant.BOOKS, now.pending() == pending, "pending " + pending + " of " + now);
  }

  private void checkCounters(HttpConnectionPool pool, PoolStats now) {
    long open = (long) now.idle() + now.leased();
    require(Invariant.COUNTERS, now.opened() - now.closed() == open, "opened less closed: " + now);
    PoolStats before = statsBefore.get(pool);
    boolean grow =
        before == null
            || (now.created() >= before.created()
                && now.opened() >= before.opened()
                && now.closed() >= before.closed()
                && now.reused() >= before.reused()
                && now.redialed() >= before.redialed()
                && now.failedDials() >= before.failedDials()
                && now.timeouts() >= before.timeouts()
                && now.requests() >= before.requests());
    require(Invariant.COUNTERS, grow, "a counter went back: " + before + " to " + now);
  }

  private void checkSize(HttpConnectionPool pool, PoolStats now) {
    Capacity capacity = pool.capacity();
    int permits = now.leased() + now.dialing();
    require(Invariant.SIZE, now.idle() <= now.max(), "idle beyond max: " + now);
    if (capacity.overflows()) {
      permitsAllowed.remove(pool);
      return;
    }
    // What was out when the size went down, or the mode changed, may finish.
    PoolStats before = statsBefore.get(pool);
    int was = before == null ? 0 : before.leased() + before.dialing();
    int allowed = permitsAllowed.getOrDefault(pool, Math.max(was, now.max()));
    allowed = Math.max(capacity.maxsize(), Math.min(allowed, Math.max(permits, 0)));
    allowed = before != null && before.max() != now.max() ? Math.max(allowed, was) : allowed;
    require(Invariant.SIZE, permits <= allowed, "more permits than allowed: " + now);
    permitsAllowed.put(pool, allowed);
    boolean fits = permits > now.max() ? now.idle() == 0 : permits + now.idle() <= now.max();
    require(Invariant.SIZE, fits, "more connections than max: " + now);
  }

  private static void checkEnd(PoolStats now) {
    if (now.state() != PoolState.OPEN) {
      require(Invariant.END, now.idle() == 0, "a pool that ended keeps a connection: " + now);
    }
    if (now.state() == PoolState.CLOSED) {
      require(Invariant.END, now.pending() == 0, "a thread waits for a closed pool: " + now);
    }
  }

  private void checkSockets(int open, int booked) {
    // A permit may come with the connection in whose place another is opened.
    long withPredecessor =
        model.actors.stream()
            .filter(actor -> actor.pending != null && actor.pending.predecessor() != null)
            .count();
    require(
        Invariant.SOCKETS,
        open == booked + withPredecessor,
        "open " + open + ", booked " + booked + ", to be closed " + withPredecessor);
    limit()
        .ifPresent(
            limit -> {
              int permits = statsNow.values().stream().mapToInt(PoolStats::dialing).sum();
              require(Invariant.LIMIT, open <= limit.max(), open + " open of " + limit.max());
              require(Invariant.LIMIT, limit.taken() <= limit.max(), "slots beyond the limit");
              require(
                  Invariant.SLOTS,
                  limit.taken() == booked + permits,
                  "slots " + limit.taken() + ", connections " + booked + ", permits " + permits);
            });
    if (model.isManagerClosed()) {
      model.pools.forEach(
          pool ->
              require(
                  Invariant.END,
                  statsNow.get(pool).state() == PoolState.CLOSED,
                  "the manager is closed, a pool is not: " + statsNow.get(pool)));
    }
  }

  /** Who was served in this step came before all who could have been. */
  private void checkOrder() {
    for (Actor served : model.actors) {
      PendingAcquire one = served.pending;
      if (one == null || stateBefore.get(one) != State.QUEUED) {
        continue;
      }
      State now = one.state();
      boolean gotSomething = now == State.PERMITTED || (now == State.SERVED && !one.isOwn());
      for (Actor other : model.actors) {
        PendingAcquire waiting = other.pending;
        boolean waits = waiting != null && waiting.state() == State.QUEUED;
        if (!gotSomething || !waits || waiting.arrival() > one.arrival()) {
          continue;
        }
        boolean samePool = other.pool == served.pool;
        boolean couldOpen = couldOpenBefore.contains(waiting) && couldOpen(other);
        require(
            Invariant.ORDER,
            !samePool && !couldOpen,
            "number "
                + one.arrival()
                + " of "
                + served.pool.stats()
                + " was served, "
                + now
                + ", before number "
                + waiting.arrival()
                + " of "
                + other.pool.stats());
      }
    }
  }

  /** No thread waits while there is something to have. */
  private void checkProgress() {
    int idle = statsNow.values().stream().mapToInt(PoolStats::idle).sum();
    for (Actor actor : model.actors) {
      if (actor.pending == null || actor.pending.state() != State.QUEUED) {
        continue;
      }
      PoolStats now = statsNow.get(actor.pool);
      require(Invariant.PROGRESS, now.idle() == 0, "waits while a connection is idle: " + now);
      if (couldOpen(actor)) {
        boolean allTaken = limit().map(limit -> limit.taken() == limit.max()).orElse(false);
        require(Invariant.PROGRESS, allTaken, "waits while one may be opened: " + now);
        require(Invariant.PROGRESS, idle == 0, "waits while a connection could give way: " + now);
      }
    }
  }

  private boolean couldOpen(Actor actor) {
    PoolStats now = statsNow.get(actor.pool);
    return actor.pool.capacity().overflows() || now.leased() + now.dialing() < now.max();
  }

  private java.util.Optional<ConnectionLimit> limit() {
    List<HttpConnectionPool> pools = new ArrayList<>(model.pools);
    return pools.isEmpty()
        ? java.util.Optional.empty()
        : java.util.Optional.of(pools.get(0).store().limit()).filter(ConnectionLimit::isShared);
  }
}
