package io.hostpool.internal.connection;

import io.hostpool.internal.socket.ReadWatch;
import io.hostpool.internal.socket.Spares;
import io.hostpool.internal.time.Ticker;
import io.hostpool.internal.wire.Codec;
import io.hostpool.net.WireLimits;

/**
 * What all connections of one factory share.
 *
 * @param name {@code host:port}, for messages
 */
record ConnectionSetup(
    String name, WireLimits limits, Spares<Codec> codecs, ReadWatch readWatch, Ticker ticker) {}
