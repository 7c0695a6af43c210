/**
 * The connections of one host: which are idle, which are leased, which threads wait, what is closed
 * when. Not exported.
 */
@NullMarked
package io.hostpool.internal.lease;

import org.jspecify.annotations.NullMarked;
