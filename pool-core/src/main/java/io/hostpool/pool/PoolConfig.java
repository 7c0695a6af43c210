package io.hostpool.pool;

import io.hostpool.http.Headers;
import io.hostpool.net.ConnectionFactory;
import io.hostpool.net.Endpoint;
import io.hostpool.net.NetConfig;
import io.hostpool.net.SocketConnectionFactory;
import io.hostpool.net.TlsConfig;
import io.hostpool.policy.Durations;
import io.hostpool.policy.Retry;
import io.hostpool.policy.Ticker;
import io.hostpool.policy.Timeout;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Everything that the pools of one manager have in common. Immutable. */
final class PoolConfig {

  /** The share of a lifetime by which connections may end early, so that not all end at once. */
  private static final double LIFETIME_JITTER = 0.1;

  private static final Headers DEFAULT_HEADERS =
      Headers.builder().add("Accept-Encoding", "identity").add("User-Agent", "hostpool").build();

  private final Capacity capacity;
  private final long idleTimeoutNanos;
  private final long maxLifetimeNanos;
  private final long leakThresholdNanos;
  private final @Nullable ConnectionBudget budget;
  private final Timeout timeout;
  private final Retry retries;
  private final long maxBodyBytes;
  private final Headers headers;
  private final NetConfig net;
  private final PoolEvents events;
  private final Function<Endpoint, ConnectionFactory> factories;

  PoolConfig(PoolBuilder<?> builder) {
    this.capacity = builder.capacity;
    this.idleTimeoutNanos = builder.idleTimeoutNanos;
    this.maxLifetimeNanos = builder.maxLifetimeNanos;
    this.leakThresholdNanos = builder.leakThresholdNanos;
    this.budget = builder.budget();
    this.timeout = builder.timeout;
    this.retries = builder.retries;
    this.maxBodyBytes = builder.maxBodyBytes;
    this.headers = builder.headers.withDefaults(DEFAULT_HEADERS);
    this.net = builder.net();
    this.events = new PoolEvents(builder.listeners, net.ticker());
    Function<Endpoint, ConnectionFactory> given = builder.factories;
    this.factories = given != null ? given : endpoint -> new SocketConnectionFactory(endpoint, net);
  }

  /** Returns what new pools start with. */
  Capacity capacity() {
    return capacity;
  }

  long idleTimeoutNanos() {
    return idleTimeoutNanos;
  }

  /** Returns the lifetime of one connection: the maximum, less up to a tenth at random. */
  long jitteredLifetimeNanos() {
    if (maxLifetimeNanos == Durations.NO_LIMIT) {
      return maxLifetimeNanos;
    }
    double cut = ThreadLocalRandom.current().nextDouble() * LIFETIME_JITTER;
    return maxLifetimeNanos - (long) (maxLifetimeNanos * cut);
  }

  /** Returns how long a streamed response may be held before it is reported. */
  long leakThresholdNanos() {
    return leakThresholdNanos;
  }

  /** Returns the limit of all pools together, null if there is none. */
  @Nullable ConnectionBudget budget() {
    return budget;
  }

  Timeout timeout() {
    return timeout;
  }

  Retry retries() {
    return retries;
  }

  long maxBodyBytes() {
    return maxBodyBytes;
  }

  /** Returns the headers of requests that do not set them. */
  Headers headers() {
    return headers;
  }

  TlsConfig tls() {
    return net.tls();
  }

  Ticker ticker() {
    return net.ticker();
  }

  PoolEvents events() {
    return events;
  }

  ConnectionFactory factoryFor(Endpoint endpoint) {
    return factories.apply(endpoint);
  }
}
