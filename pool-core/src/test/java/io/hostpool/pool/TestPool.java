package io.hostpool.pool;

import io.hostpool.error.HttpException;
import io.hostpool.policy.Deadline;
import io.hostpool.policy.FakeTicker;
import io.hostpool.testkit.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A pool over fake connections and a clock that stands still, and threads that use it. */
final class TestPool implements AutoCloseable {

  final FakeTicker ticker = new FakeTicker();
  final FakeConnectionFactory factory = new FakeConnectionFactory();
  final HttpConnectionPool pool;
  private final List<Thread> threads = new ArrayList<>();

  TestPool(Consumer<PoolBuilder<?>> settings) {
    HttpConnectionPool.Builder<?> builder = HttpConnectionPool.builder("host");
    builder.ticker(ticker);
    builder.connectionFactory(endpoint -> factory);
    settings.accept(builder);
    pool = builder.build();
  }

  static TestPool blocking(int maxsize) {
    return new TestPool(builder -> builder.maxsize(maxsize).block(true));
  }

  static TestPool overflowing(int maxsize) {
    return new TestPool(builder -> builder.maxsize(maxsize));
  }

  ConnectionLease lease() throws HttpException {
    return pool.source().lease(1, Deadline.none());
  }

  /** Leases in a thread of its own. */
  Call<ConnectionLease> leaseInThread() {
    return inThread(this::lease);
  }

  /** Leases in a thread of its own, which stands in the queue when this returns. */
  Call<ConnectionLease> leaseInQueue() {
    int before = stats().pending();
    Call<ConnectionLease> call = leaseInThread();
    awaitPending(before + 1);
    return call;
  }

  void awaitPending(int count) {
    Eventually.until(count + " threads wait", () -> stats().pending() == count);
  }

  PoolStats stats() {
    return pool.stats();
  }

  /** Moves the clock, sweeps, and returns how many connections are still idle. */
  int sweepIdleAfter(Duration time) {
    ticker.advance(time);
    pool.store().sweep();
    return stats().idle();
  }

  static FakeConnection fake(ConnectionLease lease) {
    return (FakeConnection) lease.connection();
  }

  <T> Call<T> inThread(Callable<T> body) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(body.call());
              } catch (Exception e) {
                result.completeExceptionally(e);
              }
            },
            "testkit-pool-user");
    threads.add(thread);
    thread.start();
    return new Call<>(thread, result);
  }

  /** A call in a thread of its own. */
  record Call<T>(Thread thread, CompletableFuture<T> result) {

    /** Returns what the call returned, or throws what it threw. */
    T get() throws Exception {
      try {
        return result.get(20, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        throw (Exception) e.getCause();
      } catch (TimeoutException e) {
        throw new AssertionError("the call did not end", e);
      }
    }

    /** Returns what the call threw. */
    Exception failure() {
      try {
        throw new AssertionError("returned " + get());
      } catch (Exception e) {
        return e;
      }
    }

    boolean isDone() {
      return result.isDone();
    }
  }

  @Override
  public void close() throws InterruptedException {
    pool.close();
    for (Thread thread : threads) {
      thread.interrupt();
      thread.join(20_000);
    }
  }
}
