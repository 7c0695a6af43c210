package io.hostpool.internal.lease;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.hostpool.internal.thread.Background;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the upkeep of the pools of the process when it is due, on the background thread. Pools for
 * which nothing is due cost nothing, however many there are. Thread-safe.
 *
 * <p>It holds a pool as long as that has something that will be due: the idle connections of a
 * session that was dropped without being closed are closed when their time is over, and the pool
 * can be collected then. A channel that is collected is not closed.
 */
public final class UpkeepTimer {

  private static final Logger LOG = LoggerFactory.getLogger("io.hostpool.pool");

  /** What is due within this time is done together. */
  private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** When what failed is tried again. */
  private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long EPOCH = System.nanoTime();
  private static final UpkeepTimer SHARED = new UpkeepTimer();

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final EarliestFirst<Upkeep> due = new EarliestFirst<>();

  /** When the next run is planned, as {@link #time} gives it; the largest number if none is. */
  @GuardedBy("lock")
  private long nextRun = Long.MAX_VALUE;

  /** What is done from time to time. */
  public abstract static class Upkeep {
    private final EarliestFirst.Entry<Upkeep> entry = new EarliestFirst.Entry<>(this);

    /** Does what is due, and schedules itself again if anything will be. */
    public abstract void run();
  }

  private UpkeepTimer() {}

  /** Returns the timer of this process. */
  public static UpkeepTimer shared() {
    return SHARED;
  }

  /**
   * Runs {@code upkeep} in {@code nanos}, or earlier if that was asked for.
   *
   * @return when that is, as {@link #time} gives it
   */
  public long schedule(Upkeep upkeep, long nanos) {
    long time = time(System.nanoTime()) + Math.min(nanos, Long.MAX_VALUE / 4);
    lock.lock();
    try {
      if (!upkeep.entry.isIn() || time < upkeep.entry.key()) {
        due.put(upkeep.entry, time);
      }
      plan();
      return upkeep.entry.key();
    } finally {
      lock.unlock();
    }
  }

  /** Forgets {@code upkeep} until it is scheduled again. */
  void cancel(Upkeep upkeep) {
    lock.lock();
    try {
      due.remove(upkeep.entry);
    } finally {
      lock.unlock();
    }
  }

  /** Returns a reading of {@link System#nanoTime()} as a number that is never negative. */
  static long time(long nanoTime) {
    return nanoTime - EPOCH;
  }

  /** Sees to it that the first that is due is run in time. */
  @GuardedBy("lock")
  private void plan() {
    long first = due.firstKey();
    if (first < Long.MAX_VALUE && first + SLACK_NANOS < nextRun) {
      // In this order: if it cannot be scheduled for lack of a thread, the next call tries again.
      var unused =
          Background.scheduleChore(this::runDue, first + SLACK_NANOS - time(System.nanoTime()));
      nextRun = first + SLACK_NANOS;
    }
  }

  private void runDue() {
    try {
      Upkeep next = nextDue(true);
      while (next != null) {
        run(next);
        next = nextDue(false);
      }
    } finally {
      lock.lock();
      try {
        plan();
      } finally {
        lock.unlock();
      }
    }
  }

  private @Nullable Upkeep nextDue(boolean isFirst) {
    long now = time(System.nanoTime());
    lock.lock();
    try {
      if (isFirst) {
        nextRun = Long.MAX_VALUE;
      }
      Upkeep first = due.firstKey() <= now ? due.first() : null;
      if (first != null) {
        due.remove(first.entry);
      }
      return first;
    } finally {
      lock.unlock();
    }
  }

  private void run(Upkeep upkeep) {
    try {
      upkeep.run();
    } catch (Throwable e) {
      // Errors too: one pool's must not end the upkeep of all others.
      warn(e);
      schedule(upkeep, AGAIN_NANOS);
    }
  }

  private static void warn(Throwable failure) {
    try {
      LOG.warn("Upkeep of a pool failed; it is tried again", failure);
    } catch (Throwable e) {
      // The upkeep of the other pools matters more than the line.
    }
  }
}
