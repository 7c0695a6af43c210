package io.hostpool.pool;

import io.hostpool.error.PoolException;
import io.hostpool.net.Liveness;
import io.hostpool.policy.FakeTicker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * One pool and the threads that use it, as a state machine that one thread steps: which threads
 * wait, dial or hold a connection, and what must be true of the pool after each step.
 */
final class PoolModel {

  private static final int ACTORS = 12;

  private final SplittableRandom random;
  private final FakeTicker ticker;
  private final ConnectionBudget budget;
  private final ConnectionStore store;
  private final Actor[] actors = new Actor[ACTORS];
  private final List<FakeConnection> connections = new ArrayList<>();
  private final Deque<Waiter> line = new ArrayDeque<>();
  private PoolStats before;
  private int permitsAllowed;
  private String step = "start";

  /** Makes the store under test; a test of the fuzzer makes one with a bug. */
  @FunctionalInterface
  interface Stores {
    ConnectionStore make(PoolKey key, PoolConfig config, Capacity capacity, PoolErrors errors);
  }

  /** A thread of the application. */
  private static final class Actor {
    Waiter waiter;
    Grant.Dial dial;
    PooledConnection held;
    boolean fromPool;

    boolean isFree() {
      return waiter == null && dial == null && held == null;
    }
  }

  PoolModel(
      SplittableRandom random, FakeTicker ticker, PoolManager.Builder settings, Stores stores) {
    this.random = random;
    this.ticker = ticker;
    PoolConfig config = settings.ticker(ticker).config();
    this.budget = config.budget();
    PoolKey key = new PoolKey("http", "host", 80, config.tls());
    this.store = stores.make(key, config, config.capacity(), new PoolErrors("host:80"));
    for (int i = 0; i < ACTORS; i++) {
      actors[i] = new Actor();
    }
    this.before = store.stats();
    this.permitsAllowed = before.max();
  }

  boolean isClosed() {
    return store.isClosed();
  }

  /** Makes one random step and checks everything; returns what was done. */
  String step() {
    int kind = random.nextInt(100);
    if (kind < 90) {
      actor(actors[random.nextInt(ACTORS)]);
    } else if (kind < 93) {
      step = "advance and sweep";
      ticker.advance(Duration.ofMillis(random.nextInt(400)));
      store.sweep();
    } else if (kind < 97) {
      configure();
    } else if (kind < 98) {
      step = "yield the oldest idle";
      store.yieldOldestIdle();
    } else if (random.nextInt(20) == 0) {
      step = "retire";
      store.retire();
    } else if (random.nextInt(20) == 0) {
      step = "close";
      store.close();
    }
    check();
    return step;
  }

  /** Ends everything; whatever is still booked then was lost. */
  void finish() {
    step = "finish";
    store.close();
    for (Actor actor : actors) {
      settle(actor);
      if (actor.dial != null) {
        endDial(actor, false);
      } else if (actor.held != null) {
        release(actor, null);
      }
    }
    check();
    PoolStats end = store.stats();
    require(end.leased() + end.idle() + end.dialing() + end.pending() == 0, "all is back: " + end);
    require(connections.stream().allMatch(FakeConnection::isClosed), "no connection is left open");
  }

  private void actor(Actor actor) {
    settle(actor);
    if (actor.waiter != null) {
      leave(actor);
    } else if (actor.dial != null) {
      dial(actor);
    } else if (actor.held != null) {
      use(actor);
    } else {
      ask(actor);
    }
  }

  /** Takes what a waiting actor was given meanwhile, as its thread does when it wakes up. */
  private void settle(Actor actor) {
    Waiter waiter = actor.waiter;
    if (waiter != null && waiter.outcome() != Waiter.Outcome.WAITING) {
      actor.waiter = null;
      if (waiter.outcome() == Waiter.Outcome.GRANTED) {
        take(actor, waiter.granted());
      }
    }
  }

  private void ask(Actor actor) {
    step = "ask";
    try {
      Grant grant = store.request();
      take(actor, grant);
      if (grant instanceof Waiter waiter) {
        line.addLast(waiter);
      }
    } catch (PoolException refused) {
      step = "ask, refused";
    }
  }

