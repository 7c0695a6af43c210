/** Our pool and client beside those of others. */
@NullMarked
package io.hostpool.benchmarks;

import org.jspecify.annotations.NullMarked;
