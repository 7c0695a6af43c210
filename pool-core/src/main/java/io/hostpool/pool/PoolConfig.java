package io.hostpool.pool;

import io.hostpool.http.Headers;
import io.hostpool.internal.connection.ConnectionFactory;
import io.hostpool.internal.connection.HttpConnection;
import io.hostpool.internal.connection.NetConfig;
import io.hostpool.internal.connection.SocketConnectionFactory;
import io.hostpool.internal.socket.Endpoint;
import io.hostpool.internal.thread.Background;
import io.hostpool.internal.time.Durations;
import io.hostpool.internal.time.Ticker;
import io.hostpool.net.TlsConfig;
import io.hostpool.policy.Capacity;
import io.hostpool.policy.Retry;
import io.hostpool.policy.RetryBudget;
import io.hostpool.policy.ReusePolicy;
import io.hostpool.policy.Timeout;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
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
  private final long unusedPoolTimeoutNanos;
  private final int minIdle;
  private final int maxUses;
  private final ReusePolicy reusePolicy;
  private final @Nullable ConnectionLimit limit;
  private final @Nullable RetryTally retryTally;
  private final Timeout timeout;
  private final Retry retries;
  private final long maxBodyBytes;
  private final Headers headers;
  private final NetConfig net;
  private final PoolEvents events;
  private final Function<Endpoint, ConnectionFactory> factories;
  private final Seams seams;

  /**
   * What tests put something else for.
   *
   * @param rules what a pool decides
   * @param giveWay lets other threads go first
   * @param dialThreads where connections are opened for threads that others may serve first
   * @param limits makes the limit of all pools, given how many connections it allows
   * @param retired makes what remembers pools that left a manager
   */
  record Seams(
      LeaseRules rules,
      Runnable giveWay,
      Dialer.Threads dialThreads,
      IntFunction<ConnectionLimit> limits,
      Supplier<RetiredPools> retired) {
    static final Seams NONE =
        new Seams(
            new LeaseRules(),
            Thread::yield,
            Background::dial,
            ConnectionLimit::new,
            RetiredPools::new);

    Seams withRules(LeaseRules newRules) {
      return new Seams(newRules, giveWay, dialThreads, limits, retired);
    }

    Seams withGiveWay(Runnable newGiveWay) {
      return new Seams(rules, newGiveWay, dialThreads, limits, retired);
    }

    Seams withDialThreads(Dialer.Threads newDialThreads) {
      return new Seams(rules, giveWay, newDialThreads, limits, retired);
    }

    Seams withLimits(IntFunction<ConnectionLimit> newLimits) {
      return new Seams(rules, giveWay, dialThreads, newLimits, retired);
    }

    Seams withRetired(Supplier<RetiredPools> newRetired) {
      return new Seams(rules, giveWay, dialThreads, limits, newRetired);
    }
  }

  PoolConfig(PoolBuilder<?> builder) {
    this.capacity = builder.capacity;
    this.idleTimeoutNanos = builder.idleTimeoutNanos;
    this.maxLifetimeNanos = builder.maxLifetimeNanos;
    this.leakThresholdNanos = builder.leakThresholdNanos;
    this.unusedPoolTimeoutNanos = builder.unusedPoolTimeoutNanos;
    this.minIdle = builder.minIdle;
    this.maxUses = builder.maxUses;
    this.reusePolicy = builder.reusePolicy;
    this.limit = builder.limit();
    this.timeout = builder.timeout;
    this.retries = builder.retries;
    this.maxBodyBytes = builder.maxBodyBytes;
    this.headers = builder.headers.withDefaults(DEFAULT_HEADERS);
    this.net = builder.net();
    this.events = new PoolEvents(builder.listeners, net.ticker());
    RetryBudget budget = builder.retryBudget;
    this.retryTally = budget == null ? null : new RetryTally(budget, net.ticker());
    this.seams = builder.seams;
    Function<Endpoint, ConnectionFactory> given = builder.factories;
    this.factories = given != null ? given : endpoint -> new SocketConnectionFactory(endpoint, net);
  }

  /** Returns what new pools start with. */
  Sizing sizing() {
    return new Sizing(0, capacity);
  }

  long idleTimeoutNanos() {
    return idleTimeoutNanos;
  }

  /** Returns the lifetime of one connection: the maximum, less up to a tenth at random. */
  private long jitteredLifetimeNanos() {
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

  /** Returns the limit of one more pool: that of all, or one of its own. */
  ConnectionLimit limit() {
    return limit == null ? ConnectionLimit.none() : limit;
  }

  /** Returns for how long a pool may be empty and unused before it is dropped. */
  long unusedPoolTimeoutNanos() {
    return unusedPoolTimeoutNanos;
  }

  /** Returns how many connections are kept idle ahead of need. */
  int minIdle() {
    return minIdle;
  }

  ReusePolicy reusePolicy() {
    return reusePolicy;
  }

  /** Returns what counts repetitions, null if they are not bounded. */
  @Nullable RetryTally retryTally() {
    return retryTally;
  }

  LeaseRules rules() {
    return seams.rules;
  }

  /**
   * Lets other threads go first, once, before this one joins a queue. Where more threads than
   * processors share the connections, those that hold one are often only waiting for a processor;
   * and once every connection goes to a thread that sleeps, every lease costs two switches of
   * threads, and nothing ends that while all ask again at once.
   */
  void giveWay() {
    seams.giveWay.run();
  }

  RetiredPools newRetiredPools() {
    return seams.retired.get();
  }

  Dialer.Threads dialThreads() {
    return seams.dialThreads;
  }

  /** Returns an open connection with what its pool remembers of it. */
  PooledConnection pooled(ConnectionStore store, HttpConnection opened) {
    return new PooledConnection(store, opened, ticker().nanos(), jitteredLifetimeNanos(), maxUses);
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
