package io.hostpool.http;

import org.jspecify.annotations.Nullable;

/**
 * What {@link Auth} may know of the request that it gives credentials to.
 *
 * @param method the method, as it is sent
 * @param url the URL that the request is sent to
 * @param headers the headers, the session's included
 * @param body the body, null if there is none
 */
public record RequestView(String method, Url url, Headers headers, @Nullable RequestBody body) {}
