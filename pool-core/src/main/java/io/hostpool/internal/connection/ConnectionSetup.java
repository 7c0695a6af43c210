package io.hostpool.internal.connection;

import io.hostpool.internal.socket.BufferPool;
import io.hostpool.internal.socket.ReadWatch;
import io.hostpool.internal.time.Ticker;
import io.hostpool.internal.wire.ExchangeBuffers;
import io.hostpool.net.WireLimits;

/**
 * What all connections of one factory share.
 *
 * @param name {@code host:port}, for messages
 */
record ConnectionSetup(
    String name,
    WireLimits limits,
    BufferPool<ExchangeBuffers> buffers,
    ReadWatch readWatch,
    Ticker ticker) {}
