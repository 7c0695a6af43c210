/** Reads and writes one socket within time limits, and pools buffers. Not exported. */
@NullMarked
package io.hostpool.internal.socket;

import org.jspecify.annotations.NullMarked;
