package io.hostpool.internal.socket;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A bounded pool of buffers. Thread-safe without a lock: each slot is emptied and filled by one
 * atomic exchange. A thread starts at the slot that its id names, so that threads rarely meet.
 */
public final class BufferPool<T> {

  private static final int PROBES = 8;

  /**
   * A buffer is in use while its thread waits for the response, so there are more than processors.
   */
  private static final int LEAST = 64;

  private static final int LEAST_PER_PROCESSOR = 32;

  private final Supplier<T> maker;
  private final AtomicReferenceArray<@Nullable T> slots;
  private final int mask;

  public BufferPool(Supplier<T> maker) {
    this.maker = maker;
    int wanted = Math.max(LEAST, LEAST_PER_PROCESSOR * Runtime.getRuntime().availableProcessors());
    int size = Integer.highestOneBit(wanted - 1) << 1;
    this.slots = new AtomicReferenceArray<>(size);
    this.mask = size - 1;
  }

  /** Returns clean buffers, new ones if the pool has none. */
  public T take() {
    int start = start();
    for (int i = 0; i < PROBES; i++) {
      int slot = (start + i) & mask;
      if (slots.getPlain(slot) != null) {
        T spare = slots.getAndSet(slot, null);
        if (spare != null) {
          return spare;
        }
      }
    }
    return maker.get();
  }

  /** Takes back buffers that are empty, or drops them if there is no room. */
  public void give(T clean) {
    int start = start();
    for (int i = 0; i < PROBES; i++) {
      int slot = (start + i) & mask;
      if (slots.getPlain(slot) == null && slots.compareAndSet(slot, null, clean)) {
        return;
      }
    }
  }

  @SuppressWarnings("deprecation") // threadId() came with Java 19
  private static int start() {
    long id = Thread.currentThread().getId();
    return (int) (id ^ (id >>> 16));
  }
}