  private void take(Actor actor, Grant grant) {
    if (grant instanceof Waiter waiter) {
      actor.waiter = waiter;
    } else if (grant instanceof Grant.Dial dial) {
      actor.dial = dial;
    } else {
      PooledConnection connection = (PooledConnection) grant;
      require(!fake(connection).isClosed(), "a closed connection was handed out");
      for (Actor other : actors) {
        require(other.held != connection, "one connection was handed out twice");
      }
      actor.held = connection;
      actor.fromPool = true;
    }
  }

  private void leave(Actor actor) {
    Waiter waiter = actor.waiter;
    PoolStats seen = store.stats();
    actor.waiter = null;
    if (random.nextBoolean()) {
      step = "time out";
      require(store.timedOut(waiter) != null, "a waiter leaves with the numbers");
      PoolStats now = store.stats();
      boolean unchanged =
          now.leased() == seen.leased()
              && now.idle() == seen.idle()
              && now.dialing() == seen.dialing()
              && now.pending() == seen.pending() - 1;
      require(unchanged, "a wait that timed out changed something: " + seen + " to " + now);
    } else {
      step = "interrupt a waiter";
      store.interrupted(waiter);
    }
    line.remove(waiter);
  }

  private void dial(Actor actor) {
    if (random.nextInt(4) == 0) {
      step = "dial fails";
      endDial(actor, true);
      return;
    }
    if (budget != null && !takePlace()) {
      step = "no place under the limit of all pools";
      endDial(actor, false);
      return;
    }
    step = "dial succeeds";
    FakeConnection fake = new FakeConnection(connections.size() + 1, () -> {});
    connections.add(fake);
    PooledConnection connection =
        new PooledConnection(
            fake, ticker.nanos(), Duration.ofSeconds(random.nextInt(5)).toNanos() + 1);
    boolean isRedial = actor.dial.isRedial();
    actor.dial = null;
    try {
      store.adopt(connection, isRedial);
      actor.held = connection;
      actor.fromPool = false;
    } catch (PoolException closedMeanwhile) {
      require(fake.isClosed(), "a connection of a closed pool stays open");
    }
  }

