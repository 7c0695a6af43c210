package io.hostpool.pool;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.hostpool.error.PoolException;
import io.hostpool.internal.lease.PendingAcquire;
import io.hostpool.internal.lease.PooledConnection;
import io.hostpool.internal.lease.Use;
import io.hostpool.stats.CloseReason;
import io.hostpool.stats.PoolStats;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** The idle stack, the queue and the permits of one store. */
public final class StoreStress {

  private StoreStress() {}

  /** Two threads ask while two connections are idle: each gets one of its own. */
  @JCStressTest
  @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "both out, two different ones")
  @State
  public static class TwoTakeTwo {
    private final StoreUnderStress test = StoreUnderStress.blocking(2);
    private PooledConnection first;
    private PooledConnection second;

    public TwoTakeTwo() {
      PooledConnection one = test.open();
      PooledConnection other = test.open();
      test.giveBack(one);
      test.giveBack(other);
    }

    @Actor
    public void first() {
      first = take(test);
    }

    @Actor
    public void second() {
      second = take(test);
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = first != null && second != null && first != second ? 1 : 0;
      r.r2 = test.store.stats().leased();
    }
  }

  /** One connection comes back while a thread asks: the thread gets it, or is handed it. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "it is out again")
  @State
  public static class ReleaseMeetsRequest {
    private final StoreUnderStress test = StoreUnderStress.blocking(1);
    private final PooledConnection connection = test.open();
    private PendingAcquire asked;

    @Actor
    public void release() {
      test.giveBack(connection);
    }

    @Actor
    public void request() {
      asked = test.request();
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = served(asked) == connection ? 1 : 0;
      r.r2 = test.store.stats().idle();
    }
  }

  /** A pending thread's time is over while a connection is handed to it. */
  @JCStressTest
  @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "it was handed over first, and kept")
  @Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "it came too late, and is idle")
  @State
  public static class TimeoutRacesHandOver {
    private final StoreUnderStress test = StoreUnderStress.blocking(1);
    private final PooledConnection connection = test.open();
    private final PendingAcquire waiter = test.queue();
    private boolean kept;

    @Actor
    public void release() {
      test.giveBack(connection);
    }

    @Actor
    public void timeOut() {
      kept = test.store.timedOut(waiter) == null;
    }

    @Arbiter
    public void look(III_Result r) {
      PoolStats stats = test.store.stats();
      r.r1 = kept && served(waiter) == connection ? 1 : 0;
      r.r2 = stats.leased();
      r.r3 = stats.idle();
    }
  }

  /** A pending thread is interrupted while a connection is handed to it: it must not be lost. */
  @JCStressTest
  @Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "idle, whichever thread came first")
  @State
  public static class InterruptRacesHandOver {
    private final StoreUnderStress test = StoreUnderStress.blocking(1);
    private final PooledConnection connection = test.open();
    private final PendingAcquire waiter = test.queue();

    @Actor
    public void release() {
      test.giveBack(connection);
    }

    @Actor
    public void interrupt() {
      test.store.abandon(waiter);
    }

    @Arbiter
    public void look(III_Result r) {
      PoolStats stats = test.store.stats();
      r.r1 = stats.leased();
      r.r2 = stats.idle();
      r.r3 = stats.pending();
    }
  }

  /**
   * Two connections come back while two threads wait: both are served. The first may be given the
   * permit of the broken connection, then the other connection; its permit is then for the second.
   */
  @JCStressTest
  @Outcome(id = "1, 1, 2", expect = ACCEPTABLE, desc = "both were served")
  @State
  public static class TwoReleasesServeTwoWaiters {
    private final StoreUnderStress test = StoreUnderStress.blocking(2);
    private final PooledConnection one = test.open();
    private final PooledConnection other = test.open();
    private final PendingAcquire first = test.queue();
    private final PendingAcquire second = test.queue();

    @Actor
    public void reusable() {
      test.giveBack(one);
    }

    @Actor
    public void broken() {
      test.store.release(other, CloseReason.ERROR, Use.REUSED);
    }

    @Arbiter
    public void look(III_Result r) {
      test.goOn(first);
      PoolStats stats = test.store.stats();
      r.r1 = isGiven(first) ? 1 : 0;
      r.r2 = isGiven(second) ? 1 : 0;
      r.r3 = stats.leased() + stats.dialing();
    }
  }

  /** The pool is closed while a connection comes back: it is closed once. */
  @JCStressTest
  @Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "nothing is left, closed once")
  @State
  public static class CloseRacesRelease {
    private final StoreUnderStress test = StoreUnderStress.blocking(1);
    private final PooledConnection connection = test.open();

    @Actor
    public void release() {
      test.giveBack(connection);
    }

    @Actor
    public void close() {
      test.store.control().close();
    }

    @Arbiter
    public void look(III_Result r) {
      PoolStats stats = test.store.stats();
      r.r1 = stats.leased();
      r.r2 = stats.idle();
      r.r3 = StoreUnderStress.closes(connection);
    }
  }

  /** The pool is closed while a thread takes its idle connection. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "taken before, still open")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "refused, and closed once")
  @State
  public static class CloseRacesRequest {
    private final StoreUnderStress test = StoreUnderStress.blocking(1);
    private final PooledConnection connection = test.open();
    private boolean taken;

    public CloseRacesRequest() {
      test.giveBack(connection);
    }

    @Actor
    public void request() {
      taken = take(test) == connection;
    }

    @Actor
    public void close() {
      test.store.control().close();
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = taken ? 1 : 0;
      r.r2 = StoreUnderStress.closes(connection);
    }
  }

  /** The pool is closed while a thread joins the queue: no thread is left waiting. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "turned away or woken")
  @State
  public static class CloseRacesQueue {
    private final StoreUnderStress test = StoreUnderStress.blocking(1);
    private PendingAcquire asked;

    public CloseRacesQueue() {
      test.open();
    }

    @Actor
    public void queue() {
      asked = test.request();
    }

    @Actor
    public void close() {
      test.store.control().close();
    }

    @Arbiter
    public void look(II_Result r) {
      boolean woken = asked != null && asked.state() == PendingAcquire.State.CLOSED;
      r.r1 = asked == null || woken ? 1 : 0;
      r.r2 = test.store.stats().pending();
    }
  }

  /** A dial ends while the pool is closed: its connection does not stay open. */
  @JCStressTest
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "closed, and once")
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "served before, still out and open")
  @State
  public static class CloseRacesDial {
    private final StoreUnderStress test = StoreUnderStress.blocking(2);
    private final PooledConnection fresh = test.connection();
    private final PendingAcquire dialing = begun(test);

    @Actor
    public void dialed() {
      test.store.dialed(dialing, fresh);
    }

    @Actor
    public void close() {
      test.store.control().close();
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = test.store.stats().leased() - 1;
      r.r2 = StoreUnderStress.closes(fresh);
    }
  }

  /** A connection comes back while that of the waiting thread is opened: it gets one of the two. */
  @JCStressTest
  @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "one is out, the other idle")
  @State
  public static class ReleaseRacesDial {
    private final StoreUnderStress test = StoreUnderStress.blocking(2);
    private final PooledConnection other = test.open();
    private final PendingAcquire dialing = test.request();

    public ReleaseRacesDial() {
      test.begin(dialing);
    }

    @Actor
    public void release() {
      test.giveBack(other);
    }

    @Actor
    public void dialed() {
      test.store.dialed(dialing, test.connection());
    }

    @Arbiter
    public void look(III_Result r) {
      PoolStats stats = test.store.stats();
      r.r1 = stats.leased();
      r.r2 = stats.idle();
      r.r3 = stats.dialing();
    }
  }

  /** The thread leaves, interrupted, while its connection is opened: it is kept for the next. */
  @JCStressTest
  @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "idle, whichever came first")
  @State
  public static class InterruptRacesDial {
    private final StoreUnderStress test = StoreUnderStress.blocking(2);
    private final PooledConnection other = test.open();
    private final PendingAcquire dialing = test.request();

    public InterruptRacesDial() {
      test.begin(dialing);
    }

    @Actor
    public void interrupt() {
      test.store.abandon(dialing);
    }

    @Actor
    public void dialed() {
      test.store.dialed(dialing, test.connection());
    }

    @Arbiter
    public void look(III_Result r) {
      PoolStats stats = test.store.stats();
      r.r1 = stats.leased();
      r.r2 = stats.idle();
      r.r3 = stats.dialing();
    }
  }

  /** A thread begins to dial while a connection comes back for it: no permit is lost. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "served before it began, permit returned")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "served while it dials")
  @State
  public static class ReleaseRacesBegin {
    private final StoreUnderStress test = StoreUnderStress.blocking(2);
    private final PooledConnection other = test.open();
    private final PendingAcquire pending = test.request();

    @Actor
    public void release() {
      test.giveBack(other);
    }

    @Actor
    public void begin() {
      test.begin(pending);
    }

    @Arbiter
    public void look(II_Result r) {
      test.store.returnUnusedPermit(pending);
      PoolStats stats = test.store.stats();
      r.r1 = served(pending) == other && stats.leased() == 1 ? 1 : 0;
      r.r2 = stats.dialing();
    }
  }

  /** A reader of the numbers sees a transition whole or not at all. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "before")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "after")
  @State
  public static class NumbersFitEachOther {
    private final StoreUnderStress test = StoreUnderStress.blocking(1);
    private final PooledConnection connection = test.open();

    @Actor
    public void release() {
      test.giveBack(connection);
    }

    @Actor
    public void read(II_Result r) {
      PoolStats stats = test.store.stats();
      r.r1 = stats.leased();
      r.r2 = stats.idle();
    }
  }

  /** Takes an idle connection; returns null if there is none, or the pool refuses. */
  private static PooledConnection take(StoreUnderStress test) {
    try {
      return test.store.takeIdle();
    } catch (PoolException refused) {
      return null;
    }
  }

  /** Has a connection opened while another one is out. */
  private static PendingAcquire begun(StoreUnderStress test) {
    test.open();
    PendingAcquire pending = test.request();
    test.begin(pending);
    return pending;
  }

  /** Returns the connection that a thread has, null if it has none. */
  private static PooledConnection served(PendingAcquire pending) {
    boolean isServed = pending.state() == PendingAcquire.State.SERVED;
    return isServed ? pending.connection() : null;
  }

  private static boolean isGiven(PendingAcquire pending) {
    PendingAcquire.State state = pending.state();
    return state == PendingAcquire.State.SERVED || state == PendingAcquire.State.PERMITTED;
  }
}
