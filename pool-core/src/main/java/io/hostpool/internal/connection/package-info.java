/**
 * Opens one connection and drives it: resolving, connecting, TLS, one HTTP/1.1 exchange at a time.
 * Whose connection it is and how often a request is tried are decided above. Not exported.
 */
@NullMarked
package io.hostpool.internal.connection;

import org.jspecify.annotations.NullMarked;
