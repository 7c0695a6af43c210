package io.hostpool.internal.lease;

import io.hostpool.http.Url;
import io.hostpool.internal.socket.Endpoint;
import io.hostpool.net.TlsConfig;
import java.util.Objects;

/**
 * The peer that a pool's connections lead to. Timeouts, retries and headers are no part of it: they
 * are policy, and two policies may share a connection. Immutable; equal peers are equal keys.
 *
 * @param scheme {@code http} or {@code https}
 * @param host in lower case, IPv6 without brackets; {@code h} and {@code h.} are two hosts
 * @param port 1 to 65535
 * @param tls the TLS configuration; always the default for http, which does not use it
 */
public record PoolKey(String scheme, String host, int port, TlsConfig tls) {

  public PoolKey {
    Objects.requireNonNull(tls, "tls");
  }

  /**
   * Returns the key of the host of {@code url}.
   *
   * @throws IllegalArgumentException if the scheme is neither http nor https
   */
  public static PoolKey of(Url url, TlsConfig tls) {
    return of(Endpoint.of(url), tls);
  }

  public static PoolKey of(Endpoint endpoint, TlsConfig tls) {
    return new PoolKey(
        endpoint.scheme(),
        endpoint.host(),
        endpoint.port(),
        endpoint.isSecure() ? tls : TlsConfig.defaults());
  }

  Endpoint endpoint() {
    return new Endpoint(scheme, host, port);
  }

  public boolean isSecure() {
    return scheme.equals("https");
  }

  /** Returns {@code host:port}, an IPv6 host in brackets. */
  public String authority() {
    return endpoint().authority();
  }

  /** Returns {@code scheme://host:port}. */
  @Override
  public String toString() {
    return endpoint().toString();
  }
}
