package io.hostpool.pool;

import io.hostpool.error.ClosedPoolException;
import io.hostpool.error.HttpException;
import io.hostpool.http.RedirectBudget;
import io.hostpool.http.Request;
import io.hostpool.http.Response;
import io.hostpool.http.Url;
import io.hostpool.internal.lease.ConnectionLimit;
import io.hostpool.internal.lease.PoolKey;
import io.hostpool.internal.lease.RetiredPools;
import io.hostpool.internal.lease.Sizing;
import io.hostpool.internal.redirect.RedirectLoop;
import io.hostpool.internal.redirect.RetriedRedirects;
import io.hostpool.internal.socket.Endpoint;
import io.hostpool.internal.time.Durations;
import io.hostpool.net.TlsConfig;
import io.hostpool.policy.Capacity;
import io.hostpool.policy.Retry;
import io.hostpool.stats.PoolStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One pool per host, created on first use; the least recently used pool is evicted first.
 * Thread-safe. urllib3: {@code PoolManager}.
 *
 * <p>An evicted pool is <em>retired</em>: its idle connections close at once, the active ones on
 * release, and a thread that was handed the pool a moment before is still served by it. So eviction
 * fails no request. urllib3 relies on reference counting to close a pool when its last user drops
 * it; the pool's own counts take that part here.
 *
 * <p>{@link #close()} closes the pools instead: requests then fail with {@link
 * ClosedPoolException}, those that wait for a connection included.
 */
public final class PoolManager implements AutoCloseable {

  private final PoolConfig config;
  private final int numPools;
  private final RecentlyUsedContainer<PoolKey, HttpConnectionPool> pools;
  private final RetiredPools retired;
  private final Set<PoolKey> alwaysWarm = ConcurrentHashMap.newKeySet();
  private final ThrashWatch thrash;
  private final ReentrantLock configuring = new ReentrantLock();

  /** Written under the lock. */
  private volatile Sizing sizing;

  private volatile boolean closed;

