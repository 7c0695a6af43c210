/** HTTP/1.1 on the wire: heads, framing, chunks. Not exported. */
@NullMarked
package io.hostpool.internal.wire;

import org.jspecify.annotations.NullMarked;
