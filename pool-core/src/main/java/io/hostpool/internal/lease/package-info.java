/**
 * The connections of one host: which are idle, which are active, which threads are pending, what is
 * closed when. Not exported.
 */
@NullMarked
package io.hostpool.internal.lease;

import org.jspecify.annotations.NullMarked;
