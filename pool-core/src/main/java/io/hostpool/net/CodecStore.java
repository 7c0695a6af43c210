package io.hostpool.net;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Spare codecs, a bounded number. Thread-safe and without a lock: each slot is taken and filled by
 * one atomic exchange. A thread starts at the slot its id names, so that threads rarely meet.
 */
final class CodecStore {

  private static final int PROBES = 8;

  /** A codec is in use while its thread waits for the answer, so there are more than processors. */
  private static final int LEAST = 64;

  private static final int LEAST_PER_PROCESSOR = 32;

  private final WireLimits limits;
  private final AtomicReferenceArray<@Nullable Codec> slots;
  private final int mask;

  CodecStore(WireLimits limits) {
    this.limits = limits;
    int wanted = Math.max(LEAST, LEAST_PER_PROCESSOR * Runtime.getRuntime().availableProcessors());
    int size = Integer.highestOneBit(wanted - 1) << 1;
    this.slots = new AtomicReferenceArray<>(size);
    this.mask = size - 1;
  }

  /** Returns a clean codec, a new one if no spare one is at hand. */
  Codec take() {
    int start = start();
    for (int i = 0; i < PROBES; i++) {
      int slot = (start + i) & mask;
      if (slots.getPlain(slot) != null) {
        Codec codec = slots.getAndSet(slot, null);
        if (codec != null) {
          return codec;
        }
      }
    }
    return new Codec(limits);
  }

  /** Keeps a codec that {@link Codec#reset()} found clean, or drops it if there is no room. */
  void give(Codec codec) {
    int start = start();
    for (int i = 0; i < PROBES; i++) {
      int slot = (start + i) & mask;
      if (slots.getPlain(slot) == null && slots.compareAndSet(slot, null, codec)) {
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
