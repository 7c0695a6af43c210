package io.hostpool.adapter;

import io.hostpool.error.HttpException;
import io.hostpool.http.Request;
import io.hostpool.http.Response;
import io.hostpool.http.Url;
import io.hostpool.net.Resolver;
import io.hostpool.net.TlsConfig;
import io.hostpool.net.WireLimits;
import io.hostpool.policy.Capacity;
import io.hostpool.policy.Retry;
import io.hostpool.policy.RetryBudget;
import io.hostpool.policy.ReusePolicy;
import io.hostpool.policy.Timeout;
import io.hostpool.policy.WhenExhausted;
import io.hostpool.pool.PoolManager;
import io.hostpool.stats.PoolListener;
import io.hostpool.stats.PoolStats;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * The adapter that pools: a {@link PoolManager} and its settings under the names of requests.
 * Thread-safe. requests: {@code HTTPAdapter}.
 */
public final class HttpAdapter implements TransportAdapter {

  private final PoolManager manager;

  private HttpAdapter(PoolManager manager) {
    this.manager = manager;
  }

  /** Returns an adapter with default settings, see {@link Builder}. */
  public static HttpAdapter create() {
    return builder().build();
  }

  /** Returns a builder: 10 pools of 10 connections each, which overflow; no retries. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public Response send(Request request, SendOptions options) throws HttpException {
    return manager.send(request, options.startNanos(), options.redirects());
  }

  /** Returns the manager of this adapter's pools; closing it closes this adapter. */
  public PoolManager poolManager() {
    return manager;
  }

  @Override
  public List<PoolStats> pools() {
    return manager.pools();
  }

  @Override
  public int poolCount() {
    return manager.poolCount();
  }

  @Override
  public void mountedUnder(String prefix) {
    manager.mountedUnder(prefix);
  }

  @Override
  public void warmUp(Url url) {
    manager.warmUp(url);
  }

  /**
   * Changes size, mode, wait and queue of every pool, those that are there and those to come.
   * Leases stay valid.
   */
  public void configure(Capacity capacity) {
    manager.configure(capacity);
  }

  /**
   * Changes how many connections each pool keeps, see {@link #configure}.
   *
   * @throws IllegalArgumentException if it is not 1 to 1,000,000
   */
  public void resize(int poolMaxsize) {
    configure(manager.capacity().withMaxsize(poolMaxsize));
  }

  @Override
  public void retire() {
    manager.clear();
  }

  @Override
  public void close() {
    manager.close();
  }

  @Override
  public String toString() {
    return "HttpAdapter[" + manager + "]";
  }

  /** Builds an {@link HttpAdapter}. Not thread-safe. */
  public static final class Builder {
    private final PoolManager.Builder manager =
        PoolManager.builder().maxsize(10).retries(Retry.of(0));

    private Builder() {}

    /**
     * Sets how many pools are kept, one per host; 10 by default.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public Builder poolConnections(int poolConnections) {
      if (poolConnections < 1) {
        throw new IllegalArgumentException("poolConnections must be 1 or more: " + poolConnections);
      }
      manager.numPools(poolConnections);
      return this;
    }

    /**
     * Sets how many connections each pool keeps, 10 by default.
     *
     * @throws IllegalArgumentException if it is below 1 or above 1,000,000
     */
    public Builder poolMaxsize(int poolMaxsize) {
      if (poolMaxsize < 1) {
        throw new IllegalArgumentException("poolMaxsize must be 1 or more: " + poolMaxsize);
      }
      manager.maxsize(poolMaxsize);
      return this;
    }

    /**
     * Sets whether an exhausted pool blocks instead of opening one more connection; false by
     * default.
     */
    public Builder poolBlock(boolean poolBlock) {
      manager.block(poolBlock);
      return this;
    }

    /**
     * Sets what an exhausted pool does, the longer form of {@link #poolBlock}; {@link
     * WhenExhausted#OVERFLOW} by default.
     */
    public Builder whenExhausted(WhenExhausted whenExhausted) {
      manager.whenExhausted(whenExhausted);
      return this;
    }

