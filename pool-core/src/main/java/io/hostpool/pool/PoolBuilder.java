package io.hostpool.pool;

import io.hostpool.http.Headers;
import io.hostpool.net.ConnectionFactory;
import io.hostpool.net.Endpoint;
import io.hostpool.net.NetConfig;
import io.hostpool.net.Resolver;
import io.hostpool.net.WireLimits;
import io.hostpool.policy.Durations;
import io.hostpool.policy.Retry;
import io.hostpool.policy.Ticker;
import io.hostpool.policy.Timeout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a pool, shared by the builders of single pools and of managers. The last call of
 * a setter wins. Not thread-safe.
 *
 * @param <B> the builder itself
 */
public abstract class PoolBuilder<B extends PoolBuilder<B>> {

  /** The longest wait of a blocking pool where none is given: 5 seconds. */
  public static final Duration DEFAULT_POOL_TIMEOUT = Duration.ofSeconds(5);

  /** How many bytes of a body are held in memory where nothing is given: 256 MiB. */
  public static final long DEFAULT_MAX_BODY_BYTES = 256L << 20;

  /** How long a connection may lie idle where nothing is given: 60 seconds. */
  public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofSeconds(60);

  Capacity capacity = Capacity.defaults();
  long idleTimeoutNanos = DEFAULT_IDLE_TIMEOUT.toNanos();
  long maxLifetimeNanos = Durations.NO_LIMIT;
  long leakThresholdNanos = Durations.NO_LIMIT;
  Timeout timeout = Timeout.defaults();
  Retry retries = Retry.defaults();
  long maxBodyBytes = DEFAULT_MAX_BODY_BYTES;
  Headers headers = Headers.empty();
  final List<PoolListener> listeners = new ArrayList<>();
  final NetConfig.Builder net = NetConfig.builder();
  @Nullable Function<Endpoint, ConnectionFactory> factories;

  PoolBuilder() {}

  abstract B self();

  /**
   * Sets how many connections a pool keeps; where it blocks or fails when exhausted, also how many
   * may be open. 1 by default, as in urllib3.
   *
   * @throws IllegalArgumentException if it is below 1 or above 1,000,000
   */
  public B maxsize(int maxsize) {
    return capacity(capacity.withMaxsize(maxsize));
  }

  /** Sets whether an exhausted pool waits; false, the default, overflows. */
  public B block(boolean block) {
    return whenExhausted(block ? WhenExhausted.BLOCK : WhenExhausted.OVERFLOW);
  }

  /** Sets what an exhausted pool does; {@link WhenExhausted#OVERFLOW} by default. */
  public B whenExhausted(WhenExhausted whenExhausted) {
    return capacity(capacity.withWhenExhausted(whenExhausted));
  }

  /**
   * Sets the longest wait for a connection when blocking, 5 seconds by default; zero means do not
   * wait.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public B poolTimeout(Duration poolTimeout) {
    return capacity(capacity.withPoolTimeout(poolTimeout));
  }

  /**
   * Sets how many threads may wait for one pool at a time; those beyond fail at once. No limit by
   * default.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public B maxPending(int maxPending) {
    return capacity(capacity.withMaxPending(maxPending));
  }

  /** Sets size, mode, wait and queue at once. */
  public B capacity(Capacity capacity) {
    this.capacity = Objects.requireNonNull(capacity, "capacity");
    return self();
  }

  /**
   * Sets how long a connection may lie idle, 60 seconds by default. A shorter time that the server
   * names in {@code Keep-Alive} goes first.
   *
   * @throws IllegalArgumentException if it is zero or negative
   */
  public B idleTimeout(Duration idleTimeout) {
    idleTimeoutNanos = Durations.positiveNanos(idleTimeout, "idleTimeout");
    return self();
  }

  /**
   * Sets how long a connection may be used, less up to a tenth at random for each. It bounds how
   * long a change of the host's address goes unseen. No limit by default.
   *
   * @throws IllegalArgumentException if it is zero or negative
   */
  public B maxLifetime(Duration maxLifetime) {
    maxLifetimeNanos = Durations.positiveNanos(maxLifetime, "maxLifetime");
    return self();
  }

  /**
   * Sets how long a streamed response may be held before it is reported, once, with the stack that
   * took it. No limit by default; a response that is collected unclosed is always reported.
   *
   * @throws IllegalArgumentException if it is zero or negative
   */
  public B leakDetectionThreshold(Duration threshold) {
    leakThresholdNanos = Durations.positiveNanos(threshold, "leakDetectionThreshold");
    return self();
  }

  /** Sets the time limits of requests that bring none; {@link Timeout#defaults()} by default. */
  public B timeout(Timeout timeout) {
    this.timeout = Objects.requireNonNull(timeout, "timeout");
    return self();
  }

  /** Sets the retry policy of requests that bring none; {@link Retry#defaults()} by default. */
  public B retries(Retry retries) {
    this.retries = Objects.requireNonNull(retries, "retries");
    return self();
  }

  /** Sets how often a request is repeated, as {@link Retry#of(int)}. */
  public B retries(int total) {
    return retries(Retry.of(total));
  }

  /**
   * Sets how many bytes of a body, decoded, are held in memory for requests that do not say; 256
   * MiB by default. A larger body can only be streamed, where nothing bounds it.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public B maxBodyBytes(long maxBodyBytes) {
    if (maxBodyBytes < 0) {
      throw new IllegalArgumentException("maxBodyBytes must be 0 or more: " + maxBodyBytes);
    }
    this.maxBodyBytes = maxBodyBytes;
    return self();
  }

  /**
   * Sets headers for requests that do not set them.
   *
   * @throws IllegalArgumentException as {@link Headers#checked()}
   */
  public B headers(Headers headers) {
    this.headers = Objects.requireNonNull(headers, "headers").checked();
    return self();
  }

  /** Sets headers for requests that do not set them. */
  public B headers(Map<String, String> headers) {
    return headers(Headers.of(headers));
  }

  /** Adds one that is told what happens in the pools, after those that were added before. */
  public B listener(PoolListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return self();
  }

  /** Sets what finds the addresses of hosts; {@link Resolver#system()} by default. */
  public B resolver(Resolver resolver) {
    net.resolver(resolver);
    return self();
  }

  /** Sets what a server may send; {@link WireLimits#defaults()} by default. */
  public B limits(WireLimits limits) {
    net.limits(limits);
    return self();
  }

  /** Sets the clock, for tests. */
  B ticker(Ticker ticker) {
    net.ticker(ticker);
    return self();
  }

  /** Sets what opens connections, for tests. */
  B connectionFactory(Function<Endpoint, ConnectionFactory> newFactories) {
    factories = newFactories;
    return self();
  }

  /** Returns the limit of all pools together, null if there is none. */
  @Nullable ConnectionBudget budget() {
    return null;
  }

  NetConfig net() {
    return net.build();
  }

  PoolConfig config() {
    return new PoolConfig(this);
  }
}
