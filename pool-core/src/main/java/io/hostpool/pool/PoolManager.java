package io.hostpool.pool;

import io.hostpool.error.ClosedPoolException;
import io.hostpool.error.HttpException;
import io.hostpool.http.RedirectBudget;
import io.hostpool.http.Request;
import io.hostpool.http.Response;
import io.hostpool.http.Url;
import io.hostpool.net.Endpoint;
import io.hostpool.net.TlsConfig;
import io.hostpool.policy.Retry;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Pools for many hosts, one each, made when first needed; the pool used longest ago goes when there
 * are too many. Thread-safe. urllib3: {@code PoolManager}.
 *
 * <p>A pool that goes is <em>retired</em>: its idle connections close at once, the leased ones when
 * they come back, and a thread that was handed the pool a moment before is still served by it. So
 * eviction fails no request. Java has no reference counting that would close a pool when its last
 * user drops it, as urllib3 relies on; the pool's own books take that part.
 *
 * <p>{@link #close()} closes the pools instead: requests then fail with {@link
 * ClosedPoolException}, those that wait for a connection too.
 */
public final class PoolManager implements AutoCloseable {

  private final PoolConfig config;
  private final int numPools;
  private final RecentlyUsedContainer<PoolKey, HttpConnectionPool> pools;
  private final ThrashWatch thrash;
  private volatile Capacity capacity;
  private volatile boolean closed;

  private PoolManager(Builder builder) {
    this.config = builder.config();
    this.numPools = builder.numPools;
    this.capacity = config.capacity();
    this.pools = new RecentlyUsedContainer<>(numPools, this::dispose);
    this.thrash = new ThrashWatch(config.ticker(), numPools);
    ConnectionBudget budget = config.budget();
    if (budget != null) {
      budget.makeRoomBy(this::makeRoom);
    }
  }

  /**
   * Returns a manager of at most {@code numPools} pools with default settings.
   *
   * @throws IllegalArgumentException if {@code numPools} is below 1
   */
  public static PoolManager create(int numPools) {
    return builder().numPools(numPools).build();
  }

  /** Returns a builder: 10 pools of 1 connection each. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Sends a request through the pool of the URL's host, and follows redirects as urllib3 does: as
   * many as the retry policy allows, 303 as GET, other methods kept. Another origin sees none of
   * {@link Retry#removeHeadersOnRedirect()}.
   *
   * @throws HttpException if there is no response; nothing is held
   * @throws IllegalArgumentException if an argument is malformed, or the scheme neither http nor
   *     https
   */
  public Response request(String method, String url) throws HttpException {
    return request(method, url, request -> {});
  }

  /**
   * Sends a request as {@link #request(String, String)} does.
   *
   * @param spec adds headers, a body, limits
   */
  public Response request(String method, String url, Consumer<Request.Builder> spec)
      throws HttpException {
    Request.Builder builder = Request.builder(method, url);
    spec.accept(builder);
    long start = config.ticker().nanos();
    // Once, before the first redirect: what a redirect drops must not come back.
    Request request = builder.build().withDefaultHeaders(config.headers());
    Retry own = request.retries();
    return RedirectLoop.run(
        request,
        own == null ? config.retries() : own,
        (hop, redirects) -> sendComplete(hop, new CallOptions(start, redirects)));
  }

  /**
   * Sends a request once, without following redirects.
   *
   * @param startNanos when the call began, by {@link System#nanoTime()}: its total time and its
   *     elapsed time count from there
   * @param redirects what the body of the response shares if it is a redirect, which the caller
   *     follows then; null if it follows none
   * @throws HttpException as {@link #request(String, String)}
   */
  public Response send(Request request, long startNanos, @Nullable RedirectBudget redirects)
      throws HttpException {
    return sendComplete(
        request.withDefaultHeaders(config.headers()), new CallOptions(startNanos, redirects));
  }

  private Response sendComplete(Request request, CallOptions call) throws HttpException {
    return pool(PoolKey.of(request.url(), config.tls())).send(request, call);
  }

  /**
   * Returns the pool of the host of {@code url}, a new one if there is none. It stays usable when
   * it is evicted. Of a closed manager it is a closed pool.
   *
   * @throws IllegalArgumentException if {@code url} is malformed
   */
  public HttpConnectionPool connectionFromUrl(String url) {
    return pool(PoolKey.of(Url.parse(url), config.tls()));
  }

  /**
   * Returns the pool of a host, as {@link #connectionFromUrl} does.
   *
   * @throws IllegalArgumentException if an argument is malformed
   */
  public HttpConnectionPool connectionFromHost(String host, int port, String scheme) {
    return pool(PoolKey.of(Endpoint.of(scheme, host, port), config.tls()));
  }

