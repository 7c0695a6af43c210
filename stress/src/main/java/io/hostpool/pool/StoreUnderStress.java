package io.hostpool.pool;

import io.hostpool.error.PoolException;
import io.hostpool.http.Headers;
import io.hostpool.http.Request;
import io.hostpool.net.ExchangeLimits;
import io.hostpool.net.HttpConnection;
import io.hostpool.net.Liveness;
import io.hostpool.net.Reuse;
import io.hostpool.net.TlsConfig;
import io.hostpool.net.WireResponse;
import io.hostpool.policy.Durations;
import java.util.concurrent.atomic.AtomicInteger;

/** A store of connections without sockets, and the steps that several tests share. */
final class StoreUnderStress {

  private static final PoolKey KEY = new PoolKey("http", "host", 80, TlsConfig.defaults());

  final ConnectionStore store;
  final ConnectionSource source;

  private StoreUnderStress(Capacity capacity) {
    PoolConfig config = PoolManager.builder().ticker(() -> 0).config();
    source = new ConnectionSource(KEY, config, capacity);
    store = source.store();
  }

  static StoreUnderStress blocking(int maxsize) {
    return new StoreUnderStress(
        Capacity.defaults().withMaxsize(maxsize).withWhenExhausted(WhenExhausted.BLOCK));
  }

  static StoreUnderStress overflowing(int maxsize) {
    return new StoreUnderStress(Capacity.defaults().withMaxsize(maxsize));
  }

  /** Opens a connection and takes it. */
  PooledConnection open() {
    try {
      Grant grant = store.request();
      if (!(grant instanceof Grant.Dial)) {
        throw new IllegalStateException("no permit to open a connection: " + grant);
      }
      PooledConnection connection = new PooledConnection(new NoSocket(), 0, Durations.NO_LIMIT);
      store.adopt(connection, false);
      return connection;
    } catch (PoolException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Takes a place in the queue. */
  Waiter queue() {
    try {
      return (Waiter) store.request();
    } catch (PoolException e) {
      throw new IllegalStateException(e);
    }
  }

  void giveBack(PooledConnection connection) {
    store.release(connection, null, Service.REUSED);
  }

  static int closes(PooledConnection connection) {
    return ((NoSocket) connection.connection()).closes.get();
  }

  private static final class NoSocket implements HttpConnection {
    private final AtomicInteger closes = new AtomicInteger();

    @Override
    public WireResponse exchange(Request request, ExchangeLimits limits) {
      return new WireResponse(200, "", "HTTP/1.1", Headers.empty(), null, 0, Durations.NO_LIMIT);
    }

    @Override
    public boolean isResponseStarted() {
      return false;
    }

    @Override
    public Reuse finishExchange() {
      return Reuse.KEEP;
    }

    @Override
    public boolean drain() {
      return true;
    }

    @Override
    public Liveness probe() {
      return Liveness.ALIVE;
    }

    @Override
    public void close() {
      closes.incrementAndGet();
    }
  }
}
