package io.hostpool.pool;

import static io.hostpool.pool.BrokenInvariant.require;

import io.hostpool.error.NewConnectionException;
import io.hostpool.error.PoolException;
import io.hostpool.internal.lease.ConnectionStore;
import io.hostpool.internal.lease.PendingAcquire;
import io.hostpool.internal.lease.PendingAcquire.State;
import io.hostpool.internal.lease.PoolKey;
import io.hostpool.internal.lease.PooledConnection;
import io.hostpool.internal.lease.Use;
import io.hostpool.internal.socket.Liveness;
import io.hostpool.internal.time.FakeTicker;
import io.hostpool.net.TlsConfig;
import io.hostpool.policy.Capacity;
import io.hostpool.policy.WhenExhausted;
import io.hostpool.pool.BrokenInvariant.Invariant;
import io.hostpool.stats.CloseReason;
import io.hostpool.stats.PoolState;
import io.hostpool.stats.PoolStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A manager, its pools and the threads that use them, as a state machine that one thread steps:
 * which threads wait, dial or hold a connection. What must be true after each step is checked by
 * {@link PoolInvariants}.
 */
final class PoolModel {

  private static final int ACTORS = 12;
  private static final int HOSTS = 4;

  final List<Actor> actors = new ArrayList<>();
  final List<Dial> dials = new ArrayList<>();
  final List<FakeConnection> connections = new ArrayList<>();

  /** Every pool that was ever handed out and that something may still lead to. */
  final Set<HttpConnectionPool> pools = new LinkedHashSet<>();

  final PoolManager manager;
  private final SplittableRandom random;
  private final FakeTicker ticker;
  private final Faults faults;
  private final PoolInvariants invariants;
  private boolean managerClosed;

  /** A thread of the application. */
  static final class Actor {
    HttpConnectionPool pool;
    PendingAcquire pending;
    PooledConnection held;
    boolean opened;

    boolean isFree() {
      return pending == null && held == null;
    }

    ConnectionStore store() {
      return pool.store();
    }
  }

  /** A connection that is being opened, by the thread that needs it or by another. */
  record Dial(HttpConnectionPool pool, PendingAcquire pending) {}

  /** Mistakes of the code around the books, for the fuzzer's own tests. */
  static class Faults {
    void release(ConnectionStore store, PooledConnection connection, CloseReason broken, Use use) {
      store.release(connection, broken, use);
    }

    void dialFailed(ConnectionStore store, PendingAcquire pending) {
      store.dialFailed(pending, new NewConnectionException("refused by the model", null));
    }

    void abandon(ConnectionStore store, PendingAcquire pending) {
      store.abandon(pending);
    }

    void timedOut(ConnectionStore store, PendingAcquire pending) {
      store.timedOut(pending);
    }

    void returnUnusedPermit(ConnectionStore store, PendingAcquire pending) {
      store.returnUnusedPermit(pending);
    }

    void closePredecessor(PendingAcquire pending) {
      pending.closePredecessor();
    }
  }

  PoolModel(
      SplittableRandom random, FakeTicker ticker, PoolManager.Builder settings, Faults faults) {
    this.random = random;
    this.ticker = ticker;
    this.faults = faults;
    this.manager =
        settings
            .ticker(ticker)
            .connectionFactory(
                endpoint ->
                    (connectNanos, deadline) -> {
                      throw new AssertionError("the model opens connections itself");
                    })
            .build();
    for (int i = 0; i < ACTORS; i++) {
      actors.add(new Actor());
    }
    this.invariants = new PoolInvariants(this);
  }

  boolean isManagerClosed() {
    return managerClosed;
  }

  /** Makes one random step and checks everything; returns what was done. */
  String step() {
    invariants.before();
    String step = act();
    forgetPools();
    invariants.check();
    return step;
  }