  /** Returns one snapshot a pool, unmodifiable, in no order. Takes no lock. */
  public List<PoolStats> pools() {
    List<PoolStats> stats = new ArrayList<>();
    for (HttpConnectionPool pool : pools.values()) {
      stats.add(pool.stats());
    }
    return List.copyOf(stats);
  }

  /** Returns how many pools are kept. */
  public int numPools() {
    return numPools;
  }

  /**
   * Changes the settings of every pool, those that are there and those to come, see {@link
   * HttpConnectionPool#configure}.
   */
  public void configure(Capacity newCapacity) {
    capacity = Objects.requireNonNull(newCapacity, "capacity");
    for (HttpConnectionPool pool : pools.values()) {
      pool.configure(newCapacity);
    }
  }

  /** Returns the settings that new pools get. */
  public Capacity capacity() {
    return capacity;
  }

  /** Retires every pool; the manager stays usable and makes new ones. */
  public void clear() {
    pools.clear();
  }

  /**
   * Closes every pool and refuses further requests; responses in flight finish. Twice is harmless.
   */
  @Override
  public void close() {
    closed = true;
    pools.clear();
    ConnectionBudget budget = config.budget();
    if (budget != null) {
      budget.close();
    }
  }

  @Nullable ConnectionBudget budget() {
    return config.budget();
  }

  HttpConnectionPool pool(PoolKey key) {
    HttpConnectionPool pool = pools.get(key);
    if (pool != null && pool.isClosed() && !closed) {
      // Somebody closed a pool that is not his; the next request gets a new one.
      pools.remove(key, pool);
      pool = null;
    }
    if (pool == null) {
      pool = closed ? newPool(key) : create(key);
    }
    if (closed) {
      // close() may have emptied the container before this pool was put into it.
      pools.remove(key, pool);
      pool.close();
    }
    return pool;
  }

  private HttpConnectionPool create(PoolKey key) {
    HttpConnectionPool fresh = newPool(key);
    HttpConnectionPool pool = pools.getOrPut(key, k -> fresh);
    if (pool == fresh) {
      if (!fresh.capacity().equals(capacity)) {
        // configure() came in between and has not seen this pool.
        fresh.configure(capacity);
      }
      thrash.created(key);
      config.events().created(fresh);
    }
    return pool;
  }

  private HttpConnectionPool newPool(PoolKey key) {
    return key.isSecure()
        ? new HttpsConnectionPool(key, config, capacity)
        : new HttpConnectionPool(key, config, capacity);
  }

  /** Closes the connection that lies idle longest in any pool. */
  private void makeRoom() {
    boolean madeRoom = false;
    while (!madeRoom) {
      ConnectionStore oldest = null;
      long longest = -1;
      for (HttpConnectionPool pool : pools.values()) {
        long idle = pool.store().oldestIdleNanos();
        if (idle > longest) {
          longest = idle;
          oldest = pool.store();
        }
      }
      // Somebody may take the connection in between; then the next oldest is looked for.
      madeRoom = oldest == null || oldest.yieldOldestIdle();
    }
  }

  private void dispose(HttpConnectionPool pool) {
    if (closed) {
      pool.close();
    } else {
      thrash.evicted(pool.key());
      pool.retire();
    }
    config.events().retired(pool);
  }

  @Override
  public String toString() {
    return "PoolManager[" + pools.size() + " of " + numPools + " pools]";
  }

  /** Builds a {@link PoolManager}. Not thread-safe. */
  public static final class Builder extends PoolBuilder<Builder> {
    private int numPools = 10;
    private int maxConnections;

    private Builder() {}

    /**
     * Sets how many pools are kept, 10 by default. urllib3: {@code num_pools}; requests: {@code
     * pool_connections}.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public Builder numPools(int numPools) {
      if (numPools < 1) {
        throw new IllegalArgumentException("numPools must be 1 or more: " + numPools);
      }
      this.numPools = numPools;
      return this;
    }

    /**
     * Sets how many connections all pools may have open together, idle ones included; no limit by
     * default. Idle connections of other pools give way; where none is idle, a request waits up to
     * the pool timeout, also in a pool that overflows.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public Builder maxConnections(int maxConnections) {
      if (maxConnections < 1) {
        throw new IllegalArgumentException("maxConnections must be 1 or more: " + maxConnections);
      }
      this.maxConnections = maxConnections;
      return this;
    }

    /** Sets whom https pools trust; the JVM's trust store by default. */
    public Builder tls(TlsConfig tls) {
      net.tls(tls);
      return this;
    }

    @Override
    @Nullable ConnectionBudget budget() {
      return maxConnections == 0 ? null : new ConnectionBudget(maxConnections);
    }

    @Override
    Builder self() {
      return this;
    }

    public PoolManager build() {
      return new PoolManager(this);
    }
  }
}
