/** Messages as values: URLs, headers, requests, responses and their bodies. No connections. */
@NullMarked
package io.hostpool.http;

import org.jspecify.annotations.NullMarked;
