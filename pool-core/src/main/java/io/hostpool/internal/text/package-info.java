/** Text that is safe in messages. Not exported. */
@NullMarked
package io.hostpool.internal.text;

import org.jspecify.annotations.NullMarked;
