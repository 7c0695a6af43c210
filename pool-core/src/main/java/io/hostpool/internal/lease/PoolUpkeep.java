package io.hostpool.internal.lease;

import io.hostpool.internal.lease.PendingAcquire.State;
import io.hostpool.internal.time.Deadline;
import io.hostpool.internal.time.Durations;
import io.hostpool.internal.time.Ticker;
import io.hostpool.stats.PoolState;
import io.hostpool.stats.PoolStats;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What one pool needs from time to time: overdue connections are closed, leaked responses found,
 * some connections kept idle, the pool given up when it was not used for long. Thread-safe.
 */
public final class PoolUpkeep extends UpkeepTimer.Upkeep implements ConnectionStore.Watcher {

  /** A connection may be closed that much late, so that not every one causes a run of its own. */
  private static final long SLACK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long LEAK_CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How long after its last request a pool keeps connections idle ahead of need. */
  private static final long WARM_NANOS = TimeUnit.MINUTES.toNanos(10);

  private static final long SHORTEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** A pool that is not used is given up at most this share of the time late. */
  private static final int UNUSED_LOOKS = 4;

  private static final long NEVER = Long.MAX_VALUE;

  /** The pool that is kept up. */
  interface Pool {

    /** Returns {@code scheme://host:port}. */
    String key();

    ConnectionStore store();

    Dialer dialer();
  }

  private final Pool pool;
  private final LeaseConfig config;
  private final Ticker ticker;
  private final @Nullable Runnable giveUp;
  private final AtomicBoolean warming = new AtomicBoolean();

  /** Made for the first response that is watched: most pools of many have none. */
  private final AtomicReference<@Nullable LeakDetector> leaks = new AtomicReference<>();

  /** When the next run is, as the timer counts; {@link #NEVER} if none is planned. */
  private volatile long nextRun = NEVER;

  /** Whether a run was planned because connections are missing. */
  private volatile boolean isRunPlannedNow;

  /** Whether connections are kept idle although the pool is not used. */
  private volatile boolean isAlwaysWarm;

  /** The pause after a connection could not be opened ahead of need. */
  private volatile long pauseNanos = SHORTEST_PAUSE_NANOS;

  // Confined to the background thread.
  private boolean wasUsed;
  private long requestsSeen;
  private long usedNanos;

  /**
   * @param giveUp has the manager drop the pool, null if it is not dropped for being unused
   */
  PoolUpkeep(Pool pool, LeaseConfig config, @Nullable Runnable giveUp) {
    this.pool = pool;
    this.config = config;
    this.ticker = config.ticker();
    this.giveUp = giveUp;
    this.usedNanos = ticker.nanos();
  }

  public LeakDetector leaks() {
    LeakDetector known = leaks.get();
    if (known == null) {
      LeakDetector fresh =
          new LeakDetector(
              pool.key(), config.leakThresholdNanos(), ticker, () -> pool.store().leakFound());
      LeakDetector first = leaks.compareAndExchange(null, fresh);
      known = first == null ? fresh : first;
    }
    return known;
  }

  private boolean isWatching() {
    LeakDetector known = leaks.get();
    return known != null && known.isWatching();
  }

  /**
   * Begins what does not wait for a request.
   *
   * @param isWarm whether connections are kept idle although the pool is not used
   */
  public void begin(boolean isWarm) {
    if (isWarm) {
      keepWarm();
    }
    if (isGivenUpSometime()) {
      planWithin(config.unusedPoolTimeoutNanos() / UNUSED_LOOKS);
    }
  }

  /** Keeps connections idle from now on, whether or not the pool is used. */
  public void keepWarm() {
    isAlwaysWarm = true;
    fewerIdle(0);
  }

  @Override
  public void idleUntil(long now, long nanos) {
    if (nanos != Durations.NO_LIMIT && UpkeepTimer.time(now) + nanos < nextRun - SLACK_NANOS) {
      planWithin(nanos);
    }
  }

