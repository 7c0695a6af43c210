package io.hostpool.benchmarks;

import javax.net.ssl.SSLContext;

/**
 * What every client is given. Immutable.
 *
 * @param connections connections to one host, at most
 * @param hosts hosts whose connections are to be kept, for clients that count hosts
 * @param total connections to keep in all, for clients that count those
 * @param tls the TLS configuration
 */
record ClientSetup(int connections, int hosts, int total, SSLContext tls) {}
