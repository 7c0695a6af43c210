package io.hostpool.pool;

import java.util.Map;

/**
 * The numbers of one pool at one instant; they fit each other: {@code opened - closed = idle +
 * leased}. Immutable. Counters start at 0 with the pool.
 *
 * @param key {@code scheme://host:port}
 * @param state where the pool is in its life
 * @param max connections kept at most; unless the pool overflows, also open at most
 * @param leased connections in use
 * @param idle connections kept for the next request
 * @param dialing connections being opened; each holds a permit as a leased one does
 * @param pending threads waiting for a connection, or for a slot under {@code maxConnections}
 * @param created connection objects made; urllib3's {@code num_connections}
 * @param opened connections that were opened
 * @param closed connections that were closed
 * @param closedBy {@code closed} by reason; a reason that never occurred is absent
 * @param reused requests that an idle connection served, counted when it comes back
 * @param redialed connections opened in place of one that the server had dropped
 * @param failedDials connections that could not be opened
 * @param discarded connections closed because the pool was full
 * @param leaked streamed responses that were not closed in time, or never
 * @param timeouts waits that ended with the pool timeout
 * @param unserved requests for a connection that brought none, by outcome; an outcome that never
 *     occurred is absent
 * @param requests requests that had a connection, repetitions included, counted when it comes back;
 *     urllib3's {@code num_requests}
 */
public record PoolStats(
    String key,
    PoolState state,
    int max,
    int leased,
    int idle,
    int dialing,
    int pending,
    long created,
    long opened,
    long closed,
    Map<CloseReason, Long> closedBy,
    long reused,
    long redialed,
    long failedDials,
    long discarded,
    long leaked,
    long timeouts,
    Map<AcquireOutcome, Long> unserved,
    long requests) {}