    /**
     * Sets the longest wait for a connection when blocking, 5 seconds by default; zero means do not
     * wait.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder poolTimeout(Duration poolTimeout) {
      manager.poolTimeout(poolTimeout);
      return this;
    }

    /**
     * Sets how many threads may be pending per pool; no limit by default.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder maxPending(int maxPending) {
      manager.maxPending(maxPending);
      return this;
    }

    /**
     * Sets how often a failed request is repeated, 0 by default, as in requests: its {@code
     * HTTPAdapter} leaves repeating to the caller. A pool or manager of its own repeats three
     * times, as in urllib3, and {@link Retry#builder()} starts from ten, as urllib3's {@code
     * Retry()}.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder maxRetries(int maxRetries) {
      return maxRetries(Retry.of(maxRetries));
    }

    /**
     * Sets what is repeated, how often and after which pause; nothing is repeated by default, see
     * {@link #maxRetries(int)}.
     */
    public Builder maxRetries(Retry maxRetries) {
      manager.retries(Objects.requireNonNull(maxRetries, "maxRetries"));
      return this;
    }

    /** Sets the time limits of requests that bring none; {@link Timeout#defaults()} by default. */
    public Builder timeout(Timeout timeout) {
      manager.timeout(timeout);
      return this;
    }

    /**
     * Sets how long a connection may lie idle, 60 seconds by default.
     *
     * @throws IllegalArgumentException if it is zero or negative
     */
    public Builder idleTimeout(Duration idleTimeout) {
      manager.idleTimeout(idleTimeout);
      return this;
    }

    /**
     * Sets how long a connection may be used, 5 minutes by default, zero for no limit; see {@link
     * PoolManager.Builder#maxLifetime}.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder maxLifetime(Duration maxLifetime) {
      manager.maxLifetime(maxLifetime);
      return this;
    }

    /**
     * Sets how many requests a connection may serve before it is closed, no limit by default.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public Builder maxUses(int maxUses) {
      manager.maxUses(maxUses);
      return this;
    }

    /**
     * Sets how many connections each pool keeps idle ahead of need, 0 by default; see {@link
     * PoolManager.Builder#minIdle}. Where the adapter is mounted under a prefix that names one
     * host, that host's pool begins at once.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder minIdle(int minIdle) {
      manager.minIdle(minIdle);
      return this;
    }

    /** Sets which idle connection is used first, the one that came back last by default. */
    public Builder reusePolicy(ReusePolicy reusePolicy) {
      manager.reusePolicy(reusePolicy);
      return this;
    }

    /**
     * Sets for how long a pool may be empty and unused before it is dropped, no limit by default.
     *
     * @throws IllegalArgumentException if it is zero or negative
     */
    public Builder unusedPoolTimeout(Duration unusedPoolTimeout) {
      manager.unusedPoolTimeout(unusedPoolTimeout);
      return this;
    }

    /** Sets how many repetitions all requests may have together, no bound by default. */
    public Builder retryBudget(RetryBudget retryBudget) {
      manager.retryBudget(retryBudget);
      return this;
    }

    /**
     * Sets how many bytes of a body, decoded, are held in memory for requests that do not say; 256
     * MiB by default. A larger body can only be streamed.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder maxBodyBytes(long maxBodyBytes) {
      manager.maxBodyBytes(maxBodyBytes);
      return this;
    }

    /**
     * Sets how many connections all pools of this adapter may have open together, no limit by
     * default; see {@link PoolManager.Builder#maxConnections}.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public Builder maxConnections(int maxConnections) {
      manager.maxConnections(maxConnections);
      return this;
    }

    /**
     * Sets how long a streamed response may be held before it is reported, no limit by default.
     *
     * @throws IllegalArgumentException if it is zero or negative
     */
    public Builder leakDetectionThreshold(Duration threshold) {
      manager.leakDetectionThreshold(threshold);
      return this;
    }

    /** Sets the TLS configuration; the JVM's trust store by default. */
    public Builder tls(TlsConfig tls) {
      manager.tls(tls);
      return this;
    }

    /** Sets the resolver of host names; {@link Resolver#system()} by default. */
    public Builder resolver(Resolver resolver) {
      manager.resolver(resolver);
      return this;
    }

    /** Sets the bounds of what a server may send; {@link WireLimits#defaults()} by default. */
    public Builder limits(WireLimits limits) {
      manager.limits(limits);
      return this;
    }

    /**
     * Sets an option of every socket, before it connects, for example {@link
     * StandardSocketOptions#SO_RCVBUF} in bytes.
     *
     * @throws IllegalArgumentException if sockets of this platform do not have the option, or
     *     refuse the value
     */
    public <T> Builder socketOption(SocketOption<T> option, T value) {
      manager.socketOption(option, value);
      return this;
    }

    /**
     * Adds a listener for the events of the pools, called after those added before; none by
     * default.
     */
    public Builder listener(PoolListener listener) {
      manager.listener(listener);
      return this;
    }

    /** Returns the adapter. Opens nothing yet. */
    public HttpAdapter build() {
      return new HttpAdapter(manager.build());
    }
  }
}
