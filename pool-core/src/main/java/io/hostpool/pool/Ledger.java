package io.hostpool.pool;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The books of one pool. Written only under the pool's lock, one method a transition, so that no
 * transition is ever booked by half; read without the lock.
 *
 * <p>A reader takes a version before and after and starts again if a transition came in between (a
 * sequence lock): it sees all of a transition or nothing, and never holds up a request.
 */
@SuppressWarnings("EnumOrdinal") // indexes an array that lives no longer than this class
final class Ledger {

  private static final VarHandle VERSION;
  private static final int READ_ATTEMPTS = 16;
  private static final CloseReason[] REASONS = CloseReason.values();

  static {
    try {
      VERSION = MethodHandles.lookup().findVarHandle(Ledger.class, "version", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Odd while a transition is being written. */
  @SuppressWarnings("UnusedVariable") // through VERSION
  private int version;

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
  private long timeouts;
  private long requests;
  private final long[] closedBy = new long[REASONS.length];

  private final String key;

  Ledger(String key, int max) {
    this.key = key;
    this.max = max;
  }

  PoolState state() {
    return state;
  }

  int idle() {
    return idle;
  }

  long created() {
    return created;
  }

  /** Returns how many permits are taken: by leases, and by connections being opened. */
  int permitsTaken() {
    return leased + dialing;
  }

  /** An idle connection goes out. */
  void idleToLeased() {
    begin();
    idle--;
    leased++;
    end();
  }

  /** A returned connection is kept. */
  void leasedToIdle(Service service) {
    begin();
    leased--;
    idle++;
    count(service);
    end();
  }

  /** A returned connection goes straight to a waiter. */
  void leasedToWaiter(Service service) {
    begin();
    pending--;
    count(service);
    end();
  }

  /** A returned connection is closed; its permit is free. */
  void leasedToClosed(CloseReason reason, Service service) {
    begin();
    leased--;
    closedBy[reason.ordinal()]++;
    count(service);
    end();
  }

  /** An idle connection is closed. */
  void idleToClosed(CloseReason reason) {
    begin();
    idle--;
    closedBy[reason.ordinal()]++;
    end();
  }

  /** A leased connection turned out dead and is closed; its holder opens one in its place. */
  void leasedToDialing(CloseReason reason, boolean isRedial) {
    begin();
    leased--;
    dialing++;
    if (!isRedial) {
      created++;
    }
    closedBy[reason.ordinal()]++;
    end();
  }

  /** Somebody starts to open a connection. */
  void permitToDialing() {
    begin();
    dialing++;
    created++;
    end();
  }

  /** A free permit goes to a waiter, who will open a connection. */
  void permitToWaiter() {
    begin();
    pending--;
    dialing++;
    created++;
    end();
  }

  /** A connection was opened and goes out. */
  void dialingToLeased(boolean isRedial) {
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
  void dialingToPermit(boolean isFailure) {
    begin();
    dialing--;
    if (isFailure) {
      failedDials++;
    }
    end();
  }

  /** Somebody starts to wait. */
  void waitStarted() {
    begin();
    pending++;
    end();
  }

  /** Somebody stops waiting without a connection. */
  void waitEnded(boolean isTimeout) {
    begin();
    pending--;
    if (isTimeout) {
      timeouts++;
    }
    end();
  }

  /** Somebody was turned away without waiting. */
  void turnedAway() {
    begin();
    timeouts++;
    end();
  }

  /** A response was found that nobody closed. */
  void leakFound() {
    begin();
    leaked++;
    end();
  }

  /** The pool keeps no more, and closes what it kept. */
  void ended(PoolState newState, CloseReason reason) {
    begin();
    state = newState;
    closedBy[reason.ordinal()] += idle;
    idle = 0;
    end();
  }

  /** The pool has another size from now on. */
  void resized(int newMax) {
    begin();
    max = newMax;
    end();
  }

  /**
   * Returns all numbers of one instant, or null if transitions came in between each time. May be
   * called without the lock.
   */
  @Nullable PoolStats tryRead() {
    for (int i = 0; i < READ_ATTEMPTS; i++) {
      int before = (int) VERSION.getAcquire(this);
      if ((before & 1) == 0) {
        PoolStats stats = read();
        VarHandle.loadLoadFence();
        if (before == (int) VERSION.getOpaque(this)) {
          return stats;
        }
      }
    }
    return null;
  }

  /** Returns all numbers of one instant. Under the lock, or within {@link #tryRead()}. */
  PoolStats read() {
    Map<CloseReason, Long> reasons = new EnumMap<>(CloseReason.class);
    long closed = 0;
    for (CloseReason reason : REASONS) {
      long count = closedBy[reason.ordinal()];
      if (count > 0) {
        reasons.put(reason, count);
        closed += count;
      }
    }
    return new PoolStats(
        key,
        state,
        max,
        leased,
        idle,
        dialing,
        pending,
        created,
        opened,
        closed,
        java.util.Collections.unmodifiableMap(reasons),
        reused,
        redialed,
        failedDials,
        closedBy[CloseReason.OVERFLOW.ordinal()],
        leaked,
        timeouts,
        requests);
  }

  private void count(Service service) {
    if (service != Service.NONE) {
      requests++;
      if (service == Service.REUSED) {
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
