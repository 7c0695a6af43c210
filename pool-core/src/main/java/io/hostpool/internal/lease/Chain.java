package io.hostpool.internal.lease;

import org.jspecify.annotations.Nullable;

/**
 * A list in order of arrival whose elements bring their own links, so that adding, taking either
 * end and leaving from the middle each take the same short time and allocate nothing. Not
 * thread-safe.
 *
 * <p>The newest element that is taken and comes back, as the connection of a busy pool does,
 * changes one reference each time: its links stay as they are, and what lies beyond an end of the
 * chain is never followed. {@link #forget} drops them once an element does not come back.
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
    Link<T> end = oldest;
    if (end == null) {
      return null;
    }
    remove(end);
    return end.value;
  }

  @Nullable T pollNewest() {
    Link<T> end = newest;
    if (end == null) {
      return null;
    }
    newest = older(end);
    if (newest == null) {
      oldest = null;
    }
    end.linked = false;
    size--;
    return end.value;
  }

  /** Returns the element that arrived after a listed one, null if that is the newest. */
  @Nullable Link<T> newer(Link<T> link) {
    return link == newest ? null : link.newer;
  }

  /** Returns the element that arrived before a listed one, null if that is the oldest. */
  @Nullable Link<T> older(Link<T> link) {
    return link == oldest ? null : link.older;
  }

  /** Adds an element as the newest. It must not be in any chain. */
  void add(Link<T> link) {
    Link<T> before = newest;
    if (before == null) {
      oldest = link;
    } else {
      if (link.older != before) {
        link.older = before;
      }
      if (before.newer != link) {
        before.newer = link;
      }
    }
    newest = link;
    link.linked = true;
    size++;
  }

  /** Takes an element out; does nothing if it is in no chain. */
  void remove(Link<T> link) {
    if (!link.linked) {
      return;
    }
    Link<T> before = older(link);
    Link<T> after = newer(link);
    if (before == null) {
      oldest = after;
    } else {
      before.newer = after;
    }
    if (after == null) {
      newest = before;
    } else {
      after.older = before;
    }
    link.older = null;
    link.newer = null;
    link.linked = false;
    size--;
  }

  /** Drops what is left of the place of an element that was taken and does not come back. */
  void forget(Link<T> taken) {
    if (newest != null && newest.newer == taken) {
      newest.newer = null;
    }
    taken.older = null;
    taken.newer = null;
  }
}
