package io.hostpool.pool;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The pools that left a manager and that something still leads to: a lease, a waiting thread, a
 * connection being opened, a thread that holds the pool. What nothing leads to any more is
 * forgotten. Thread-safe.
 */
class RetiredPools { // not final: a test plants a bug

  private final Set<Entry> entries = ConcurrentHashMap.newKeySet();
  private final ReferenceQueue<ConnectionSource> collected = new ReferenceQueue<>();

  private static final class Entry extends WeakReference<ConnectionSource> {
    Entry(ConnectionSource source, ReferenceQueue<ConnectionSource> queue) {
      super(source, queue);
    }
  }

  void add(ConnectionSource source) {
    for (Object gone = collected.poll(); gone != null; gone = collected.poll()) {
      entries.remove(gone);
    }
    entries.add(new Entry(source, collected));
  }

  /** Returns those that are still there. */
  List<ConnectionSource> all() {
    List<ConnectionSource> all = new ArrayList<>();
    for (Entry entry : entries) {
      ConnectionSource source = entry.get();
      if (source != null) {
        all.add(source);
      }
    }
    return all;
  }
}
