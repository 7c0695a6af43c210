/** Background threads, one kind for each purpose of the process. Not exported. */
@NullMarked
package io.hostpool.internal.thread;

import org.jspecify.annotations.NullMarked;
