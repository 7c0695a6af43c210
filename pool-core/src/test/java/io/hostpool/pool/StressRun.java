package io.hostpool.pool;

import io.hostpool.error.ClosedPoolException;
import io.hostpool.error.EmptyPoolException;
import io.hostpool.error.HttpException;
import io.hostpool.error.RequestInterruptedException;
import io.hostpool.http.RequestBody;
import io.hostpool.http.Response;
import io.hostpool.internal.lease.ConnectionLease;
import io.hostpool.internal.lease.ConnectionLimit;
import io.hostpool.internal.time.Deadline;
import io.hostpool.policy.Retry;
import io.hostpool.policy.WhenExhausted;
import io.hostpool.stats.PoolListener;
import io.hostpool.stats.PoolState;
import io.hostpool.stats.PoolStats;
import io.hostpool.stats.PoolView;
import io.hostpool.testkit.Eventually;
import io.hostpool.testkit.Exchange;
import io.hostpool.testkit.LeakCheck;
import io.hostpool.testkit.LoopbackServer;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many threads, few connections, two hosts and servers that misbehave, over real sockets. Every
 * answer carries the id of its request, so an answer to the wrong caller is seen.
 *
 * <p>As a program, for virtual threads whose scheduler is set when the JVM starts: {@code StressRun
 * virtual|platform threads requests seed}.
 */
final class StressRun {

  private static final int HOSTS = 2;
  private static final int MAXSIZE = 4;

  /** Four settings in each mode. */
  private static final int ROUNDS = 12;

  /** So long that no thread waits for it, whatever else the machine does. */
  private static final Duration POOL_TIMEOUT = Duration.ofMinutes(5);

  private final int threads;
  private final long requests;
  private final long seed;
  private final boolean virtual;

  private final AtomicLong ids = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong interrupted = new AtomicLong();

  StressRun(boolean virtual, int threads, long requests, long seed) {
    this.virtual = virtual;
    this.threads = threads;
    this.requests = requests;
    this.seed = seed;
  }

  public static void main(String[] args) throws Exception {
    boolean virtual = args[0].equals("virtual");
    int threads = Integer.parseInt(args[1]);
    long seed = Long.parseLong(args[3]);
    Set<String> before = LeakCheck.sockets();
    System.out.println(new StressRun(virtual, threads, Long.parseLong(args[2]), seed).run());
    Eventually.until("no socket is left", () -> before.containsAll(LeakCheck.sockets()));
  }

  /**
   * Runs all of it.
   *
   * @return what happened, for the log
   * @throws AssertionError naming the seed if an answer was mixed up or a permit lost
   */
  String run() throws Exception {
    List<LoopbackServer> servers = new ArrayList<>();
    for (int i = 1; i <= HOSTS; i++) {
      servers.add(LoopbackServer.builder(this::answer).host("127.0.0." + i).start());
    }
    try {
      for (WhenExhausted mode : WhenExhausted.values()) {
        round(servers, mode, PoolManager.builder().numPools(HOSTS));
        round(servers, mode, PoolManager.builder().numPools(1));
        round(servers, mode, PoolManager.builder().numPools(HOSTS).maxConnections(MAXSIZE + 1));
        round(servers, mode, PoolManager.builder().numPools(1).maxConnections(MAXSIZE + 1));
      }
      for (LoopbackServer server : servers) {
        if (!server.failures().isEmpty()) {
          throw new AssertionError("the server failed", server.failures().get(0));
        }
      }
    } catch (AssertionError | ExceptionInThread e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    } finally {
      servers.forEach(LoopbackServer::close);
    }
    return answered + " answered, " + failed + " failed, " + interrupted + " interrupted";
  }

  private void round(List<LoopbackServer> servers, WhenExhausted mode, PoolManager.Builder settings)
      throws Exception {
    ExecutorService executor = newExecutor();
    AllPools all = new AllPools();
    try (PoolManager manager =
        settings
            .maxsize(MAXSIZE)
            .whenExhausted(mode)
            .poolTimeout(POOL_TIMEOUT)
            .retries(Retry.of(5))
            .listener(all)
            .build()) {
      List<Future<?>> workers = new ArrayList<>();
      long each = Math.max(1, requests / threads / ROUNDS);
      long answeredBefore = answered.get();
      for (int i = 0; i < threads; i++) {
        SplittableRandom random = new SplittableRandom(seed + i);
        workers.add(executor.submit(() -> work(manager, mode, servers, random, each)));
      }
      for (Future<?> worker : workers) {
        try {
          worker.get();
        } catch (java.util.concurrent.ExecutionException e) {
          throw new ExceptionInThread(e.getCause());
        }
      }
      requireAnswers(mode, answered.get() - answeredBefore, threads * each);
      all.requireQuiet();
      requireNothingLost(manager, servers, mode);
    } finally {
      executor.shutdownNow();
    }
  }

  /** Every pool of a round, those that were evicted too. */
  private static final class AllPools implements PoolListener {
    private final Queue<PoolView> pools = new ConcurrentLinkedQueue<>();

    @Override
    public void poolCreated(PoolView pool) {
      pools.add(pool);
    }

