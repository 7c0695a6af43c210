package io.hostpool.internal.lease;

import io.hostpool.internal.connection.ConnectionFactory;
import io.hostpool.internal.connection.HttpConnection;
import io.hostpool.internal.socket.Endpoint;
import io.hostpool.internal.thread.Background;
import io.hostpool.internal.time.Durations;
import io.hostpool.internal.time.Ticker;
import io.hostpool.policy.Capacity;
import io.hostpool.policy.ReusePolicy;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of all pools of one manager have in common. Immutable.
 *
 * @param capacity what new pools start with
 * @param idleTimeoutNanos how long a connection may lie idle
 * @param maxLifetimeNanos how long a connection may be used
 * @param leakThresholdNanos how long a streamed response may be held before it is reported
 * @param unusedPoolTimeoutNanos how long a pool may be empty and unused before it is dropped
 * @param connectNanos how long opening a connection ahead of need may take
 * @param minIdle how many connections are kept idle ahead of need
 * @param maxUses how many requests a connection may serve
 * @param reusePolicy which idle connection is used first
 * @param sharedLimit the limit of all pools together, null if there is none
 * @param ticker the clock
 * @param events what listeners are told
 * @param factories makes what opens the connections of a peer
 * @param mounts under which prefixes the pools are mounted
 * @param seams what tests put something else for
 */
public record LeaseConfig(
    Capacity capacity,
    long idleTimeoutNanos,
    long maxLifetimeNanos,
    long leakThresholdNanos,
    long unusedPoolTimeoutNanos,
    long connectNanos,
    int minIdle,
    int maxUses,
    ReusePolicy reusePolicy,
    @Nullable ConnectionLimit sharedLimit,
    Ticker ticker,
    PoolEvents events,
    Function<Endpoint, ConnectionFactory> factories,
    MountedPrefixes mounts,
    Seams seams) {

  /** The share of a lifetime by which connections may end early, so that not all end at once. */
  private static final double LIFETIME_JITTER = 0.1;

  /**
   * What tests put something else for.
   *
   * @param rules what a pool decides
   * @param giveWay lets other threads go first
   * @param dialThreads where connections are opened for threads that others may serve first
   * @param limits makes the limit of all pools, given how many connections it allows
   * @param retired makes what remembers pools that left a manager
   */
  public record Seams(
      LeaseRules rules,
      Runnable giveWay,
      Executor dialThreads,
      IntFunction<ConnectionLimit> limits,
      Supplier<RetiredPools> retired) {
    public static final Seams NONE =
        new Seams(
            new LeaseRules(),
            Thread::yield,
            Background::dial,
            ConnectionLimit::new,
            RetiredPools::new);

    public Seams withRules(LeaseRules newRules) {
      return new Seams(newRules, giveWay, dialThreads, limits, retired);
    }

    public Seams withGiveWay(Runnable newGiveWay) {
      return new Seams(rules, newGiveWay, dialThreads, limits, retired);
    }

    public Seams withDialThreads(Executor newDialThreads) {
      return new Seams(rules, giveWay, newDialThreads, limits, retired);
    }

    public Seams withLimits(IntFunction<ConnectionLimit> newLimits) {
      return new Seams(rules, giveWay, dialThreads, newLimits, retired);
    }

    public Seams withRetired(Supplier<RetiredPools> newRetired) {
      return new Seams(rules, giveWay, dialThreads, limits, newRetired);
    }
  }

  /** Returns the lifetime of one connection: the maximum, less up to a tenth at random. */
  private long jitteredLifetimeNanos() {
    if (maxLifetimeNanos == Durations.NO_LIMIT) {
      return maxLifetimeNanos;
    }
    double cut = ThreadLocalRandom.current().nextDouble() * LIFETIME_JITTER;
    return maxLifetimeNanos - (long) (maxLifetimeNanos * cut);
  }

  /** Returns the limit of one more pool: that of all, or one of its own. */
  ConnectionLimit limit() {
    return sharedLimit == null ? ConnectionLimit.none() : sharedLimit;
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

  Executor dialThreads() {
    return seams.dialThreads;
  }

  /** Returns an open connection with what its pool remembers of it. */
  PooledConnection pooled(PooledConnection.Owner owner, HttpConnection opened) {
    return new PooledConnection(owner, opened, ticker.nanos(), jitteredLifetimeNanos(), maxUses);
  }

  ConnectionFactory factoryFor(Endpoint endpoint) {
    return factories.apply(endpoint);
  }
}
