package io.hostpool.pool;

import io.hostpool.error.HttpException;
import io.hostpool.internal.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** The pools of one manager, over connections that do nothing. Thread-safe. */
public final class FakePools implements AutoCloseable {

  private final LongAdder opened = new LongAdder();
  private final LongAdder closed = new LongAdder();
  private final PoolManager manager;
  private final List<HttpConnectionPool> pools = new ArrayList<>();

  /**
   * Makes empty pools.
   *
   * @param settings changes what is not to be as by default
   */
  public FakePools(int count, Consumer<PoolManager.Builder> settings) {
    PoolManager.Builder builder = PoolManager.builder().numPools(count);
    builder.connectionFactory(
        endpoint ->
            (connectNanos, deadline) -> {
              opened.increment();
              return new NoConnection(closed::increment);
            });
    settings.accept(builder);
    manager = builder.build();
    for (int i = 0; i < count; i++) {
      pools.add(manager.connectionFromHost("host" + i + ".example", 80, "http"));
    }
  }

  public List<HttpConnectionPool> all() {
    return pools;
  }

  /** Takes a connection out of one of the pools and puts it back. */
  public void use(int pool) throws HttpException {
    use(pools.get(pool));
  }

  static void use(HttpConnectionPool pool) throws HttpException {
    pool.source().lease(1, Deadline.none()).bodyEnded();
  }

  /** Uses every pool once. */
  public void useAll() throws HttpException {
    for (HttpConnectionPool pool : pools) {
      use(pool);
    }
  }

  /** Returns how many connections were opened. */
  long opened() {
    return opened.sum();
  }

  /** Returns how many connections were closed. */
  long closed() {
    return closed.sum();
  }

  @Override
  public void close() {
    manager.close();
  }
}
