package io.hostpool.internal.thread;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** Access to virtual threads by reflection, since Java 17 has none. Thread-safe. */
final class VirtualThreads {

  private final @Nullable MethodHandle isVirtual =
      find(false, "isVirtual", MethodType.methodType(boolean.class));

  private final @Nullable MethodHandle start =
      find(true, "startVirtualThread", MethodType.methodType(Thread.class, Runnable.class));

  /** Starts {@code task} on a virtual thread if the calling thread is one; returns whether. */
  boolean startIfVirtual(Runnable task) {
    if (isVirtual == null || start == null) {
      return false;
    }
    try {
      if (!(boolean) isVirtual.invokeExact(Thread.currentThread())) {
        return false;
      }
      Thread unused = (Thread) start.invokeExact(task);
      return true;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static @Nullable MethodHandle find(boolean isStatic, String name, MethodType type) {
    try {
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      return isStatic
          ? lookup.findStatic(Thread.class, name, type)
          : lookup.findVirtual(Thread.class, name, type);
    } catch (NoSuchMethodException | IllegalAccessException none) {
      return null;
    }
  }
}