  private PoolManager(Builder builder) {
    this.config = builder.config();
    this.numPools = builder.numPools;
    this.retired = config.lease().seams().retired().get();
    this.sizing = config.sizing();
    this.pools = new RecentlyUsedContainer<>(numPools, this::evict);
    this.thrash = new ThrashWatch(config.lease().ticker(), numPools);
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
    long start = config.lease().ticker().nanos();
    // Once, before the first redirect: what a redirect drops must not come back.
    Request request = builder.build().withDefaultHeaders(config.headers());
    return RedirectLoop.run(
        request,
        new RetriedRedirects(request, request.retriesOr(config.retries())),
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

  /** Returns one snapshot per pool, unmodifiable, in no order. Takes no lock. */
  public List<PoolStats> pools() {
    List<PoolStats> stats = new ArrayList<>();
    for (HttpConnectionPool pool : pools.values()) {
      stats.add(pool.stats());
    }
    return List.copyOf(stats);
  }

  /** Returns how many pools are kept at most. */
  public int numPools() {
    return numPools;
  }

  /** Returns how many pools there are at this moment. */
  public int poolCount() {
    return pools.size();
  }

  /**
   * Changes the settings of every pool, those that are there and those to come, see {@link
   * HttpConnectionPool#configure}. If several threads call it, every pool follows the last call.
   */
  public void configure(Capacity newCapacity) {
    Objects.requireNonNull(newCapacity, "capacity");
    Sizing latest;
    configuring.lock();
    try {
      latest = sizing.next(newCapacity);
      sizing = latest;
    } finally {
      configuring.unlock();
    }
    for (HttpConnectionPool pool : pools.values()) {
      pool.configure(latest);
    }
  }

  /** Returns the settings that new pools get. */
  public Capacity capacity() {
    return sizing.capacity();
  }

  /** Retires every pool; the manager stays usable and makes new ones. */
  public void clear() {
    pools.removeAll(this::retire);
  }

  /**
   * Closes every pool, those that were evicted and are still in use too, and refuses further
   * requests; threads that wait for a connection fail with {@link ClosedPoolException} at once;
   * responses in flight finish. Idempotent.
   */
  @Override
  public void close() {
    closed = true;
    pools.removeAll(this::retire);
    for (RetiredPools.Retired source : retired.all()) {
      source.close();
    }
  }

  /**
   * Keeps connections to the host of {@code url} idle from now on, used or not, if this manager
   * keeps any idle ahead of need. Returns at once: they are opened in the background.
   *
   * @throws IllegalArgumentException if the scheme is neither http nor https
   */
  public void warmUp(Url url) {
    if (config.lease().minIdle() > 0) {
      PoolKey key = PoolKey.of(url, config.tls());
      alwaysWarm.add(key);
      pool(key).source().upkeep().keepWarm();
    }
  }

  /** Notes a prefix under which this manager's pools are mounted; log lines name it. */
  public void mountedUnder(String prefix) {
    config.lease().mounts().add(prefix);
  }

  HttpConnectionPool pool(PoolKey key) {
    HttpConnectionPool pool = pools.get(key);
    if (pool != null && pool.isClosed() && !closed) {
      // It was closed by itself; the next request gets a new one.
      drop(key, pool);
      pool = null;
    }
    if (pool == null) {
      pool = closed ? newPool(key) : create(key);
    }
    if (closed) {
      // close() may have emptied the container before this pool was put into it.
      drop(key, pool);
      pool.close();
    }
    return pool;
  }

  private HttpConnectionPool create(PoolKey key) {
    HttpConnectionPool fresh = newPool(key);
    HttpConnectionPool pool = pools.getOrPut(key, k -> fresh);
    if (pool == fresh) {
      // configure() may have come in between and not have seen this pool.
      fresh.configure(sizing);
      thrash.created(key);
      config.lease().events().created(fresh);
      fresh.source().upkeep().begin(alwaysWarm.contains(key));
    }
    return pool;
  }

  private HttpConnectionPool newPool(PoolKey key) {
    boolean isDropped = config.lease().unusedPoolTimeoutNanos() != Durations.NO_LIMIT;
    Runnable giveUp = isDropped ? () -> dropUnused(key) : null;
    return key.isSecure()
        ? new HttpsConnectionPool(key, config, sizing, giveUp)
        : new HttpConnectionPool(key, config, sizing, giveUp);
  }

  private void dropUnused(PoolKey key) {
    // Whichever it is by now: it is retired, so a request that has just found it is served.
    HttpConnectionPool pool = pools.peek(key);
    if (pool != null && isUnused(pool.stats())) {
      drop(key, pool);
    }
  }

  private static boolean isUnused(PoolStats stats) {
    return stats.leased() + stats.dialing() + stats.pending() + stats.idle() == 0;
  }

  private void drop(PoolKey key, HttpConnectionPool pool) {
    if (pools.removeUndisposed(key, pool)) {
      retire(pool);
    }
  }

  /** Retires a pool for which there was no room. */
  private void evict(HttpConnectionPool pool) {
    try {
      retire(pool);
    } finally {
      thrash.evicted(pool.poolKey());
    }
  }

  /** Retires a pool that left the container, for whatever reason. */
  private void retire(HttpConnectionPool pool) {
    retired.add(pool.source());
    // Before its connections are closed: by then another pool of the host may be there.
    config.lease().events().removed(pool);
    pool.retire();
    if (closed) {
      pool.close();
    }
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
     * default. Requests of all pools are served in the order in which they came. Idle connections
     * of other pools give way; where none is idle, a request waits up to the pool timeout, also in
     * a pool that overflows; a pool that fails when exhausted does not wait.
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

    /** Sets the TLS configuration of https pools; the JVM's trust store by default. */
    public Builder tls(TlsConfig tls) {
      net.tls(tls);
      return this;
    }

    /**
     * Sets for how long a pool may be empty and unused before it is dropped, as if it had been
     * evicted; no limit by default. A pool is dropped up to a quarter of that time later.
     *
     * @throws IllegalArgumentException if it is zero or negative
     */
    public Builder unusedPoolTimeout(Duration unusedPoolTimeout) {
      unusedPoolTimeoutNanos = Durations.positiveNanos(unusedPoolTimeout, "unusedPoolTimeout");
      return this;
    }

    @Override
    @Nullable ConnectionLimit limit() {
      return maxConnections == 0 ? null : seams.limits().apply(maxConnections);
    }

    @Override
    Builder self() {
      return this;
    }

    /** Returns the manager. Opens nothing yet. */
    public PoolManager build() {
      return new PoolManager(this);
    }
  }
}
