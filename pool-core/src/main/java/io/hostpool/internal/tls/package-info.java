/** TLS over a socket channel, and the host name that a certificate must have. Not exported. */
@NullMarked
package io.hostpool.internal.tls;

import org.jspecify.annotations.NullMarked;
