package io.hostpool.pool;

import io.hostpool.error.HttpException;
import io.hostpool.internal.lease.ConnectionLease;
import io.hostpool.internal.lease.ConnectionStore;
import io.hostpool.internal.lease.PendingAcquire;
import io.hostpool.internal.lease.PendingAcquire.State;
import io.hostpool.internal.lease.PooledConnection;
import io.hostpool.internal.time.Deadline;
import io.hostpool.internal.time.Durations;
import io.hostpool.internal.time.FakeTicker;
import io.hostpool.stats.PoolStats;
import io.hostpool.testkit.Eventually;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A pool over fake connections and a clock that stands still, and threads that use it. */
final class TestPool implements AutoCloseable {

  final FakeTicker ticker = new FakeTicker();
  final FakeConnectionFactory factory = new FakeConnectionFactory();
  final HttpConnectionPool pool;
  private final List<Thread> threads = new ArrayList<>();

  TestPool(Consumer<PoolBuilder<?>> settings) {
    // A clock that starts at 0 hides what forgets to look at it.
    ticker.advance(Duration.ofDays(1));
    HttpConnectionPool.Builder<?> builder = HttpConnectionPool.builder("host");
    builder.ticker(ticker);
    builder.connectionFactory(endpoint -> factory);
    // No time comes to the help of a thread that is not woken.
    builder.poolTimeout(ChronoUnit.FOREVER.getDuration());
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

  /** Joins the queue, without a thread that waits in it. */
  PendingAcquire queue() throws HttpException {
    return queue(pool.store());
  }

  static PendingAcquire queue(ConnectionStore store) throws HttpException {
    PendingAcquire pending = new PendingAcquire();
    store.request(pending, true);
    return pending;
  }

  /** Opens a connection under the permit of {@code pending} and takes it. */
  PooledConnection open(PendingAcquire pending) {
    return open(pool.store(), pending);
  }

  static PooledConnection open(ConnectionStore store, PendingAcquire pending) {
    begin(store, pending);
    store.dialed(pending, connection(store));
    return pending.takeConnection();
  }

  /** Begins to open a connection under the permit of {@code pending}. */
  static void begin(ConnectionStore store, PendingAcquire pending) {
    pending.closePredecessor();
    store.beginDial(pending, pending.isAlone() ? State.DIALING : State.RACING);
  }

  /** Makes a connection without a socket and without limits. */
  static PooledConnection connection(ConnectionStore store) {
    return new PooledConnection(
        store, new FakeConnection(0, () -> {}), 0, Durations.NO_LIMIT, Integer.MAX_VALUE);
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

  /** Leases in a thread of its own, which waits for its own connection when this returns. */
  Call<ConnectionLease> leaseInRace() {
    int before = stats().dialing();
    Call<ConnectionLease> call = leaseInThread();
    Eventually.until("it waits for its connection", () -> stats().dialing() == before + 1);
    return call;
  }

  void awaitPending(int count) {
    Eventually.until(count + " threads wait", () -> stats().pending() == count);
  }

  void awaitStats(String what, Predicate<PoolStats> condition) {
    Eventually.until(what, () -> condition.test(stats()));
  }

  PoolStats stats() {
    return pool.stats();
  }

  /** Moves the clock, sweeps, and returns how many connections are still idle. */
  int sweepIdleAfter(Duration time) {
    ticker.advance(time);
    pool.store().control().sweep();
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
    assertLockComesFree(pool);
  }

  /** A thread that opens a connection may hold the lock for a moment when the pool is closed. */
  static void assertLockComesFree(HttpConnectionPool pool) throws InterruptedException {
    ReentrantLock lock = pool.store().limit().lock;
    if (!lock.tryLock(20, TimeUnit.SECONDS)) {
      throw new AssertionError("the lock is held");
    }
    lock.unlock();
  }
}
