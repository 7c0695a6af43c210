package io.hostpool.pool;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.hostpool.internal.lease.ConnectionLease;
import io.hostpool.internal.lease.PooledConnection;
import io.hostpool.stats.PoolStats;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** One lease that several threads end at once. */
public final class LeaseStress {

  private LeaseStress() {}

  /** Its reader comes to the end while another thread closes the response. */
  @JCStressTest
  @Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "back once, and kept")
  @State
  public static class EndRacesClose extends Ending {
    @Actor
    public void end() {
      lease.bodyEnded();
    }

    @Actor
    public void close() {
      lease.bodyAbandoned();
    }

    @Arbiter
    public void look(III_Result r) {
      count(r);
    }
  }

  /** Its reader comes to the end while another thread gives it up as broken. */
  @JCStressTest
  @Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "ended first: kept")
  @Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "failed first: closed once")
  @State
  public static class EndRacesFailure extends Ending {
    @Actor
    public void end() {
      lease.bodyEnded();
    }

    @Actor
    public void fail() {
      lease.bodyFailed();
    }

    @Arbiter
    public void look(III_Result r) {
      count(r);
    }
  }

  /** A response is closed while it is reclaimed as a leak. */
  @JCStressTest
  @Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "closed first: kept")
  @Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "reclaimed first: closed once")
  @State
  public static class CloseRacesReclaim extends Ending {
    @Actor
    public void close() {
      lease.bodyAbandoned();
    }

    @Actor
    public void reclaim() {
      lease.reclaim();
    }

    @Arbiter
    public void look(III_Result r) {
      count(r);
    }
  }

  /** A lease and what became of it. */
  abstract static class Ending {
    final StoreUnderStress test = StoreUnderStress.blocking(1);
    final PooledConnection connection = test.open();
    final ConnectionLease lease = new ConnectionLease(test.source);

    Ending() {
      lease.begin(connection, true, 0);
    }

    final void count(III_Result r) {
      PoolStats stats = test.store.stats();
      r.r1 = stats.leased();
      r.r2 = stats.idle();
      r.r3 = StoreUnderStress.closes(connection);
    }
  }
}
