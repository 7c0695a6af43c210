/** What several threads may do to one pool at once. In the pool's package, to reach its parts. */
@NullMarked
package io.hostpool.pool;

import org.jspecify.annotations.NullMarked;
