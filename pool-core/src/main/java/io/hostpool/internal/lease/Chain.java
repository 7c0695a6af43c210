package io.hostpool.internal.lease;

import org.jspecify.annotations.Nullable;

/**
 * A list in order of arrival whose elements bring their own links, so that adding, taking either
 * end and leaving from the middle each take the same short time and allocate nothing. Not
 * thread-safe.
 *
 * @param <T> what is listed
 */
public final class Chain<T> {

  /** One element's place, in one chain at a time. */
  public static final class Link<T> {
    private final T value;
    private @Nullable Link<T> older;
    private @Nullable Link<T> newer;
    private boolean linked;

    Link(T value) {
      this.value = value;
    }

    public T value() {
      return value;
    }

    boolean isLinked() {
      return linked;
    }

    /** Returns the element that arrived next, null if this one is the newest. */
    @Nullable Link<T> newer() {
      return newer;
    }

    /** Returns the element that arrived before, null if this one is the oldest. */
    @Nullable Link<T> older() {
      return older;
    }
  }

  private @Nullable Link<T> oldest;
  private @Nullable Link<T> newest;
  private int size;

  public boolean isEmpty() {
    return oldest == null;
  }

  public int size() {
    return size;
  }

  @Nullable Link<T> oldestLink() {
    return oldest;
  }

  public @Nullable Link<T> newestLink() {
    return newest;
  }

  public @Nullable T oldest() {
    return oldest == null ? null : oldest.value;
  }

  public @Nullable T pollOldest() {
    return poll(oldest);
  }

  @Nullable T pollNewest() {
    return poll(newest);
  }

  private @Nullable T poll(@Nullable Link<T> end) {
    if (end == null) {
      return null;
    }
    remove(end);
    return end.value;
  }

  /** Adds an element as the newest. It must not be in any chain. */
  void add(Link<T> link) {
    link.linked = true;
    link.older = newest;
    if (newest == null) {
      oldest = link;
    } else {
      newest.newer = link;
    }
    newest = link;
    size++;
  }

  /** Takes an element out; does nothing if it is in no chain. */
  void remove(Link<T> link) {
    if (!link.linked) {
      return;
    }
    if (link.older == null) {
      oldest = link.newer;
    } else {
      link.older.newer = link.newer;
    }
    if (link.newer == null) {
      newest = link.older;
    } else {
      link.newer.older = link.older;
    }
    link.older = null;
    link.newer = null;
    link.linked = false;
    size--;
  }
}
