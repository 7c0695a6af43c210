/** What a session mounts under a prefix: the seam, and the adapter that pools. */
@NullMarked
package io.hostpool.adapter;

import org.jspecify.annotations.NullMarked;
