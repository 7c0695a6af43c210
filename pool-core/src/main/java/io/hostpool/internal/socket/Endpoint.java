package io.hostpool.internal.socket;

import io.hostpool.http.Url;
import io.hostpool.internal.text.Escape;
import java.util.Locale;
import java.util.Objects;

/**
 * Where a connection goes: scheme, host and port. Immutable.
 *
 * @param scheme {@code http} or {@code https}
 * @param host a name or address in lower case, IPv6 without brackets, a zone behind {@code %} as it
 *     is written
 * @param port 1 to 65535
 */
public record Endpoint(String scheme, String host, int port) {

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the scheme is neither http nor https, the host is empty or
   *     the port out of range
   */
  public Endpoint {
    Objects.requireNonNull(scheme, "scheme");
    Objects.requireNonNull(host, "host");
    scheme = scheme.toLowerCase(Locale.ROOT);
    host = lower(host);
    if (Url.defaultPort(scheme) < 0) {
      throw new IllegalArgumentException(
          "scheme must be http or https: " + Escape.url(scheme) + " of host " + host);
    }
    // One string for all endpoints: some applications have very many.
    scheme = scheme.equals("https") ? "https" : "http";
    if (host.isEmpty()) {
      throw new IllegalArgumentException("host must not be empty");
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port must be 1 to 65535: " + port);
    }
  }

  /** Returns the endpoint that {@code url} names. */
  public static Endpoint of(Url url) {
    return new Endpoint(url.scheme(), url.host(), url.port());
  }

  /**
   * Returns the endpoint of a host as users write it: any letter case, international, IPv6 with
   * brackets as in a URL, or without brackets and then with a zone behind {@code %}.
   *
   * @throws IllegalArgumentException if {@code host} is empty or malformed, {@code scheme} neither
   *     http nor https, or {@code port} out of range
   */
  public static Endpoint of(String scheme, String host, int port) {
    Objects.requireNonNull(host, "host");
    if (host.isEmpty() || host.chars().anyMatch(c -> "/?#@ ".indexOf(c) >= 0)) {
      throw new IllegalArgumentException("not a host name: " + Escape.url(host));
    }
    boolean bareIpv6 = host.indexOf(':') >= 0 && !host.startsWith("[");
    Endpoint checked = new Endpoint(scheme, "unchecked", port);
    String uriHost = bareIpv6 ? Url.uriHost(host) : host;
    return of(Url.parse(checked.scheme + "://" + uriHost + ":" + port));
  }

  /** A zone is the name of an interface, which is case-sensitive. */
  private static String lower(String host) {
    int zone = host.indexOf('%');
    return zone < 0
        ? host.toLowerCase(Locale.ROOT)
        : host.substring(0, zone).toLowerCase(Locale.ROOT) + host.substring(zone);
  }

  public boolean isSecure() {
    return scheme.equals("https");
  }

  /** Returns {@code host:port}, an IPv6 host in brackets. */
  public String authority() {
    return Url.uriHost(host) + ":" + port;
  }

  /** Returns {@code scheme://host:port}. */
  @Override
  public String toString() {
    return scheme + "://" + authority();
  }
}
