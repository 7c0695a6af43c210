/**
 * Bytes of one socket under time limits, and what is known of it while it is idle. Not exported.
 */
@NullMarked
package io.hostpool.internal.socket;

import org.jspecify.annotations.NullMarked;
