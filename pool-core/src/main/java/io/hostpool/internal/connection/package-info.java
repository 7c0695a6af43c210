/**
 * Opens one connection and drives it: name resolution, connect, TLS, one HTTP/1.1 exchange at a
 * time. The packages above decide on ownership and retries. Not exported.
 */
@NullMarked
package io.hostpool.internal.connection;

import org.jspecify.annotations.NullMarked;
