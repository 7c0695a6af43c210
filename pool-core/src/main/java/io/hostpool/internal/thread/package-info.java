/** The background threads of the process, one kind per purpose. Not exported. */
@NullMarked
package io.hostpool.internal.thread;

import org.jspecify.annotations.NullMarked;
