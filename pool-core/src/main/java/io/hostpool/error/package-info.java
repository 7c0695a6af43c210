/**
 * Exceptions, one type per cause, each with the {@link io.hostpool.error.Phase} it happened in.
 *
 * <p>Everything extends {@link io.hostpool.error.HttpException}, an {@link java.io.IOException}, so
 * that the same types come out of a call and out of a streamed body. Bad arguments are {@link
 * IllegalArgumentException} instead: they are mistakes of the program, not of the network.
 */
@NullMarked
package io.hostpool.error;

import org.jspecify.annotations.NullMarked;
