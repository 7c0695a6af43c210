package io.hostpool.pool;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.hostpool.net.Background;
import io.hostpool.policy.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the pools of the process that have something to look after, from time to time, on the
 * background thread. Thread-safe.
 *
 * <p>It holds a pool as long as that has something to look after: the idle connections of a session
 * that was dropped without being closed are closed when their time is over, and the pool can be
 * collected then. A channel that is collected is not closed.
 */
final class IdleSweeper {

  private static final Logger LOG = LoggerFactory.getLogger("io.hostpool.pool");

  /** How late an idle connection may be closed. */
  private static final long LONGEST_NAP_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long SHORTEST_NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final IdleSweeper SHARED = new IdleSweeper();

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private List<Swept> pools = new ArrayList<>();

  @GuardedBy("lock")
  private boolean scheduled;

  /** What is looked after from time to time. */
  interface Swept {
    /**
     * Does what is due.
     *
     * @return nanoseconds until something will be, {@link Durations#NO_LIMIT} if nothing will; it
     *     is forgotten then, and has to be added again
     */
    long sweep();
  }

  private IdleSweeper() {}

  /** Returns the sweeper of this process. */
  static IdleSweeper shared() {
    return SHARED;
  }

  /** Looks after {@code pool} from now on, until it says that nothing is left to do. */
  void add(Swept pool) {
    lock.lock();
    try {
      pools.add(pool);
      schedule(SHORTEST_NAP_NANOS);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void schedule(long nanos) {
    if (!scheduled) {
      var unused = Background.scheduleChore(this::sweepAll, nanos);
      scheduled = true;
    }
  }

  private void sweepAll() {
    List<Swept> due;
    lock.lock();
    try {
      due = pools;
      pools = new ArrayList<>();
    } finally {
      lock.unlock();
    }
    long next = LONGEST_NAP_NANOS;
    List<Swept> kept = new ArrayList<>();
    for (Swept pool : due) {
      long nanos = sweep(pool);
      if (nanos != Durations.NO_LIMIT) {
        kept.add(pool);
        next = Math.min(next, nanos);
      }
    }
    lock.lock();
    try {
      pools.addAll(kept);
      scheduled = false;
      if (!pools.isEmpty()) {
        schedule(Math.max(next, SHORTEST_NAP_NANOS));
      }
    } finally {
      lock.unlock();
    }
  }

  private static long sweep(Swept pool) {
    try {
      return pool.sweep();
    } catch (Throwable e) {
      LOG.warn("Looking after a pool failed; it is tried again", e);
      return LONGEST_NAP_NANOS;
    }
  }
}
