package io.hostpool.internal.connection;

import io.hostpool.http.Headers;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The head of a response, and its body, which is still on the connection. Immutable except for the
 * stream.
 *
 * @param version such as {@code HTTP/1.1}
 * @param body the framed body, not decoded; null if the response has none
 * @param length the declared length of the body in bytes, -1 if it has none
 * @param keepAliveNanos how long the server keeps the connection when idle, by {@code Keep-Alive:
 *     timeout=}; {@code Durations.NO_LIMIT} if it does not say
 */
public record WireResponse(
    int status,
    String reason,
    String version,
    Headers headers,
    @Nullable InputStream body,
    long length,
    long keepAliveNanos) {}
