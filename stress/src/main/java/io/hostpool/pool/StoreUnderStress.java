package io.hostpool.pool;

import io.hostpool.error.PoolException;
import io.hostpool.http.Headers;
import io.hostpool.http.Request;
import io.hostpool.internal.connection.HttpConnection;
import io.hostpool.internal.connection.Reuse;
import io.hostpool.internal.connection.WireResponse;
import io.hostpool.internal.lease.ConnectionSource;
import io.hostpool.internal.lease.ConnectionStore;
import io.hostpool.internal.lease.LeaseConfig;
import io.hostpool.internal.lease.PendingAcquire;
import io.hostpool.internal.lease.PendingAcquire.State;
import io.hostpool.internal.lease.PoolKey;
import io.hostpool.internal.lease.PooledConnection;
import io.hostpool.internal.lease.Sizing;
import io.hostpool.internal.lease.Use;
import io.hostpool.internal.socket.ExchangeLimits;
import io.hostpool.internal.socket.Liveness;
import io.hostpool.internal.time.Durations;
import io.hostpool.net.TlsConfig;
import io.hostpool.policy.Capacity;
import io.hostpool.policy.WhenExhausted;
import java.util.concurrent.atomic.AtomicInteger;

/** A store of connections without sockets, and the steps that several tests share. */
final class StoreUnderStress {

  private static final PoolKey KEY = new PoolKey("http", "host", 80, TlsConfig.defaults());

  final ConnectionStore store;
  final ConnectionSource source;

  private StoreUnderStress(Capacity capacity) {
    LeaseConfig config = PoolManager.builder().ticker(() -> 0).config().lease();
    source = new ConnectionSource(KEY, config, new Sizing(0, capacity), null);
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
    PendingAcquire pending = request();
    if (pending == null || pending.state() != State.PERMITTED) {
      throw new IllegalStateException("no permit to open a connection: " + pending);
    }
    dial(pending);
    return pending.takeConnection();
  }

  /** Opens a connection under the permit of {@code pending}. */
  void dial(PendingAcquire pending) {
    begin(pending);
    store.dialed(pending, connection());
  }

  void begin(PendingAcquire pending) {
    store.beginDial(pending, pending.isAlone() ? State.DIALING : State.RACING);
  }

  PooledConnection connection() {
    return new PooledConnection(store, new NoSocket(), 0, Durations.NO_LIMIT, Integer.MAX_VALUE);
  }

  /** Asks for a connection; returns null if the pool refuses. */
  PendingAcquire request() {
    try {
      PendingAcquire pending = new PendingAcquire();
      store.request(pending, true);
      return pending;
    } catch (PoolException refused) {
      return null;
    }
  }

  /** Takes a place in the queue. */
  PendingAcquire queue() {
    PendingAcquire pending = request();
    if (pending == null || pending.state() != State.QUEUED) {
      throw new IllegalStateException("not in the queue: " + pending);
    }
    return pending;
  }

  /** Does what a thread does next that was woken: with a connection it needs no permit. */
  void goOn(PendingAcquire pending) {
    if (pending.state() == State.SERVED) {
      store.returnUnusedPermit(pending);
    }
  }

  void giveBack(PooledConnection connection) {
    store.release(connection, null, Use.REUSED);
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