  private String act() {
    int kind = random.nextInt(100);
    if (kind < 80) {
      return actor(actors.get(random.nextInt(ACTORS)));
    }
    if (kind < 90) {
      return dials.isEmpty() ? "nothing is being opened" : endDial();
    }
    if (kind < 93) {
      ticker.advance(Duration.ofMillis(random.nextInt(400)));
      pools.forEach(pool -> pool.store().control().sweep());
      return "advance and sweep";
    }
    if (kind < 96) {
      return configure();
    }
    return kind < 98 ? ahead() : end();
  }

  private String end() {
    if (random.nextInt(10) == 0) {
      manager.clear();
      return "clear";
    }
    if (random.nextInt(30) == 0) {
      somePool().close();
      return "close a pool";
    }
    if (random.nextInt(60) == 0) {
      managerClosed = true;
      manager.close();
      return "close the manager";
    }
    return "nothing ends";
  }

  private HttpConnectionPool somePool() {
    List<HttpConnectionPool> all = new ArrayList<>(pools);
    HttpConnectionPool pool =
        all.isEmpty() || random.nextInt(10) != 0
            ? manager.pool(
                new PoolKey("http", "h" + random.nextInt(HOSTS), 80, TlsConfig.defaults()))
            : all.get(random.nextInt(all.size()));
    pools.add(pool);
    return pool;
  }

  /** Ends everything; whatever is still booked then was lost. */
  void finish() {
    managerClosed = true;
    manager.close();
    pools.forEach(HttpConnectionPool::close);
    while (!dials.isEmpty()) {
      endDial();
    }
    for (Actor actor : actors) {
      take(actor);
      if (actor.pending != null) {
        faults.abandon(actor.store(), actor.pending);
        actor.pending = null;
      } else if (actor.held != null) {
        release(actor, null);
      }
    }
    invariants.check();
    invariants.nothingIsLeft();
  }

  private String actor(Actor actor) {
    take(actor);
    if (actor.pending != null) {
      return pending(actor);
    }
    return actor.held != null ? use(actor) : ask(actor);
  }

  private String ask(Actor actor) {
    actor.pool = somePool();
    try {
      PooledConnection idle = actor.store().takeIdle();
      if (idle != null) {
        hold(actor, idle, false);
        return "take an idle connection";
      }
      actor.pending = new PendingAcquire();
      actor.store().request(actor.pending, true);
      return "ask: " + actor.pending.state();
    } catch (PoolException refused) {
      actor.pending = null;
      return "ask, refused";
    }
  }

  /** Takes what a waiting actor was given meanwhile, as its thread does when it wakes up. */
  private void take(Actor actor) {
    PendingAcquire pending = actor.pending;
    if (pending == null) {
      return;
    }
    switch (pending.state()) {
      case SERVED -> {
        faults.returnUnusedPermit(actor.store(), pending);
        actor.pending = null;
        hold(actor, pending.takeConnection(), pending.isOwn());
      }
      case FAILED, CLOSED -> {
        faults.abandon(actor.store(), pending);
        actor.pending = null;
      }
      default -> {}
    }
  }

  private void hold(Actor actor, PooledConnection connection, boolean opened) {
    require(
        Invariant.ONE_HOLDER, !fake(connection).isClosed(), "a closed connection was handed out");
    actor.held = connection;
    actor.opened = opened;
  }

  private String pending(Actor actor) {
    PendingAcquire pending = actor.pending;
    if (pending.state() == State.DIALING) {
      return "wait for its own dial";
    }
    if (pending.state() == State.PERMITTED && random.nextInt(4) != 0) {
      return begin(actor);
    }
    if (pending.state() == State.QUEUED && random.nextBoolean()) {
      invariants.beforeTimeout(actor.pool);
      faults.timedOut(actor.store(), pending);
      actor.pending = null;
      invariants.afterTimeout(actor.pool);
      return "time out";
    }
    if (pending.state() != State.PERMITTED && random.nextInt(3) != 0) {
      return "wait";
    }
    String was = "interrupted, " + pending.state();
    faults.abandon(actor.store(), pending);
    actor.pending = null;
    return was;
  }

