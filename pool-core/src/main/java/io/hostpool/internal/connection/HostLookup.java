package io.hostpool.internal.connection;

import io.hostpool.internal.time.Durations;
import io.hostpool.net.Resolver;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.core5.net.InetAddressUtils;

/**
 * Bounds how long a resolver is waited for. The JVM's own cannot be interrupted, takes as long as
 * its name servers do, and holds the carrier of a virtual thread meanwhile: so it runs on a daemon
 * thread, which is left behind when the time is over. A request for the same host meanwhile waits
 * for the same answer, so that an outage of the name servers costs one thread per host. Not
 * instantiable.
 */
final class HostLookup {

  private static final long KEEP_ALIVE_SECONDS = 5;
  private static final ExecutorService THREADS = newThreads();
  private static final ConcurrentMap<Question, FutureTask<List<InetAddress>>> UNDER_WAY =
      new ConcurrentHashMap<>();

  /** Two are the same if one answer does for both. */
  private record Question(Resolver resolver, String host) {}

  private HostLookup() {}

  /**
   * Returns the addresses of {@code host}; of an address, itself, without asking.
   *
   * @throws UnknownHostException if there are none
   * @throws TimeoutException if the resolver has not answered within {@code nanos}
   */
  static List<InetAddress> resolve(Resolver resolver, String host, long nanos)
      throws UnknownHostException, TimeoutException, InterruptedException {
    if (InetAddressUtils.isIPv4(host) || host.indexOf(':') >= 0) {
      return List.of(InetAddress.getByName(host));
    }
    Future<List<InetAddress>> answer = lookUp(new Question(resolver, host));
    try {
      return nanos == Durations.NO_LIMIT ? answer.get() : answer.get(nanos, TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownHostException unknown) {
        throw unknown;
      }
      UnknownHostException failed = new UnknownHostException(host + ": the resolver failed");
      failed.initCause(e.getCause());
      throw failed;
    }
  }

  /** Returns the look-up that is under way, or starts one. */
  private static Future<List<InetAddress>> lookUp(Question question) {
    FutureTask<List<InetAddress>> mine =
        new FutureTask<>(
            () -> {
              try {
                return question.resolver.resolve(question.host);
              } finally {
                UNDER_WAY.remove(question);
              }
            });
    FutureTask<List<InetAddress>> others = UNDER_WAY.putIfAbsent(question, mine);
    if (others != null) {
      return others;
    }
    boolean started = false;
    try {
      THREADS.execute(mine);
      started = true;
    } finally {
      if (!started) {
        UNDER_WAY.remove(question, mine);
      }
    }
    return mine;
  }

  private static ExecutorService newThreads() {
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        KEEP_ALIVE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        task -> {
          Thread thread = new Thread(task, "hostpool-lookup");
          thread.setDaemon(true);
          thread.setContextClassLoader(null);
          return thread;
        });
  }
}
