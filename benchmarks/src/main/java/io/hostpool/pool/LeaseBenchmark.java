package io.hostpool.pool;

import com.zaxxer.hikari.util.ConcurrentBag;
import com.zaxxer.hikari.util.ConcurrentBag.IConcurrentBagEntry;
import io.hostpool.internal.lease.ConnectionLease;
import io.hostpool.internal.time.Deadline;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.pool2.BasePooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericObjectPool;
import org.apache.hc.core5.http.SocketModalCloseable;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.DefaultDisposalCallback;
import org.apache.hc.core5.pool.LaxConnPool;
import org.apache.hc.core5.pool.ManagedConnPool;
import org.apache.hc.core5.pool.PoolEntry;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.pool.RouteSegmentedConnPool;
import org.apache.hc.core5.pool.StrictConnPool;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost to acquire and release a connection of a pool of ten, beside the pools of
 * HttpCore, HikariCP and commons-pool2? No sockets: the connections do nothing, and the look at
 * ours answers at once. Number of threads by {@code -t}.
 *
 * <p>By default a pool of ours looks twice at the clock for each lease, since its connections have
 * an idle timeout; none of the others is set up with one, and {@code untimed} has none either.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LeaseBenchmark {

  private static final int SIZE = 10;
  private static final long WAIT_SECONDS = 60;

  @Param({"hostpool", "untimed", "strict", "lax", "segmented", "hikari", "commons"})
  String pool;

  private Subject subject;

  /** A pool under measurement. */
  interface Subject extends AutoCloseable {
    Object take() throws Exception;

    void giveBack(Object taken) throws Exception;

    @Override
    default void close() {}
  }

  @Setup
  public void fill() throws Exception {
    subject =
        switch (pool) {
          case "hostpool" -> new Hostpool(true);
          case "untimed" -> new Hostpool(false);
          case "strict" -> new HttpCore(new StrictConnPool<>(SIZE, SIZE));
          case "lax" -> new HttpCore(new LaxConnPool<>(SIZE));
          case "segmented" ->
              new HttpCore(
                  new RouteSegmentedConnPool<>(
                      SIZE,
                      SIZE,
                      TimeValue.NEG_ONE_MILLISECOND,
                      PoolReusePolicy.LIFO,
                      new DefaultDisposalCallback<>()));
          case "hikari" -> new Hikari();
          case "commons" -> new Commons();
          default -> throw new IllegalArgumentException(pool);
        };
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < SIZE; i++) {
      all.add(subject.take());
    }
    for (Object one : all) {
      subject.giveBack(one);
    }
  }

  @TearDown
  public void close() throws Exception {
    subject.close();
  }

  @Benchmark
  public void leaseAndRelease() throws Exception {
    subject.giveBack(subject.take());
  }

  private static final class Hostpool implements Subject {
    private final HttpConnectionPool pool;

    Hostpool(boolean timed) {
      HttpConnectionPool.Builder<?> builder =
          HttpConnectionPool.builder("host")
              .maxsize(SIZE)
              .block(true)
              .poolTimeout(Duration.ofSeconds(WAIT_SECONDS))
              .connectionFactory(
                  endpoint -> (connectNanos, deadline) -> new NoConnection(() -> {}));
      if (!timed) {
        builder.idleTimeout(ChronoUnit.FOREVER.getDuration()).maxLifetime(Duration.ZERO);
      }
      pool = builder.build();
    }

    @Override
    public Object take() throws Exception {
      return pool.source().lease(1, Deadline.none());
    }

    @Override
    public void giveBack(Object taken) {
      ((ConnectionLease) taken).bodyEnded();
    }

    @Override
    public void close() {
      pool.close();
    }
  }

  private record HttpCore(ManagedConnPool<String, NoSocket> pool) implements Subject {
    private static final Timeout WAIT = Timeout.ofSeconds(WAIT_SECONDS);

    @Override
    public Object take() throws Exception {
      PoolEntry<String, NoSocket> entry =
          pool.lease("route", null, WAIT, null).get(WAIT_SECONDS, TimeUnit.SECONDS);
      if (!entry.hasConnection()) {
        entry.assignConnection(new NoSocket());
      }
      return entry;
    }

    @Override
    @SuppressWarnings("unchecked")
    public void giveBack(Object taken) {
      pool.release((PoolEntry<String, NoSocket>) taken, true);
    }

    @Override
    public void close() {
      pool.close(CloseMode.IMMEDIATE);
    }
  }

  private static final class NoSocket implements SocketModalCloseable {
    @Override
    public Timeout getSocketTimeout() {
      return Timeout.DISABLED;
    }

    @Override
    public void setSocketTimeout(Timeout timeout) {}

    @Override
    public void close(CloseMode closeMode) {}

    @Override
    public void close() {}
  }

  private static final class Hikari implements Subject {
    private final ConcurrentBag<Entry> bag = new ConcurrentBag<>(waiting -> {});

    Hikari() {
      for (int i = 0; i < SIZE; i++) {
        bag.add(new Entry());
      }
    }

    @Override
    public Object take() throws Exception {
      return bag.borrow(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void giveBack(Object taken) {
      bag.requite((Entry) taken);
    }

    @Override
    public void close() {
      bag.close();
    }

    private static final class Entry implements IConcurrentBagEntry {
      private final AtomicInteger state = new AtomicInteger();

      @Override
      public boolean compareAndSet(int expected, int next) {
        return state.compareAndSet(expected, next);
      }

      @Override
      public void setState(int next) {
        state.set(next);
      }

      @Override
      public int getState() {
        return state.get();
      }
    }
  }

  private static final class Commons implements Subject {
    private final GenericObjectPool<Object> pool =
        new GenericObjectPool<>(
            new BasePooledObjectFactory<>() {
              @Override
              public Object create() {
                return new Object();
              }

              @Override
              public PooledObject<Object> wrap(Object object) {
                return new DefaultPooledObject<>(object);
              }
            });

    Commons() {
      pool.setMaxTotal(SIZE);
      pool.setMaxIdle(SIZE);
      pool.setMaxWait(Duration.ofSeconds(WAIT_SECONDS));
    }

    @Override
    public Object take() throws Exception {
      return pool.borrowObject();
    }

    @Override
    public void giveBack(Object taken) {
      pool.returnObject(taken);
    }

    @Override
    public void close() {
      pool.close();
    }
  }
}
