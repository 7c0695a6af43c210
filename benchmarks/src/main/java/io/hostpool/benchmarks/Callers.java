package io.hostpool.benchmarks;

import java.lang.reflect.Method;
import java.util.concurrent.ThreadFactory;

/** Threads that call. Not instantiable. */
final class Callers {

  private Callers() {}

  static boolean hasVirtual() {
    return Runtime.version().feature() >= 21;
  }

  /** Returns a factory of platform threads, or of virtual ones (from JDK 21). */
  static ThreadFactory factory(boolean virtual) {
    if (!virtual) {
      return task -> {
        Thread thread = new Thread(null, task, "caller", 256 * 1024);
        thread.setDaemon(true);
        return thread;
      };
    }
    try {
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      Method factory = Class.forName("java.lang.Thread$Builder").getMethod("factory");
      return (ThreadFactory) factory.invoke(builder);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no virtual threads before JDK 21", e);
    }
  }
}
