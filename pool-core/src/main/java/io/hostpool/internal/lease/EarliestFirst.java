package io.hostpool.internal.lease;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A heap of elements by a number, the smallest first. An element knows its place, so that moving it
 * or taking it out of the middle is as quick as adding it. Not thread-safe.
 *
 * @param <T> what is ordered
 */
public final class EarliestFirst<T> {

  /** One element's place, in one heap at a time. */
  public static final class Entry<T> {
    private final T value;
    private long key;
    private int index = -1;

    public Entry(T value) {
      this.value = value;
    }

    public boolean isIn() {
      return index >= 0;
    }

    public long key() {
      return key;
    }
  }

  private static final @Nullable Entry<?>[] NOTHING = new Entry<?>[0];
  private static final int FIRST_ROOM = 4;

  private @Nullable Entry<T>[] entries = noEntries();
  private int size;

  public boolean isEmpty() {
    return size == 0;
  }

  /** Returns the element with the smallest number, null if there is none. */
  public @Nullable T first() {
    return size == 0 ? null : at(0).value;
  }

  /** Returns the smallest number, {@link Long#MAX_VALUE} if there is none. */
  public long firstKey() {
    return size == 0 ? Long.MAX_VALUE : at(0).key;
  }

  /** Makes room, so that {@link #put} allocates nothing while there are no more than that. */
  void reserve(int count) {
    if (count > entries.length) {
      entries = Arrays.copyOf(entries, Math.max(count, Math.max(FIRST_ROOM, 2 * entries.length)));
    }
  }

  /** Adds an element or moves it to where {@code key} belongs. */
  public void put(Entry<T> entry, long key) {
    if (entry.index < 0) {
      reserve(size + 1);
      entry.key = key;
      entry.index = size++;
      up(entry);
    } else if (entry.key != key) {
      entry.key = key;
      up(entry);
      down(entry);
    }
  }

  /** Takes an element out; does nothing if it is not in. */
  public void remove(Entry<T> entry) {
    int hole = entry.index;
    if (hole < 0) {
      return;
    }
    entry.index = -1;
    Entry<T> last = at(--size);
    entries[size] = null;
    if (last != entry) {
      last.index = hole;
      entries[hole] = last;
      up(last);
      down(last);
    }
  }

  private void up(Entry<T> entry) {
    int i = entry.index;
    while (i > 0) {
      Entry<T> parent = at((i - 1) >>> 1);
      if (parent.key <= entry.key) {
        break;
      }
      set(i, parent);
      i = (i - 1) >>> 1;
    }
    set(i, entry);
  }

  private void down(Entry<T> entry) {
    int i = entry.index;
    while (true) {
      int child = 2 * i + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && at(child + 1).key < at(child).key) {
        child++;
      }
      if (entry.key <= at(child).key) {
        break;
      }
      set(i, at(child));
      i = child;
    }
    set(i, entry);
  }

  private Entry<T> at(int i) {
    Entry<T> entry = entries[i];
    if (entry == null) {
      throw new IllegalStateException("nothing at " + i + " of " + size);
    }
    return entry;
  }

  private void set(int i, Entry<T> entry) {
    entries[i] = entry;
    entry.index = i;
  }

  /** Returns what all empty heaps share: most are never used. */
  @SuppressWarnings("unchecked")
  private static <T> @Nullable Entry<T>[] noEntries() {
    return (Entry<T>[]) NOTHING;
  }
}
