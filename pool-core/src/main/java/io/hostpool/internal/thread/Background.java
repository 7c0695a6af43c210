package io.hostpool.internal.thread;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The background threads of the process: daemon threads that start with their first task and end
 * after a while without one. One is the timer of reads, sends and handshakes and runs no slow task;
 * one runs tasks that may call the application, its listeners and its log; and one thread per
 * connection opens connections for threads that another connection may serve first. Thread-safe.
 * Exceptions of tasks are dropped.
 */
public final class Background {

  private static final long KEEP_ALIVE_SECONDS = 10;
  private static final ScheduledThreadPoolExecutor TIMER = newExecutor("hostpool-timer");
  private static final ScheduledThreadPoolExecutor CHORES = newExecutor("hostpool-background");

  /** Created early: a process without file descriptors cannot load a class. */
  private static final VirtualThreads VIRTUAL_THREADS = new VirtualThreads();

  private static final ThreadPoolExecutor DIALS =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          KEEP_ALIVE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          task -> newThread(task, "hostpool-dial"));

  private Background() {}

  /** Runs a quick {@code task} once, {@code nanos} from now, unless it is cancelled before. */
  public static ScheduledFuture<?> schedule(Runnable task, long nanos) {
    return TIMER.schedule(task, nanos, TimeUnit.NANOSECONDS);
  }

  /** Runs {@code task}, which may be slow, once, {@code nanos} from now. */
  public static ScheduledFuture<?> scheduleChore(Runnable task, long nanos) {
    return CHORES.schedule(task, nanos, TimeUnit.NANOSECONDS);
  }

  /**
   * Runs {@code task}, which opens a connection, at once: on a virtual thread where the calling
   * thread is one, else on a thread of its own.
   */
  public static void dial(Runnable task) {
    if (!VIRTUAL_THREADS.startIfVirtual(task)) {
      DIALS.execute(task);
    }
  }

  private static Thread newThread(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    // A thread that all applications share must not keep the class loader of the first.
    thread.setContextClassLoader(null);
    return thread;
  }

  private static ScheduledThreadPoolExecutor newExecutor(String name) {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(1, task -> newThread(task, name));
    executor.setRemoveOnCancelPolicy(true);
    executor.setKeepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }
}
