package io.hostpool.benchmarks;

import javax.net.ssl.SSLContext;

/**
 * What every client is given. Immutable.
 *
 * @param connections connections to one host, at most
 * @param hosts hosts whose connections are to be kept
 * @param tls whom to trust
 * @param virtual whether callers are virtual threads
 */
record ClientSetup(int connections, int hosts, SSLContext tls, boolean virtual) {}