  @Override
  public void fewerIdle(int idle) {
    if (idle < config.minIdle() && !warming.get() && !isRunPlannedNow) {
      isRunPlannedNow = true;
      planWithin(0);
    }
  }

  /** A response was handed out whose reader ends the lease. */
  void streaming() {
    if (nextRun == NEVER) {
      planWithin(LEAK_CHECK_NANOS);
    }
  }

  /** The pool keeps nothing any more: it need not be remembered for what would be due. */
  void end() {
    if (!isWatching()) {
      UpkeepTimer.shared().cancel(this);
      nextRun = NEVER;
    }
  }

  private void planWithin(long nanos) {
    if (ticker == Ticker.system()) {
      nextRun = UpkeepTimer.shared().schedule(this, nanos);
    }
  }

  @Override
  public void run() {
    // First: what comes up from here on plans the next run.
    nextRun = NEVER;
    isRunPlannedNow = false;
    LeakDetector known = leaks.get();
    if (known != null) {
      known.check();
    }
    long next = pool.store().control().sweep();
    if (isWatching()) {
      next = Math.min(next, LEAK_CHECK_NANOS);
    }
    noteUse();
    if (isWarm()) {
      warmUp();
    }
    if (isGivenUpSometime()) {
      next = Math.min(next, giveUpIfUnused());
    }
    if (next != Durations.NO_LIMIT) {
      planWithin(next);
    }
  }

  private void noteUse() {
    PoolStats stats = pool.store().stats();
    if (stats.leased() + stats.pending() > 0 || stats.requests() != requestsSeen) {
      requestsSeen = stats.requests();
      usedNanos = ticker.nanos();
      wasUsed = true;
    }
  }

  private boolean isGivenUpSometime() {
    return giveUp != null;
  }

  /** Returns the time until the next look. */
  private long giveUpIfUnused() {
    long timeout = config.unusedPoolTimeoutNanos();
    boolean isUnused = ticker.nanos() - usedNanos >= timeout;
    PoolStats stats = pool.store().stats();
    if (isUnused && stats.idle() == 0 && stats.state() == PoolState.OPEN && giveUp != null) {
      giveUp.run();
    }
    return stats.state() == PoolState.OPEN ? timeout / UNUSED_LOOKS : Durations.NO_LIMIT;
  }

  private boolean isWarm() {
    if (config.minIdle() == 0) {
      return false;
    }
    return isAlwaysWarm || (wasUsed && ticker.nanos() - usedNanos < WARM_NANOS);
  }

  private void warmUp() {
    if (!warming.compareAndSet(false, true)) {
      return;
    }
    boolean started = false;
    try {
      config.dialThreads().execute(this::openIdle);
      started = true;
    } finally {
      if (!started) {
        warming.set(false);
      }
    }
  }

  /** Opens connections, one after the other, until enough lie idle or one could not be opened. */
  private void openIdle() {
    ConnectionStore store = pool.store();
    State last = State.SERVED;
    try {
      while (last == State.SERVED) {
        PendingAcquire pending = new PendingAcquire();
        if (!store.control().permitIdle(pending, config.minIdle())) {
          break;
        }
        pool.dialer().dial(pending, config.connectNanos(), Deadline.none());
        last = pending.state();
        PooledConnection connection = pending.takeConnection();
        if (connection != null) {
          store.release(connection, null, Use.NONE);
        }
      }
    } finally {
      warming.set(false);
      openLater(last, store);
    }
  }

  /** Plans another try where connections are still missing. */
  private void openLater(State last, ConnectionStore store) {
    long pause = pauseNanos;
    boolean success = last == State.SERVED;
    pauseNanos = success ? SHORTEST_PAUSE_NANOS : Math.min(2 * pause, LONGEST_PAUSE_NANOS);
    if (store.control().isShortOfIdle(config.minIdle())) {
      // After a success, other pools have all the connections that there may be.
      planWithin(success ? LONGEST_PAUSE_NANOS / UNUSED_LOOKS : pause);
    }
  }
}