    /** Everything is back, evicted pools keep nothing, and the limit counts what is open. */
    void requireQuiet() {
      int idle = 0;
      for (PoolView pool : pools) {
        // A connection that no thread needs any more may still be being opened.
        Eventually.until("nothing is being opened", () -> pool.stats().dialing() == 0);
        PoolStats stats = pool.stats();
        int most = stats.state() == PoolState.OPEN ? MAXSIZE : 0;
        boolean isQuiet = stats.leased() + stats.pending() == 0 && stats.idle() <= most;
        if (!isQuiet || stats.opened() - stats.closed() != stats.idle()) {
          throw new AssertionError("not everything came back: " + stats);
        }
        idle += stats.idle();
      }
      ConnectionLimit limit =
          ((HttpConnectionPool) Objects.requireNonNull(pools.peek())).store().limit();
      if (limit.isShared()) {
        // A connection is booked as closed before it is, and its slot free after.
        int open = idle;
        Eventually.until("slots are taken by " + idle + " idle", () -> limit.taken() == open);
      }
    }
  }

  /** An exception of a worker, told apart from one of this thread. */
  private static final class ExceptionInThread extends RuntimeException {
    ExceptionInThread(Throwable cause) {
      super(cause.toString(), cause);
    }
  }

  private ExecutorService newExecutor() throws ReflectiveOperationException {
    if (!virtual) {
      return Executors.newFixedThreadPool(threads);
    }
    try {
      // Java 21; the tests are compiled for 17.
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /**
   * About one in twenty is interrupted or cut off for good. A pool that fails when exhausted turns
   * many away, but never all: whoever holds a connection is answered.
   */
  private static void requireAnswers(WhenExhausted mode, long answers, long asked) {
    long least = mode == WhenExhausted.FAIL ? 1 : asked / 2;
    if (answers < least) {
      throw new AssertionError(answers + " of " + asked + " answered in mode " + mode);
    }
  }

  private Void work(
      PoolManager manager,
      WhenExhausted mode,
      List<LoopbackServer> servers,
      SplittableRandom random,
      long count)
      throws Exception {
    for (long i = 0; i < count; i++) {
      String id = "id" + ids.incrementAndGet();
      LoopbackServer server = servers.get(random.nextInt(HOSTS));
      boolean interrupts = random.nextInt(50) == 0;
      if (interrupts) {
        Thread.currentThread().interrupt();
      }
      try {
        call(manager, server, id, random);
        answered.incrementAndGet();
      } catch (RequestInterruptedException e) {
        interrupted.incrementAndGet();
      } catch (ClosedPoolException e) {
        throw new AssertionError("an open manager has no closed pool", e);
      } catch (HttpException e) {
        if (mode != WhenExhausted.FAIL && isOfAnEmptyPool(e)) {
          throw new AssertionError("no connection in " + POOL_TIMEOUT + ", in mode " + mode, e);
        }
        failed.incrementAndGet();
      } finally {
        Thread.interrupted();
      }
    }
    return null;
  }

  /** Also if it was the last of several attempts. */
  private static boolean isOfAnEmptyPool(HttpException e) {
    return e instanceof EmptyPoolException || e.getCause() instanceof EmptyPoolException;
  }

  private static void call(
      PoolManager manager, LoopbackServer server, String id, SplittableRandom random)
      throws HttpException {
    String url = server.url("/" + id);
    switch (random.nextInt(4)) {
      case 0 -> require(id, manager.request("POST", url, r -> r.body(RequestBody.of(id))).text());
      case 1 -> {
        try (Response response = manager.request("GET", url, r -> r.stream(true))) {
          require(id, response.text());
        }
      }
      case 2 -> {
        // Left after the first bytes.
        try (Response response = manager.request("GET", url, r -> r.stream(true))) {
          require(id, firstLine(response.body()) + "\n");
        }
      }
      default -> require(id, manager.request("GET", url).text());
    }
  }

  private static String firstLine(InputStream body) throws HttpException {
    StringBuilder line = new StringBuilder();
    try {
      for (int b = body.read(); b >= 0 && b != '\n'; b = body.read()) {
        line.append((char) b);
      }
    } catch (HttpException e) {
      throw e;
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
    return line.toString();
  }

  private static void require(String id, String body) {
    if (!body.startsWith(id + "\n")) {
      String got = body.substring(0, Math.min(20, body.length()));
      throw new AssertionError("asked for " + id + " and got the answer to " + got);
    }
  }

  /** Every permit can be had at once. */
  private static void requireNothingLost(
      PoolManager manager, List<LoopbackServer> servers, WhenExhausted mode) throws Exception {
    HttpConnectionPool pool = manager.connectionFromUrl(servers.get(0).url("/"));
    pool.configure(
        pool.capacity().withPoolTimeout(Duration.ZERO).withWhenExhausted(WhenExhausted.BLOCK));
    List<ConnectionLease> all = new ArrayList<>();
    for (int i = 0; i < MAXSIZE; i++) {
      all.add(pool.source().lease(Duration.ofSeconds(5).toNanos(), Deadline.none()));
    }
    all.forEach(ConnectionLease::bodyFailed);
    if (pool.stats().leased() != 0) {
      throw new AssertionError("in mode " + mode + " a permit was lost: " + pool.stats());
    }
  }

  /** Mostly well behaved. */
  private void answer(Exchange exchange) throws Exception {
    String id = exchange.target().substring(1);
    String body = id + "\n" + "x".repeat(ThreadLocalRandom.current().nextInt(3000));
    switch (ThreadLocalRandom.current().nextInt(20)) {
      case 0 -> exchange.respond(200, body, "Connection: close").closeConnection();
      case 1 -> exchange.fin();
      case 2 -> exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n" + body).reset();
      case 3 ->
          exchange.send(
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                  + Integer.toHexString(body.length())
                  + "\r\n"
                  + body
                  + "\r\n0\r\n\r\n");
      case 4 -> {
        // An answer too many, in the same packet.
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        exchange.send(answer + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nstray\n");
      }
      case 5 -> {
        exchange.respond(200, body);
        exchange.fin();
      }
      default -> exchange.respond(200, body);
    }
  }
}
