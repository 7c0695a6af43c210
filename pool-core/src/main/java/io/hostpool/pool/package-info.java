/**
 * Pools of connections to one host each, the attempts of a request over them, and the LRU of pools.
 */
@NullMarked
package io.hostpool.pool;

import org.jspecify.annotations.NullMarked;
