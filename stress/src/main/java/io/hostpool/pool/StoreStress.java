package io.hostpool.pool;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.hostpool.error.PoolException;
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
    private Grant first;
    private Grant second;

    public TwoTakeTwo() {
      PooledConnection one = test.open();
      PooledConnection other = test.open();
      test.giveBack(one);
      test.giveBack(other);
    }

    @Actor
    public void first() {
      first = request(test);
    }

    @Actor
    public void second() {
      second = request(test);
    }

    @Arbiter
    public void look(II_Result r) {
      boolean different = first != second;
      r.r1 = different && first instanceof PooledConnection ? 1 : 0;
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
    private Grant asked;

    @Actor
    public void release() {
      test.giveBack(connection);
    }

    @Actor
    public void request() {
      asked = StoreStress.request(test);
    }

    @Arbiter
    public void look(II_Result r) {
      Grant got = asked instanceof Waiter waiter ? waiter.granted() : asked;
      r.r1 = got == connection ? 1 : 0;
      r.r2 = test.store.stats().idle();
    }
  }

  /** A waiter's time is over while a connection is handed to it. */
  @JCStressTest
  @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "it was handed over first, and kept")
  @Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "it came too late, and is idle")
  @State
  public static class TimeoutRacesHandOver {
    private final StoreUnderStress test = StoreUnderStress.blocking(1);
    private final PooledConnection connection = test.open();
    private final Waiter waiter = test.queue();
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
      r.r1 = kept && waiter.granted() == connection ? 1 : 0;
      r.r2 = stats.leased();
      r.r3 = stats.idle();
    }
  }

  /** A waiter is interrupted while a connection is handed to it: it must not be lost. */
  @JCStressTest
  @Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "idle, whoever came first")
  @State
  public static class InterruptRacesHandOver {
    private final StoreUnderStress test = StoreUnderStress.blocking(1);
    private final PooledConnection connection = test.open();
    private final Waiter waiter = test.queue();

    @Actor
    public void release() {
      test.giveBack(connection);
    }

    @Actor
    public void interrupt() {
      test.store.interrupted(waiter);
    }

    @Arbiter
    public void look(III_Result r) {
      PoolStats stats = test.store.stats();
      r.r1 = stats.leased();
      r.r2 = stats.idle();
      r.r3 = stats.pending();
    }
  }

  /** Two connections come back while two threads wait: both are served. */
  @JCStressTest
  @Outcome(id = "1, 1, 2", expect = ACCEPTABLE, desc = "both were served")
  @State
  public static class TwoReleasesServeTwoWaiters {
    private final StoreUnderStress test = StoreUnderStress.blocking(2);
    private final PooledConnection one = test.open();
    private final PooledConnection other = test.open();
    private final Waiter first = test.queue();
    private final Waiter second = test.queue();

    @Actor
    public void reusable() {
      test.giveBack(one);
    }

    @Actor
    public void broken() {
      test.store.release(other, CloseReason.ERROR, Service.REUSED);
    }

    @Arbiter
    public void look(III_Result r) {
      PoolStats stats = test.store.stats();
      r.r1 = first.outcome() == Waiter.Outcome.GRANTED ? 1 : 0;
      r.r2 = second.outcome() == Waiter.Outcome.GRANTED ? 1 : 0;
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
      test.store.close();
    }

    @Arbiter
    public void look(III_Result r) {
      PoolStats stats = test.store.stats();
      r.r1 = stats.leased();
      r.r2 = stats.idle();
      r.r3 = StoreUnderStress.closes(connection);
    }
  }

  /** The pool is closed while somebody takes its idle connection. */
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
      taken = StoreStress.request(test) == connection;
    }

    @Actor
    public void close() {
      test.store.close();
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = taken ? 1 : 0;
      r.r2 = StoreUnderStress.closes(connection);
    }
  }

  /** The pool is closed while somebody joins the queue: nobody is left waiting. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "turned away or woken")
  @State
  public static class CloseRacesQueue {
    private final StoreUnderStress test = StoreUnderStress.blocking(1);
    private Grant asked;

    public CloseRacesQueue() {
      test.open();
    }

    @Actor
    public void queue() {
      asked = StoreStress.request(test);
    }

    @Actor
    public void close() {
      test.store.close();
    }

    @Arbiter
    public void look(II_Result r) {
      boolean woken = asked instanceof Waiter waiter && waiter.outcome() == Waiter.Outcome.CLOSED;
      r.r1 = asked == null || woken ? 1 : 0;
      r.r2 = test.store.stats().pending();
    }
  }

  /** A dial ends while the pool is closed: its connection does not stay open. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "refused, and closed once")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "adopted before, still out")
  @State
  public static class CloseRacesAdopt {
    private final StoreUnderStress test = StoreUnderStress.blocking(2);
    private final PooledConnection other = test.open();
    private final Grant dial = request(test);

    @Actor
    public void adopt(II_Result r) {
      try {
        PooledConnection fresh = new PooledConnection(other.connection(), 0, Long.MAX_VALUE);
        test.store.adopt(fresh, false);
      } catch (PoolException refused) {
        r.r1 = 1;
      }
    }

    @Actor
    public void close() {
      test.store.close();
    }

    @Arbiter
    public void look(II_Result r) {
      r.r2 = test.store.stats().leased() - 1;
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

  /** Returns null if the pool refused. */
  private static Grant request(StoreUnderStress test) {
    try {
      return test.store.request();
    } catch (PoolException refused) {
      return null;
    }
  }
}
