/**
 * Immutable decisions and the measuring of time: retries, timeouts, deadlines. Nothing here sleeps
 * or does I/O.
 */
@NullMarked
package io.hostpool.policy;

import org.jspecify.annotations.NullMarked;
