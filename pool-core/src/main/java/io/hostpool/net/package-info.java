/**
 * One connection: resolving, connecting, TLS, and one HTTP/1.1 exchange at a time on it. Whose
 * connection it is and how often a request is tried are decided above.
 */
@NullMarked
package io.hostpool.net;

import org.jspecify.annotations.NullMarked;
