/** Monotonic time: the clock, durations as nanoseconds, the deadline of a request. Not exported. */
@NullMarked
package io.hostpool.internal.time;

import org.jspecify.annotations.NullMarked;