  private String begin(Actor actor) {
    PendingAcquire pending = actor.pending;
    faults.closePredecessor(pending);
    State how = pending.isAlone() ? State.DIALING : State.RACING;
    if (!actor.store().beginDial(pending, how)) {
      return "served before it began to dial";
    }
    if (how == State.RACING && random.nextInt(5) == 0) {
      actor.store().dialAlone(pending);
      return "no thread to dial on";
    }
    dials.add(new Dial(actor.pool, pending));
    return "dial, " + how;
  }

  private String endDial() {
    Dial dial = dials.remove(random.nextInt(dials.size()));
    ConnectionStore store = dial.pool.store();
    if (random.nextInt(4) == 0) {
      faults.dialFailed(store, dial.pending);
      return "a dial fails";
    }
    FakeConnection fake = new FakeConnection(connections.size() + 1, () -> {});
    connections.add(fake);
    long lifetime = Duration.ofSeconds(random.nextInt(5)).toNanos() + 1;
    store.dialed(
        dial.pending,
        new PooledConnection(store, fake, ticker.nanos(), lifetime, 1 + random.nextInt(20)));
    return "a dial succeeds";
  }

  private String use(Actor actor) {
    PooledConnection connection = actor.held;
    FakeConnection fake = fake(connection);
    int what = random.nextInt(10);
    if (what < 5) {
      release(actor, null);
      return "release";
    }
    if (what < 7) {
      release(actor, CloseReason.ERROR);
      return "release broken";
    }
    if (what == 9 || actor.opened) {
      return "hold on";
    }
    fake.liveness = random.nextBoolean() ? Liveness.CLOSED : Liveness.UNSOLICITED;
    CloseReason fault = connection.fault(ticker, Duration.ofDays(1).toNanos());
    actor.held = null;
    actor.pending = new PendingAcquire();
    actor.store().replace(connection, fault, actor.pending, what == 7);
    return "found " + fault + ": " + actor.pending.state();
  }

  private void release(Actor actor, CloseReason broken) {
    PooledConnection connection = actor.held;
    actor.held = null;
    faults.release(actor.store(), connection, broken, actor.opened ? Use.OPENED : Use.REUSED);
  }

  private String configure() {
    WhenExhausted mode = WhenExhausted.values()[random.nextInt(3)];
    Duration wait = Duration.ofSeconds(random.nextInt(3));
    Capacity capacity = new Capacity(1 + random.nextInt(5), mode, wait, random.nextInt(6));
    if (random.nextBoolean()) {
      manager.configure(capacity);
      return "configure all " + capacity;
    }
    somePool().configure(capacity);
    return "configure one " + capacity;
  }

  /** Begins to open a connection that no thread asked for. */
  private String ahead() {
    HttpConnectionPool pool = somePool();
    PendingAcquire pending = new PendingAcquire();
    boolean may =
        random.nextBoolean()
            ? pool.store().control().permitAhead(pending, 1 + random.nextInt(5))
            : pool.store().control().permitIdle(pending, 1 + random.nextInt(3));
    Actor free = actors.stream().filter(Actor::isFree).findFirst().orElse(null);
    if (!may || free == null) {
      pool.store().returnUnusedPermit(pending);
      return "nothing ahead of need";
    }
    free.pool = pool;
    free.pending = pending;
    return "ahead of need, " + begin(free);
  }

  /** Forgets the pools that nothing leads to. */
  private void forgetPools() {
    Set<HttpConnectionPool> used = new LinkedHashSet<>();
    actors.stream().filter(actor -> !actor.isFree()).forEach(actor -> used.add(actor.pool));
    dials.forEach(dial -> used.add(dial.pool()));
    pools.removeIf(
        pool -> {
          PoolStats stats = pool.stats();
          return stats.state() != PoolState.OPEN && stats.idle() == 0 && !used.contains(pool);
        });
  }

  static FakeConnection fake(PooledConnection connection) {
    return (FakeConnection) connection.connection();
  }
}
