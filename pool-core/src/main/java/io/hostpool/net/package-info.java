/**
 * Settings of the wire as values: how hosts are resolved, what TLS trusts, what a server may send.
 */
@NullMarked
package io.hostpool.net;

import org.jspecify.annotations.NullMarked;
