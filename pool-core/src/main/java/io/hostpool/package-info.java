/**
 * The front door: {@link io.hostpool.Session}, which sends requests through the adapters mounted on
 * it.
 */
@NullMarked
package io.hostpool;

import org.jspecify.annotations.NullMarked;
