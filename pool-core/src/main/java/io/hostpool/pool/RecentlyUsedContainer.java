package io.hostpool.pool;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A map of bounded size that evicts the least recently used value. Thread-safe. urllib3: {@code
 * RecentlyUsedContainer}.
 *
 * <p>A value that leaves, evicted, replaced, removed or cleared, is given to {@code dispose}
 * exactly once, by the thread whose call made it leave and after the lock was left, so that
 * disposing may take long. What {@code dispose} throws comes out of that call, when all values were
 * disposed of.
 *
 * <p>Finding a value takes no lock. That it was used is noted at once if the lock is free, else in
 * a queue that the next holder of the lock empties before it decides anything: an eviction sees
 * every use that was over before it began. The queue is short; a thread that finds it full waits
 * for the lock, so that no thread is kept emptying it while others fill it.
 *
 * @param <K> keys with value equality
 * @param <V> values, compared by identity
 */
public final class RecentlyUsedContainer<K, V> {

  /** The most uses in the queue. */
  static final int MAX_NOTED = 256;

  private final int maxsize;
  private final Consumer<? super V> dispose;
  private final ConcurrentHashMap<K, Node<K, V>> nodes = new ConcurrentHashMap<>();
  private final Queue<Node<K, V>> uses = new ConcurrentLinkedQueue<>();
  private final AtomicInteger noted = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();

  /**
   * Both ends of a ring: {@code next} is the least recently used, {@code previous} the most
   * recently used.
   */
  @GuardedBy("lock")
  private final Node<K, V> ring = new Node<>(null, null);

  /** The latest, so that using it again costs nothing while no other use waits to be noted. */
  private volatile @Nullable Node<K, V> latest;

  private static final class Node<K, V> {
    final @Nullable K key;
    final @Nullable V value;
    // Guarded by the container's lock until it has left; then the thread that took it out chains
    // what it disposes of by next.
    @Nullable Node<K, V> previous;
    @Nullable Node<K, V> next;
    boolean gone;

    Node(@Nullable K key, @Nullable V value) {
      this.key = key;
      this.value = value;
    }
  }

  /**
   * Makes an empty container.
   *
   * @param maxsize how many values are kept; with 0 each leaves as soon as it came
   * @param dispose is given each value that leaves
   * @throws IllegalArgumentException if {@code maxsize} is negative
   */
  public RecentlyUsedContainer(int maxsize, Consumer<? super V> dispose) {
    if (maxsize < 0) {
      throw new IllegalArgumentException("maxsize must be 0 or more: " + maxsize);
    }
    this.maxsize = maxsize;
    this.dispose = Objects.requireNonNull(dispose, "dispose");
    this.ring.previous = ring;
    this.ring.next = ring;
  }

  /** Returns the value of {@code key} and makes it the latest; null if there is none. */
  public @Nullable V get(K key) {
    Node<K, V> node = nodes.get(key);
    if (node == null) {
      return null;
    }
    touch(node);
    return node.value;
  }

  /**
   * Returns the value of {@code key}, made by {@code factory} if there is none, and makes it the
   * latest. Threads that ask at the same time get the same value.
   *
   * @param factory called under the lock: it must be quick and must not use this container
   */
  public V getOrPut(K key, Function<? super K, ? extends V> factory) {
    V found = get(key);
    if (found != null) {
      return found;
    }
    Node<K, V> gone;
    V value;
    lock.lock();
    try {
      noteUses();
      Node<K, V> node = nodes.get(key);
      if (node != null) {
        moveToEnd(node);
        return Objects.requireNonNull(node.value);
      }
      value = Objects.requireNonNull(factory.apply(key), "factory made null");
      gone = insert(key, value);
    } finally {
      lock.unlock();
    }
    disposeOf(gone, dispose);
    return value;
  }

  /** Sets the value of {@code key} and makes it the latest; a value it replaces is disposed of. */
  public void put(K key, V value) {
    Objects.requireNonNull(value, "value");
    Node<K, V> old;
    Node<K, V> gone;
    lock.lock();
    try {
      noteUses();
      old = nodes.get(key);
      if (old != null) {
        unlink(old);
      }
      gone = insert(key, value);
    } finally {
      lock.unlock();
    }
    if (old == null) {
      disposeOf(gone, dispose);
    } else {
      old.next = gone;
      disposeOf(old, dispose);
    }
  }

  /** Removes and disposes of the value of {@code key}; returns whether there was one. */
  public boolean remove(K key) {
    Node<K, V> gone = removeIf(key, null);
    disposeOf(gone, dispose);
    return gone != null;
  }

  /** Removes and disposes of {@code value} if it is the value of {@code key}; else does nothing. */
  public boolean remove(K key, V value) {
    Node<K, V> gone = removeIf(key, Objects.requireNonNull(value, "value"));
    disposeOf(gone, dispose);
    return gone != null;
  }

