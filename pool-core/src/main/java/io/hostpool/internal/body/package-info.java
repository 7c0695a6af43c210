/** What streams of bytes share, and reading bodies into memory within limits. Not exported. */
@NullMarked
package io.hostpool.internal.body;

import org.jspecify.annotations.NullMarked;
