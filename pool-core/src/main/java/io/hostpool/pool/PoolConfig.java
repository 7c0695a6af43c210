package io.hostpool.pool;

import io.hostpool.http.Headers;
import io.hostpool.internal.lease.LeaseConfig;
import io.hostpool.internal.lease.Sizing;
import io.hostpool.net.TlsConfig;
import io.hostpool.policy.Retry;
import io.hostpool.policy.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the pools of one manager have in common. Immutable.
 *
 * @param lease what their connections have in common
 * @param tls the TLS configuration of https connections
 * @param timeout of requests that bring none
 * @param retries of requests that bring none
 * @param maxBodyBytes the most bytes of a body in memory, for requests that do not say
 * @param headers of requests that do not set them
 * @param retryTally what counts repetitions, null if they are not bounded
 */
record PoolConfig(
    LeaseConfig lease,
    TlsConfig tls,
    Timeout timeout,
    Retry retries,
    long maxBodyBytes,
    Headers headers,
    @Nullable RetryTally retryTally) {

  /** Returns what new pools start with. */
  Sizing sizing() {
    return new Sizing(0, lease.capacity());
  }
}
