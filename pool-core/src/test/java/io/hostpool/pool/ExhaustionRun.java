package io.hostpool.pool;

import io.hostpool.http.Response;
import io.hostpool.internal.socket.Liveness;
import io.hostpool.policy.Retry;
import io.hostpool.stats.PoolStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Runs out of stack, or of memory, at every place of a request that it can hit, in a JVM of its
 * own; then the books must be as if nothing had happened. The connections are fakes: what fails is
 * the pool.
 */
public final class ExhaustionRun {

  private static final int ROUNDS = 40_000;

  /** On so many frames above the end of the stack a request is made. */
  private static final int FRAMES = 400;

  private final FakeConnectionFactory factory = new FakeConnectionFactory();
  private final HttpConnectionPool pool;
  private final SplittableRandom random = new SplittableRandom(1);
  private int failures;
  private int answers;

  private ExhaustionRun() {
    HttpConnectionPool.Builder<?> builder =
        HttpConnectionPool.builder("host")
            .maxsize(2)
            .block(true)
            .poolTimeout(Duration.ofSeconds(10))
            .retries(Retry.of(1));
    builder.connectionFactory(endpoint -> factory);
    factory.withBody = true;
    pool = builder.build();
  }

  public static void main(String[] args) throws Exception {
    ExhaustionRun run = new ExhaustionRun();
    run.call();
    Runnable body = args[0].equals("stack") ? run::exhaustStack : run::exhaustMemory;
    Thread thread = new Thread(null, body, "exhausted", 512 * 1024);
    thread.start();
    thread.join();
    run.requireRightBooks();
    System.out.println(
        args[0]
            + ": "
            + run.failures
            + " failed, "
            + run.answers
            + " answered; the books are right");
  }

  /** One request that opens a connection, one that reuses it, one that meets a dead one. */
  private void call() {
    try {
      try (Response streamed = pool.urlopen("GET", "/", r -> r.stream(true))) {
        pool.urlopen("GET", "/");
        answers += streamed.status() == 200 ? 1 : 0;
      }
      if (random.nextInt(4) == 0) {
        factory.open().forEach(connection -> connection.liveness = Liveness.CLOSED);
      }
    } catch (java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void exhaustStack() {
    for (int i = 0; i < ROUNDS / FRAMES; i++) {
      descend();
    }
  }

  /** Goes down to the end of the stack, and makes requests on the way back. */
  private int descend() {
    int above = 0;
    try {
      above = descend();
    } catch (StackOverflowError e) {
      failures++;
    }
    if (above < FRAMES) {
      try {
        call();
      } catch (StackOverflowError e) {
        failures++;
      }
    }
    return above + 1;
  }

  private void exhaustMemory() {
    for (int i = 0; i < ROUNDS / 1000; i++) {
      List<byte[]> hoard = hoard();
      int free = random.nextInt(40);
      while (free-- > 0 && !hoard.isEmpty()) {
        hoard.remove(hoard.size() - 1);
      }
      try {
        for (int j = 0; j < 50; j++) {
          call();
        }
      } catch (OutOfMemoryError e) {
        hoard.clear();
        failures++;
      }
    }
  }

  /** Takes all memory, down to the last bytes. */
  private static List<byte[]> hoard() {
    List<byte[]> hoard = new ArrayList<>(10_000_000 / 64);
    for (int size = 1 << 20; size >= 16; size /= 2) {
      try {
        while (true) {
          hoard.add(new byte[size]);
        }
      } catch (OutOfMemoryError e) {
        // Then smaller pieces.
      }
    }
    return hoard;
  }

  private void requireRightBooks() throws Exception {
    long start = System.nanoTime();
    while (!isRight() && System.nanoTime() - start < 20_000_000_000L) {
      // A response whose close ran out of stack comes back when it is collected.
      System.gc();
      Thread.sleep(50);
    }
    PoolStats stats = pool.stats();
    if (!isRight() || failures == 0 || answers == 0) {
      throw new AssertionError(
          failures + " failed, " + answers + " answered, open " + factory.open() + ", " + stats);
    }
    if (pool.urlopen("GET", "/").status() != 200) {
      throw new AssertionError("no answer afterwards");
    }
    pool.close();
  }

  private boolean isRight() {
    PoolStats stats = pool.stats();
    return stats.leased() + stats.dialing() + stats.pending() == 0
        && stats.opened() - stats.closed() == stats.idle()
        && factory.open().size() == stats.idle();
  }
}
