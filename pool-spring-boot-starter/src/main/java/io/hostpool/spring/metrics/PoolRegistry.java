package io.hostpool.spring.metrics;

import io.hostpool.adapter.HttpAdapter;
import io.hostpool.stats.CloseReason;
import io.hostpool.stats.PoolListener;
import io.hostpool.stats.PoolState;
import io.hostpool.stats.PoolStats;
import io.hostpool.stats.PoolView;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Knows every pool of a session and tells observers when one is created or removed. Thread-safe. It
 * knows nothing of meters, so a session can be made before any registry for them exists.
 */
public final class PoolRegistry {

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, MountPools> mounts = new LinkedHashMap<>();
  private final List<Observer> observers = new ArrayList<>();

  /** What observers are still to be told. Added to under the lock, so in the order of changes. */
  private final Queue<Runnable> news = new ConcurrentLinkedQueue<>();

  private final AtomicBoolean telling = new AtomicBoolean();

  /**
   * Told when pools come and go: outside of the lock, by one thread at a time, in the order in
   * which it happened; a moment later if another thread is just telling.
   */
  interface Observer {
    void mountAdded(MountPools mount);

    void poolAdded(MountPools mount, PoolView pool);

    void poolRemoved(MountPools mount, PoolView pool);
  }

  /** Returns the listener that the adapter of a mount needs. */
  public PoolListener listenerFor(String mount) {
    return new PoolListener() {
      @Override
      public void poolCreated(PoolView pool) {
        added(mount, pool);
      }

      @Override
      public void poolRemoved(PoolView pool) {
        removed(mount, pool);
      }
    };
  }

  /** Adds the adapter of a mount; its pools are reported by {@link #listenerFor}. */
  public void add(String mount, HttpAdapter adapter) {
    lock.lock();
    try {
      MountPools pools = new MountPools(mount, adapter);
      mounts.put(mount, pools);
      report(observer -> observer.mountAdded(pools));
    } finally {
      lock.unlock();
    }
    tell();
  }

  /** Tells {@code observer} of all that is there, and from now on of every change. */
  void observe(Observer observer) {
    lock.lock();
    try {
      observers.add(observer);
      for (MountPools mount : mounts.values()) {
        news.add(() -> observer.mountAdded(mount));
        mount.live.forEach(pool -> news.add(() -> observer.poolAdded(mount, pool)));
      }
    } finally {
      lock.unlock();
    }
    tell();
  }

  private void added(String name, PoolView pool) {
    lock.lock();
    try {
      MountPools mount = mounts.get(name);
      // Another thread may have evicted the pool, and told so, before this one came to tell of it.
      if (mount != null && pool.stats().state() == PoolState.OPEN) {
        mount.live.add(pool);
        report(observer -> observer.poolAdded(mount, pool));
      }
    } finally {
      lock.unlock();
    }
    tell();
  }

  private void removed(String name, PoolView pool) {
    lock.lock();
    try {
      MountPools mount = mounts.get(name);
      if (mount != null) {
        mount.retire(pool);
        if (mount.live.remove(pool)) {
          report(observer -> observer.poolRemoved(mount, pool));
        }
      }
    } finally {
      lock.unlock();
    }
    tell();
  }

  private void report(Consumer<Observer> event) {
    observers.forEach(observer -> news.add(() -> event.accept(observer)));
  }

  /** Runs outside of the lock: an observer takes the locks of its meter registry. */
  private void tell() {
    RuntimeException failure = null;
    while (!news.isEmpty() && telling.compareAndSet(false, true)) {
      try {
        Runnable next = news.poll();
        if (next != null) {
          next.run();
        }
      } catch (RuntimeException e) {
        // The others are told all the same.
        failure = failure == null ? e : failure;
      } finally {
        telling.set(false);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** The pools of one mount, and the counts of those that left. */
  final class MountPools {
    private final String name;
    private final HttpAdapter adapter;
    private final List<PoolView> live = new ArrayList<>();
    private final List<PoolView> draining = new ArrayList<>();
    private Totals finished = Totals.ZERO;

    private MountPools(String name, HttpAdapter adapter) {
      this.name = name;
      this.adapter = adapter;
    }

    String name() {
      return name;
    }

    HttpAdapter adapter() {
      return adapter;
    }

    /**
     * Returns the counts of the pools that left. Their meters leave with them, but a sum over all
     * pools must never go down.
     */
    Totals retired() {
      lock.lock();
      try {
        settle();
        Totals sum = finished;
        for (PoolView pool : draining) {
          sum = sum.plus(pool.stats());
        }
        return sum;
      } finally {
        lock.unlock();
      }
    }

    private void retire(PoolView pool) {
      settle();
      draining.add(pool);
    }

    /** Lets go of pools whose last connection is back: their numbers do not change any more. */
    private void settle() {
      for (Iterator<PoolView> all = draining.iterator(); all.hasNext(); ) {
        PoolStats last = all.next().stats();
        if (last.leased() + last.dialing() + last.pending() == 0) {
          finished = finished.plus(last);
          all.remove();
        }
      }
    }
  }

  /** Counters over several pools. Immutable. */
  record Totals(long opened, long reused, Map<CloseReason, Long> closedBy) {

    static final Totals ZERO = new Totals(0, 0, Map.of());

    /** Returns the counters of one pool. Copies nothing: each of its meters asks for them. */
    static Totals of(PoolStats stats) {
      return new Totals(stats.opened(), stats.reused(), stats.closedBy());
    }

    Totals plus(PoolStats stats) {
      Map<CloseReason, Long> sums = new EnumMap<>(CloseReason.class);
      sums.putAll(closedBy);
      stats.closedBy().forEach((reason, count) -> sums.merge(reason, count, Long::sum));
      return new Totals(opened + stats.opened(), reused + stats.reused(), sums);
    }
  }
}
