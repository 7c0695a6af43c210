package io.hostpool.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** What this process has used so far. Not instantiable. */
final class Meter {

  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final @Nullable Method TOTAL_ALLOCATED = totalAllocated();

  private Meter() {}

  /** Returns the processor time of this process in nanoseconds, all threads and the GC included. */
  static long cpuNanos() {
    return SYSTEM.getProcessCpuTime();
  }

  /** Returns the bytes that all threads have allocated; before JDK 21, the living ones alone. */
  static long allocatedBytes() {
    if (TOTAL_ALLOCATED != null) {
      try {
        return (long) TOTAL_ALLOCATED.invoke(THREADS);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
    long sum = 0;
    for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
      sum += Math.max(0, bytes);
    }
    return sum;
  }

  /** Returns the bytes that are in use on the heap once the garbage is gone. */
  static long liveHeapBytes() throws InterruptedException {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      Thread.sleep(100);
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  private static @Nullable Method totalAllocated() {
    try {
      return ThreadMXBean.class.getMethod("getTotalThreadAllocatedBytes");
    } catch (NoSuchMethodException beforeJdk21) {
      return null;
    }
  }
}
