package io.hostpool.internal.lease;

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
public class RetiredPools { // not final: a test plants a bug

  /** A pool that left its manager. */
  public interface Retired {

    /** Serves no thread from now on. Idempotent. */
    void close();
  }

  private final Set<Entry> entries = ConcurrentHashMap.newKeySet();
  private final ReferenceQueue<Retired> collected = new ReferenceQueue<>();

  private static final class Entry extends WeakReference<Retired> {
    Entry(Retired source, ReferenceQueue<Retired> queue) {
      super(source, queue);
    }
  }

  public void add(Retired source) {
    for (Object gone = collected.poll(); gone != null; gone = collected.poll()) {
      entries.remove(gone);
    }
    entries.add(new Entry(source, collected));
  }

  /** Returns those that are still there. */
  public List<Retired> all() {
    List<Retired> all = new ArrayList<>();
    for (Entry entry : entries) {
      Retired source = entry.get();
      if (source != null) {
        all.add(source);
      }
    }
    return all;
  }
}
