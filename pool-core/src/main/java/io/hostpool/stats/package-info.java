/** What can be seen of a pool: its numbers, its state, and what happens in it. */
@NullMarked
package io.hostpool.stats;

import org.jspecify.annotations.NullMarked;
