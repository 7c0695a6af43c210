/** Where a redirect leads and what of the request goes there. Not exported. */
@NullMarked
package io.hostpool.internal.redirect;

import org.jspecify.annotations.NullMarked;