  /** Removes as {@link #remove(Object, Object)} does, without disposing of the value. */
  boolean removeUndisposed(K key, V value) {
    return removeIf(key, value) != null;
  }

  private @Nullable Node<K, V> removeIf(K key, @Nullable V expected) {
    lock.lock();
    try {
      Node<K, V> node = nodes.get(key);
      if (node == null || (expected != null && node.value != expected)) {
        return null;
      }
      unlink(node);
      return node;
    } finally {
      lock.unlock();
    }
  }

  /** Removes and disposes of all values. */
  public void clear() {
    removeAll(dispose);
  }

  /**
   * Removes all values and gives each to {@code consumer}, as {@link #clear()} disposes of them.
   */
  void removeAll(Consumer<? super V> consumer) {
    Node<K, V> first = null;
    Node<K, V> last = null;
    lock.lock();
    try {
      for (Node<K, V> node = oldest(); node != null; node = oldest()) {
        unlink(node);
        if (last == null) {
          first = node;
        } else {
          last.next = node;
        }
        last = node;
      }
    } finally {
      lock.unlock();
    }
    disposeOf(first, consumer);
  }

  /** Returns the value of {@code key}, null if there is none. Does not count as a use. */
  @Nullable V peek(K key) {
    Node<K, V> node = nodes.get(key);
    return node == null ? null : node.value;
  }

  /** Returns the number of values at this moment. */
  public int size() {
    return nodes.size();
  }

  /** Returns the keys of this moment, a copy. */
  public Set<K> keys() {
    return Set.copyOf(nodes.keySet());
  }

  /** Returns the values of this moment, a copy, in no order. Does not count as a use. */
  public List<V> values() {
    List<V> values = new ArrayList<>();
    for (Node<K, V> node : nodes.values()) {
      values.add(Objects.requireNonNull(node.value));
    }
    return values;
  }

  private void touch(Node<K, V> node) {
    if (node == latest && noted.get() == 0) {
      return;
    }
    if (!lock.tryLock()) {
      if (noted.incrementAndGet() <= MAX_NOTED) {
        uses.add(node);
        return;
      }
      noted.decrementAndGet();
      lock.lock();
    }
    try {
      noteUses();
      moveToEnd(node);
    } finally {
      lock.unlock();
    }
  }

  /** Empties the queue of what it holds now, not of what others go on to put there. */
  @GuardedBy("lock")
  private void noteUses() {
    for (int left = noted.get(); left > 0; left--) {
      Node<K, V> used = uses.poll();
      if (used == null) {
        return;
      }
      noted.decrementAndGet();
      moveToEnd(used);
    }
  }

  /** Returns how many uses wait for the next holder of the lock. */
  int notedUses() {
    return uses.size();
  }

  /** Puts a value in as the latest; returns the node that had to leave for it, null if none. */
  @GuardedBy("lock")
  private @Nullable Node<K, V> insert(K key, V value) {
    Node<K, V> node = new Node<>(key, value);
    nodes.put(key, node);
    append(node);
    if (nodes.size() <= maxsize) {
      return null;
    }
    Node<K, V> gone = Objects.requireNonNull(oldest());
    unlink(gone);
    return gone;
  }

  /** Makes a node the latest, unless it has left meanwhile. */
  @GuardedBy("lock")
  private void moveToEnd(Node<K, V> node) {
    if (!node.gone && node != latest) {
      cut(node);
      append(node);
    }
  }

  @GuardedBy("lock")
  private void append(Node<K, V> node) {
    Node<K, V> last = Objects.requireNonNull(ring.previous);
    node.previous = last;
    node.next = ring;
    last.next = node;
    ring.previous = node;
    latest = node;
  }

  @GuardedBy("lock")
  private void cut(Node<K, V> node) {
    Node<K, V> before = Objects.requireNonNull(node.previous);
    Node<K, V> after = Objects.requireNonNull(node.next);
    before.next = after;
    after.previous = before;
    node.previous = null;
    node.next = null;
  }

  /** Takes a node out; its links are free then, and it is in no use any more. */
  @GuardedBy("lock")
  private void unlink(Node<K, V> node) {
    nodes.remove(Objects.requireNonNull(node.key));
    cut(node);
    node.gone = true;
    if (latest == node) {
      Node<K, V> last = ring.previous;
      latest = last == ring ? null : last;
    }
  }

  @GuardedBy("lock")
  private @Nullable Node<K, V> oldest() {
    Node<K, V> first = ring.next;
    return first == ring ? null : first;
  }

  /** Gives every value to {@code consumer} even if one throws, then throws the first failure. */
  private static <K, V> void disposeOf(@Nullable Node<K, V> first, Consumer<? super V> consumer) {
    Throwable failure = null;
    for (Node<K, V> node = first; node != null; node = node.next) {
      try {
        consumer.accept(Objects.requireNonNull(node.value));
      } catch (RuntimeException | Error e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure != null) {
      throw (RuntimeException) failure;
    }
  }
}