  private boolean takePlace() {
    try {
      return budget.take(0) == ConnectionBudget.Place.TAKEN;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void endDial(Actor actor, boolean isFailure) {
    actor.dial = null;
    store.dialEnded(isFailure);
  }

  private void use(Actor actor) {
    PooledConnection connection = actor.held;
    FakeConnection fake = fake(connection);
    int what = random.nextInt(10);
    if (what < 5) {
      step = "release";
      release(actor, null);
    } else if (what < 7) {
      step = "release broken";
      release(actor, CloseReason.ERROR);
    } else if (what < 8) {
      step = "redial";
      actor.held = null;
      actor.dial = store.redial(connection);
    } else if (actor.fromPool) {
      fake.liveness = random.nextBoolean() ? Liveness.CLOSED : Liveness.UNSOLICITED;
      CloseReason fault = connection.fault(ticker, Duration.ofDays(1).toNanos());
      step = "find it " + fault;
      actor.held = null;
      take(actor, store.replace(connection, fault));
    } else {
      step = "hold on";
    }
  }

  private void release(Actor actor, CloseReason broken) {
    PooledConnection connection = actor.held;
    actor.held = null;
    store.release(connection, broken, actor.fromPool ? Service.REUSED : Service.OPENED);
  }

  private void configure() {
    WhenExhausted mode = WhenExhausted.values()[random.nextInt(3)];
    Duration wait = Duration.ofSeconds(random.nextInt(3));
    Capacity capacity = new Capacity(1 + random.nextInt(5), mode, wait, random.nextInt(6));
    step = "configure " + capacity;
    store.configure(capacity);
    permitsAllowed = Math.max(capacity.maxsize(), permitsTaken());
  }

  private int permitsTaken() {
    PoolStats stats = store.stats();
    return stats.leased() + stats.dialing();
  }

  private void check() {
    PoolStats now = store.stats();
    checkBooks(now);
    checkStates(now);
    checkLimits(now);
    checkLine(now);
    checkCountersOnlyGrow(now);
    before = now;
  }

  /** The books say what the actors have. */
  private void checkBooks(PoolStats now) {
    int held = 0;
    int dialing = 0;
    Set<FakeConnection> out = new HashSet<>();
    for (Actor actor : actors) {
      Grant given = actor.waiter == null ? null : actor.waiter.granted();
      PooledConnection connection =
          given instanceof PooledConnection granted ? granted : actor.held;
      if (connection != null) {
        held++;
        require(out.add(fake(connection)), "one connection is out twice");
      }
      dialing += actor.dial != null || given instanceof Grant.Dial ? 1 : 0;
    }
    long open = connections.stream().filter(connection -> !connection.isClosed()).count();
    require(now.leased() == held, "leased " + now.leased() + ", held " + held);
    require(now.dialing() == dialing, "dialing " + now.dialing() + ", actors dial " + dialing);
    require(now.opened() - now.closed() == now.idle() + now.leased(), "opened - closed: " + now);
    require(open == now.idle() + now.leased(), "open " + open + ", booked: " + now);
    require(connections.stream().allMatch(connection -> connection.closes() <= 1), "closed twice");
    if (budget != null && !store.isClosed()) {
      require(budget.taken() == open, "places taken " + budget.taken() + ", open " + open);
    }
  }

  private void checkLimits(PoolStats now) {
    Capacity capacity = store.capacity();
    require(now.idle() <= now.max(), "idle beyond max: " + now);
    permitsAllowed = Math.max(capacity.maxsize(), Math.min(permitsAllowed, permitsTaken()));
    if (capacity.overflows()) {
      permitsAllowed = Integer.MAX_VALUE;
    }
    require(permitsTaken() <= permitsAllowed, "more permits than allowed: " + now);
    if (!capacity.overflows()) {
      boolean fits = permitsTaken() > now.max() ? now.idle() == 0 : openOrDialing(now) <= now.max();
      require(fits, "more connections than max: " + now);
    }
    if (budget != null) {
      require(budget.taken() <= budget.max(), "more connections than all pools may have");
    }
  }

  private static int openOrDialing(PoolStats now) {
    return now.idle() + now.leased() + now.dialing();
  }

  /** Who waits longest is served first, and nobody waits while there is something to have. */
  private void checkLine(PoolStats now) {
    while (!line.isEmpty() && line.peekFirst().outcome() != Waiter.Outcome.WAITING) {
      line.pollFirst();
    }
    for (Waiter waiter : line) {
      boolean waits = waiter.outcome() == Waiter.Outcome.WAITING;
      require(waits, "somebody was served before one who waits longer");
    }
    require(now.pending() == line.size(), "pending " + now.pending() + ", in line " + line.size());
    if (!line.isEmpty()) {
      require(now.idle() == 0, "somebody waits while a connection is idle: " + now);
      boolean allOut = !store.capacity().overflows() && permitsTaken() >= now.max();
      require(allOut, "somebody waits while a permit is free: " + now);
    }
  }

  private void checkStates(PoolStats now) {
    if (now.state() != PoolState.OPEN) {
      require(now.idle() == 0, "a pool that ended keeps a connection: " + now);
    }
    if (now.state() == PoolState.CLOSED) {
      require(now.pending() == 0, "somebody waits for a closed pool: " + now);
    }
  }

  private void checkCountersOnlyGrow(PoolStats now) {
    boolean grow =
        now.created() >= before.created()
            && now.opened() >= before.opened()
            && now.closed() >= before.closed()
            && now.reused() >= before.reused()
            && now.redialed() >= before.redialed()
            && now.failedDials() >= before.failedDials()
            && now.timeouts() >= before.timeouts()
            && now.requests() >= before.requests();
    require(grow, "a counter went back: " + before + " to " + now);
  }

  private static FakeConnection fake(PooledConnection connection) {
    return (FakeConnection) connection.connection();
  }

  private static void require(boolean condition, String what) {
    if (!condition) {
      throw new AssertionError(what);
    }
  }
}
