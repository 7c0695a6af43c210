package io.hostpool.spring.autoconfigure;

import io.hostpool.policy.ReusePolicy;
import io.hostpool.policy.WhenExhausted;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.util.unit.DataSize;

/**
 * What can be set for an adapter, at the top level and for each mount. Null is not set: {@link
 * AdapterSettings} says what applies then. Not thread-safe.
 */
class AdapterProperties {

  /** Number of pools to keep, one per host. The least recently used pool is evicted first. */
  private @Nullable Integer poolConnections;

  /** Number of connections to keep in each pool. */
  private @Nullable Integer poolMaxsize;

  /**
   * Whether to wait when every connection of a pool is active, instead of opening one more that is
   * discarded on return.
   */
  private @Nullable Boolean poolBlock;

  /** What a pool does when every connection is active. The longer form of pool-block. */
  private @Nullable WhenExhausted whenExhausted;

  /** Longest wait for a connection when the pool blocks. Zero means do not wait. */
  private @Nullable Duration poolTimeout;

  /** Number of threads that may be pending per pool when it blocks. No limit by default. */
  private @Nullable Integer maxPending;

  /** Number of times a failed request is repeated. The shorter form of retry.total. */
  private @Nullable Integer maxRetries;

  /** Longest time to resolve, connect and complete the TLS handshake. */
  private @Nullable Duration connectTimeout;

  /** Longest wait for the next bytes of a response. */
  private @Nullable Duration readTimeout;

  /**
   * Longest time for a whole request: waiting, connecting, retries and body. No limit by default.
   */
  private @Nullable Duration totalTimeout;

  /** Time after which an idle connection is closed. */
  private @Nullable Duration idleTimeout;

  /** Age at which a connection is closed, less up to a tenth at random. Zero means no limit. */
  private @Nullable Duration maxLifetime;

  /** Number of requests that a connection may serve before it is closed. No limit by default. */
  private @Nullable Integer maxUses;

  /**
   * Size of the receive buffer of each socket (SO_RCVBUF). The operating system chooses by default.
   */
  private @Nullable DataSize receiveBufferSize;

  /** Number of connections that each pool keeps idle ahead of need. */
  private @Nullable Integer minIdle;

  /**
   * Which idle connection serves the next request: the one that was returned last, or the one that
   * has been idle longest.
   */
  private @Nullable ReusePolicy reusePolicy;

  /** Time after which a pool that is empty and unused is dropped. No limit by default. */
  private @Nullable Duration unusedPoolTimeout;

  /**
   * Size of the largest body, decoded, that is held in memory. A larger body can only be streamed.
   */
  private @Nullable DataSize maxBodySize;

  /**
   * Number of connections that all pools of an adapter may have open together. No limit by default.
   */
  private @Nullable Integer maxConnections;

  /** Time after which a streamed response that is not closed is reported. No limit by default. */
  private @Nullable Duration leakDetectionThreshold;

  /** What is repeated, how often and after which pause. */
  @NestedConfigurationProperty private final RetryProperties retry = new RetryProperties();

  public @Nullable Integer getPoolConnections() {
    return poolConnections;
  }

  public void setPoolConnections(@Nullable Integer poolConnections) {
    this.poolConnections = poolConnections;
  }

  public @Nullable Integer getPoolMaxsize() {
    return poolMaxsize;
  }

  public void setPoolMaxsize(@Nullable Integer poolMaxsize) {
    this.poolMaxsize = poolMaxsize;
  }

  public @Nullable Boolean getPoolBlock() {
    return poolBlock;
  }

  public void setPoolBlock(@Nullable Boolean poolBlock) {
    this.poolBlock = poolBlock;
  }

  public @Nullable WhenExhausted getWhenExhausted() {
    return whenExhausted;
  }

  public void setWhenExhausted(@Nullable WhenExhausted whenExhausted) {
    this.whenExhausted = whenExhausted;
  }

  public @Nullable Duration getPoolTimeout() {
    return poolTimeout;
  }

  public void setPoolTimeout(@Nullable Duration poolTimeout) {
    this.poolTimeout = poolTimeout;
  }

  public @Nullable Integer getMaxPending() {
    return maxPending;
  }

  public void setMaxPending(@Nullable Integer maxPending) {
    this.maxPending = maxPending;
  }

  public @Nullable Integer getMaxRetries() {
    return maxRetries;
  }

  public void setMaxRetries(@Nullable Integer maxRetries) {
    this.maxRetries = maxRetries;
  }

  public @Nullable Duration getConnectTimeout() {
    return connectTimeout;
  }

  public void setConnectTimeout(@Nullable Duration connectTimeout) {
    this.connectTimeout = connectTimeout;
  }

  public @Nullable Duration getReadTimeout() {
    return readTimeout;
  }

  public void setReadTimeout(@Nullable Duration readTimeout) {
    this.readTimeout = readTimeout;
  }

  public @Nullable Duration getTotalTimeout() {
    return totalTimeout;
  }

  public void setTotalTimeout(@Nullable Duration totalTimeout) {
    this.totalTimeout = totalTimeout;
  }

  public @Nullable Duration getIdleTimeout() {
    return idleTimeout;
  }

  public void setIdleTimeout(@Nullable Duration idleTimeout) {
    this.idleTimeout = idleTimeout;
  }

  public @Nullable Duration getMaxLifetime() {
    return maxLifetime;
  }

  public void setMaxLifetime(@Nullable Duration maxLifetime) {
    this.maxLifetime = maxLifetime;
  }

  public @Nullable Integer getMaxUses() {
    return maxUses;
  }

  public void setMaxUses(@Nullable Integer maxUses) {
    this.maxUses = maxUses;
  }

  public @Nullable DataSize getReceiveBufferSize() {
    return receiveBufferSize;
  }

  public void setReceiveBufferSize(@Nullable DataSize receiveBufferSize) {
    this.receiveBufferSize = receiveBufferSize;
  }

  public @Nullable Integer getMinIdle() {
    return minIdle;
  }

  public void setMinIdle(@Nullable Integer minIdle) {
    this.minIdle = minIdle;
  }

  public @Nullable ReusePolicy getReusePolicy() {
    return reusePolicy;
  }

  public void setReusePolicy(@Nullable ReusePolicy reusePolicy) {
    this.reusePolicy = reusePolicy;
  }

  public @Nullable Duration getUnusedPoolTimeout() {
    return unusedPoolTimeout;
  }

  public void setUnusedPoolTimeout(@Nullable Duration unusedPoolTimeout) {
    this.unusedPoolTimeout = unusedPoolTimeout;
  }

  public @Nullable DataSize getMaxBodySize() {
    return maxBodySize;
  }

  public void setMaxBodySize(@Nullable DataSize maxBodySize) {
    this.maxBodySize = maxBodySize;
  }

  public @Nullable Integer getMaxConnections() {
    return maxConnections;
  }

  public void setMaxConnections(@Nullable Integer maxConnections) {
    this.maxConnections = maxConnections;
  }

  public @Nullable Duration getLeakDetectionThreshold() {
    return leakDetectionThreshold;
  }

  public void setLeakDetectionThreshold(@Nullable Duration leakDetectionThreshold) {
    this.leakDetectionThreshold = leakDetectionThreshold;
  }

  public RetryProperties getRetry() {
    return retry;
  }
}
