package io.hostpool.internal.lease;

import io.hostpool.stats.AcquireOutcome;
import io.hostpool.stats.CloseReason;
import io.hostpool.stats.PoolState;
import io.hostpool.stats.PoolStats;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The books of one pool. Written only under the pool's lock, one method per transition, so that no
 * transition is ever booked by half; read without the lock.
 *
 * <p>A reader takes a version before and after and starts again if a transition came in between (a
 * sequence lock): it sees all of a transition or nothing, and never holds up a request.
 */
@SuppressWarnings("EnumOrdinal") // indexes an array that lives no longer than this class
public final class Ledger {

  private static final VarHandle VERSION;
  private static final int READ_ATTEMPTS = 16;
  private static final CloseReason[] REASONS = CloseReason.values();
  private static final AcquireOutcome[] OUTCOMES = AcquireOutcome.values();

  static {
    try {
      VERSION = MethodHandles.lookup().findVarHandle(Ledger.class, "version", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Odd while a transition is being written. */
  @SuppressWarnings("UnusedVariable") // through VERSION
  private long version;

  private PoolState state = PoolState.OPEN;
  private int max;
  private int leased;
  private int idle;
  private int dialing;
  private int pending;
  private long created;
  private long opened;
  private long reused;
  private long redialed;
  private long failedDials;
  private long leaked;
  private long requests;

  /** How many were closed for each reason, then how many were not served with each outcome. */
  private final long[] counts = new long[REASONS.length + OUTCOMES.length];

  /** The snapshot that was read last. */
  private volatile @Nullable Snapshot latest;

  private final String key;

  private record Snapshot(long version, PoolStats stats) {}

  public Ledger(String key, int max) {
    this.key = key;
    this.max = max;
  }

  /** Returns the pool's {@code scheme://host:port}. */
  public String key() {
    return key;
  }

  public PoolState state() {
    return state;
  }

  public int idle() {
    return idle;
  }

  public long created() {
    return created;
  }

  /** Returns how many connections are being opened. */
  public int dialing() {
    return dialing;
  }

  /** Returns how many permits are taken: by leases, and by connections being opened. */
  public int permitsTaken() {
    return leased + dialing;
  }

  /** An idle connection goes out. */
  public void idleToLeased() {
    begin();
    idle--;
    leased++;
    end();
  }

  /** A returned connection is kept. */
  public void leasedToIdle(Use use) {
    begin();
    leased--;
    idle++;
    count(use);
    end();
  }

  /**
   * A returned connection goes straight to a thread that waits.
   *
   * @param wasPending whether it stood in the queue, rather than waiting for its own connection
   */
  public void leasedToLeased(Use use, boolean wasPending) {
    begin();
    pending -= wasPending ? 1 : 0;
    count(use);
    end();
  }

  /** A returned connection is closed; its permit is free. */
  public void leasedToClosed(CloseReason reason, Use use) {
    begin();
    leased--;
    counts[reason.ordinal()]++;
    count(use);
    end();
  }

  /** An idle connection is closed. */
  public void idleToClosed(CloseReason reason) {
    begin();
    idle--;
    counts[reason.ordinal()]++;
    end();
  }

  /** A leased connection turned out dead and is closed; its holder opens one in its place. */
  public void leasedToDialing(CloseReason reason, boolean isRedial) {
    begin();
    leased--;
    dialing++;
    if (!isRedial) {
      created++;
    }
    counts[reason.ordinal()]++;
    end();
  }

  /**
   * A thread may open a connection.
   *
   * @param wasPending whether it stood in the queue
   */
  public void permitToDialing(boolean wasPending) {
    begin();
    pending -= wasPending ? 1 : 0;
    dialing++;
    created++;
    end();
  }

  /** A connection was opened and goes out. */
  public void dialingToLeased(boolean isRedial) {
    begin();
    dialing--;
    leased++;
    opened++;
    if (isRedial) {
      redialed++;
    }
    end();
  }

  /** A connection could not be opened, or is no longer wanted; its permit is free. */
  public void dialingToPermit(boolean isFailure) {
    begin();
    dialing--;
    if (isFailure) {
      failedDials++;
    }
    end();
  }

  /** A thread joins the queue. */
  public void waitStarted() {
    begin();
    pending++;
    end();
  }

  /** A thread leaves the queue without anything. */
  public void waitEnded() {
    begin();
    pending--;
    end();
  }

  /** A request for a connection brought none. */
  public void unserved(AcquireOutcome outcome) {
    begin();
    counts[REASONS.length + outcome.ordinal()]++;
    end();
  }

  /** A response was found that was never closed. */
  public void leakFound() {
    begin();
    leaked++;
    end();
  }

  /** The pool keeps no more. */
  public void ended(PoolState newState) {
    begin();
    state = newState;
    end();
  }

  /** The pool has another size from now on. */
  public void resized(int newMax) {
    begin();
    max = newMax;
    end();
  }

  /**
   * Returns all numbers of one instant, or null if transitions came in between each time. May be
   * called without the lock. While nothing changes, it is the same object: reading many meters of
   * one pool takes one snapshot.
   */
  public @Nullable PoolStats tryRead() {
    for (int i = 0; i < READ_ATTEMPTS; i++) {
      long before = (long) VERSION.getAcquire(this);
      if ((before & 1) == 0) {
        Snapshot known = latest;
        if (known != null && known.version == before) {
          return known.stats;
        }
        PoolStats stats = read();
        VarHandle.loadLoadFence();
        if (before == (long) VERSION.getOpaque(this)) {
          latest = new Snapshot(before, stats);
          return stats;
        }
      }
    }
    return null;
  }

  /** Returns all numbers of one instant. Under the lock, or within {@link #tryRead()}. */
  public PoolStats read() {
    PoolStats.Builder stats =
        PoolStats.builder(key)
            .state(state)
            .max(max)
            .leased(leased)
            .idle(idle)
            .dialing(dialing)
            .pending(pending)
            .created(created)
            .opened(opened)
            .reused(reused)
            .redialed(redialed)
            .failedDials(failedDials)
            .leaked(leaked)
            .requests(requests);
    for (CloseReason reason : REASONS) {
      long count = counts[reason.ordinal()];
      if (count > 0) {
        stats.closedBy(reason, count);
      }
    }
    for (AcquireOutcome outcome : OUTCOMES) {
      long count = countOf(outcome);
      if (count > 0) {
        stats.unserved(outcome, count);
      }
    }
    return stats.build();
  }

  private long countOf(AcquireOutcome outcome) {
    return counts[REASONS.length + outcome.ordinal()];
  }

  private void count(Use use) {
    if (use != Use.NONE) {
      requests++;
      if (use == Use.REUSED) {
        reused++;
      }
    }
  }

  private void begin() {
    VERSION.setOpaque(this, version + 1);
    VarHandle.storeStoreFence();
  }

  private void end() {
    VERSION.setRelease(this, version + 1);
  }
}
