package io.hostpool.net;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The two background threads of the process: daemons that start with their first task and end when
 * there was none for a while. One keeps time for reads, sends and handshakes, and runs nothing that
 * could be slow; the other does what may call the application, its listeners and its log. Thread-
 * safe. What tasks throw is lost.
 */
public final class Background {

  private static final long KEEP_ALIVE_SECONDS = 10;
  private static final ScheduledThreadPoolExecutor TIMER = newExecutor("hostpool-timer");
  private static final ScheduledThreadPoolExecutor CHORES = newExecutor("hostpool-background");

  private Background() {}

  /** Runs {@code task} once, {@code nanos} from now, unless it is cancelled before. It is quick. */
  static ScheduledFuture<?> schedule(Runnable task, long nanos) {
    return TIMER.schedule(task, nanos, TimeUnit.NANOSECONDS);
  }

  /** Runs {@code task} once, {@code nanos} from now; it may take its time. */
  public static ScheduledFuture<?> scheduleChore(Runnable task, long nanos) {
    return CHORES.schedule(task, nanos, TimeUnit.NANOSECONDS);
  }

  private static ScheduledThreadPoolExecutor newExecutor(String name) {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              // Whichever application came first must not be kept by the thread of all.
              thread.setContextClassLoader(null);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    executor.setKeepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }
}
