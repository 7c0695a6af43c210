/** Content codings: what a body was compressed with, taken off again. Not exported. */
@NullMarked
package io.hostpool.internal.coding;

import org.jspecify.annotations.NullMarked;
