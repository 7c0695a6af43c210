package io.hostpool.net;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The one background thread of the process: a daemon that starts with the first task and ends when
 * there was none for a while. Thread-safe. Tasks must be short; what they throw is lost.
 */
public final class Background {

  private static final long KEEP_ALIVE_SECONDS = 10;
  private static final ScheduledThreadPoolExecutor EXECUTOR = newExecutor();

  private Background() {}

  /** Runs {@code task} once, {@code nanos} from now, unless it is cancelled before. */
  public static ScheduledFuture<?> schedule(Runnable task, long nanos) {
    return EXECUTOR.schedule(task, nanos, TimeUnit.NANOSECONDS);
  }

  private static ScheduledThreadPoolExecutor newExecutor() {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "hostpool-background");
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
