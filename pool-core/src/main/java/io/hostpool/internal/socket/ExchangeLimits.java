package io.hostpool.internal.socket;

import io.hostpool.internal.time.Deadline;

/**
 * How long one exchange may take. Immutable.
 *
 * @param readNanos the longest wait for the next bytes, {@code Durations.NO_LIMIT} for no limit
 * @param deadline the end of the whole request
 */
public record ExchangeLimits(long readNanos, Deadline deadline) {}
