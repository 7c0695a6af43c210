package io.hostpool.internal.thread;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The background threads of the process: daemons that start with their first task and end when
 * there was none for a while. One keeps time for reads, sends and handshakes, and runs nothing that
 * could be slow; one does what may call the application, its listeners and its log; and there are
 * as many that open connections as are being opened at a time for threads that another connection
 * may serve first. Thread-safe. What tasks throw is lost.
 */
public final class Background {

  private static final long KEEP_ALIVE_SECONDS = 10;
  private static final ScheduledThreadPoolExecutor TIMER = newExecutor("hostpool-timer");
  private static final ScheduledThreadPoolExecutor CHORES = newExecutor("hostpool-background");

  /** Made early: a process without file descriptors can load no class. */
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

  /** Runs {@code task} once, {@code nanos} from now, unless it is cancelled before. It is quick. */
  public static ScheduledFuture<?> schedule(Runnable task, long nanos) {
    return TIMER.schedule(task, nanos, TimeUnit.NANOSECONDS);
  }

  /** Runs {@code task} once, {@code nanos} from now; it may take its time. */
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
    // Whichever application came first must not be kept by the thread of all.
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
