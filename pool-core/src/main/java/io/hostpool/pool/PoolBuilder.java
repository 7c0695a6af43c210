package io.hostpool.pool;

import io.hostpool.http.Headers;
import io.hostpool.internal.connection.ConnectionFactory;
import io.hostpool.internal.connection.NetConfig;
import io.hostpool.internal.connection.SocketConnectionFactory;
import io.hostpool.internal.lease.ConnectionLimit;
import io.hostpool.internal.lease.LeaseConfig;
import io.hostpool.internal.lease.MountedPrefixes;
import io.hostpool.internal.lease.PoolEvents;
import io.hostpool.internal.socket.Endpoint;
import io.hostpool.internal.time.Durations;
import io.hostpool.internal.time.Ticker;
import io.hostpool.net.Resolver;
import io.hostpool.net.WireLimits;
import io.hostpool.policy.Capacity;
import io.hostpool.policy.Retry;
import io.hostpool.policy.RetryBudget;
import io.hostpool.policy.ReusePolicy;
import io.hostpool.policy.Timeout;
import io.hostpool.policy.WhenExhausted;
import io.hostpool.stats.PoolListener;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
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

  /** How many bytes of a body are held in memory where nothing is given: 256 MiB. */
  public static final long DEFAULT_MAX_BODY_BYTES = 256L << 20;

  /** How long a connection may lie idle where nothing is given: 60 seconds. */
  public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofSeconds(60);

  /**
   * How long a connection is used where nothing is given: 5 minutes, so that a change of the host's
   * address is followed under steady traffic, too, at the price of one handshake per connection in
   * that time.
   */
  public static final Duration DEFAULT_MAX_LIFETIME = Duration.ofMinutes(5);

  private static final Headers DEFAULT_HEADERS =
      Headers.builder().add("Accept-Encoding", "identity").add("User-Agent", "hostpool").build();

  Capacity capacity = Capacity.defaults();
  long idleTimeoutNanos = DEFAULT_IDLE_TIMEOUT.toNanos();
  long maxLifetimeNanos = DEFAULT_MAX_LIFETIME.toNanos();
  long unusedPoolTimeoutNanos = Durations.NO_LIMIT;
  int minIdle;
  int maxUses = Integer.MAX_VALUE;
  ReusePolicy reusePolicy = ReusePolicy.LIFO;
  @Nullable RetryBudget retryBudget;
  LeaseConfig.Seams seams = LeaseConfig.Seams.NONE;
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
   * Sets how many threads may be pending per pool; further ones fail at once. No limit by default.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public B maxPending(int maxPending) {
    return capacity(capacity.withMaxPending(maxPending));
  }

  /** Sets size, mode, wait and queue at once; {@link Capacity#defaults()} by default. */
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
   * Sets how long a connection may be used, less up to a tenth at random for each; 5 minutes by
   * default, zero for no limit. It bounds how long a change of the host's address goes unseen.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public B maxLifetime(Duration maxLifetime) {
    long nanos = Durations.nonNegativeNanos(maxLifetime, "maxLifetime");
    maxLifetimeNanos = nanos == 0 ? Durations.NO_LIMIT : nanos;
    return self();
  }

  /**
   * Sets how many requests a connection may serve before it is closed; no limit by default.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public B maxUses(int maxUses) {
    this.maxUses = atLeast(1, maxUses, "maxUses");
    return self();
  }

  /**
   * Sets how many connections a pool keeps idle ahead of need, 0 by default, but never more than
   * its size allows. They are opened in the background, for a pool that had a request within the
   * last ten minutes; each is closed at its idle timeout as any other, and replaced. They give way
   * under a limit of all pools, and take no connection of another pool.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public B minIdle(int minIdle) {
    this.minIdle = atLeast(0, minIdle, "minIdle");
    return self();
  }

  /** Sets which idle connection is used first; {@link ReusePolicy#LIFO} by default. */
  public B reusePolicy(ReusePolicy reusePolicy) {
    this.reusePolicy = Objects.requireNonNull(reusePolicy, "reusePolicy");
    return self();
  }

  /** Sets how many repetitions all requests may have together; no bound by default. */
  public B retryBudget(RetryBudget retryBudget) {
    this.retryBudget = Objects.requireNonNull(retryBudget, "retryBudget");
    return self();
  }

  private static int atLeast(int min, int value, String name) {
    if (value < min) {
      throw new IllegalArgumentException(name + " must be " + min + " or more: " + value);
    }
    return value;
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

  /**
   * Sets the retry policy of requests that bring none; {@link Retry#defaults()} by default: three
   * repetitions, as in urllib3. An {@code HttpAdapter} repeats nothing by default, as in requests.
   */
  public B retries(Retry retries) {
    this.retries = Objects.requireNonNull(retries, "retries");
    return self();
  }

  /** Sets how often a request is repeated, as {@link Retry#of(int)}; 3 times by default. */
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
   * Sets headers for requests that do not set them, in place of those given before; none by
   * default. {@code Accept-Encoding: identity} and {@code User-Agent: hostpool} are sent unless set
   * here.
   *
   * @throws IllegalArgumentException as {@link Headers#checked()}
   */
  public B headers(Headers headers) {
    this.headers = Objects.requireNonNull(headers, "headers").checked();
    return self();
  }

  /**
   * Sets each entry for requests that do not set it, beside the headers given before.
   *
   * @throws IllegalArgumentException if a name or value is malformed
   */
  public B headers(Map<String, String> headers) {
    Headers.Builder all = this.headers.toBuilder();
    headers.forEach(all::set);
    return headers(all.build());
  }

  /**
   * Adds a listener for the events of the pools, called after those added before; none by default.
   */
  public B listener(PoolListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return self();
  }

  /** Sets the resolver of host names; {@link Resolver#system()} by default. */
  public B resolver(Resolver resolver) {
    net.resolver(resolver);
    return self();
  }

  /** Sets the bounds of what a server may send; {@link WireLimits#defaults()} by default. */
  public B limits(WireLimits limits) {
    net.limits(limits);
    return self();
  }

  /**
   * Sets an option of every socket, before it connects, for example {@link
   * StandardSocketOptions#SO_RCVBUF} in bytes; {@link StandardSocketOptions#TCP_NODELAY} is on by
   * default. urllib3: {@code socket_options}.
   *
   * @throws IllegalArgumentException if sockets of this platform do not have the option, or refuse
   *     the value
   */
  public <T> B socketOption(SocketOption<T> option, T value) {
    net.socketOption(option, value);
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

  /** Sets what tests put in place of parts of the pool. */
  B seams(LeaseConfig.Seams newSeams) {
    seams = newSeams;
    return self();
  }

  /** Returns the limit of all pools together, null if there is none. */
  @Nullable ConnectionLimit limit() {
    return null;
  }

  PoolConfig config() {
    NetConfig wire = net.build();
    Ticker ticker = wire.ticker();
    Function<Endpoint, ConnectionFactory> given = factories;
    RetryBudget budget = retryBudget;
    LeaseConfig lease =
        new LeaseConfig(
            capacity,
            idleTimeoutNanos,
            maxLifetimeNanos,
            leakThresholdNanos,
            unusedPoolTimeoutNanos,
            timeout.connectNanos(),
            minIdle,
            maxUses,
            reusePolicy,
            limit(),
            ticker,
            new PoolEvents(listeners, ticker),
            given != null ? given : endpoint -> new SocketConnectionFactory(endpoint, wire),
            new MountedPrefixes(),
            seams);
    return new PoolConfig(
        lease,
        wire.tls(),
        timeout,
        retries,
        maxBodyBytes,
        headers.withDefaults(DEFAULT_HEADERS),
        budget == null ? null : new RetryTally(budget, ticker));
  }
}
