package io.hostpool;

import io.hostpool.http.Url;
import io.hostpool.internal.text.Escape;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Decides which URLs a prefix covers. Immutable.
 *
 * <p>It compares parts, not characters: {@code http://a.com} does not cover {@code
 * http://a.com.evil.org}, nor {@code /v1} cover {@code /v10}. A host without port and path covers
 * every port of that host, as it does in requests; with a path it means the scheme's own port.
 *
 * @param text the prefix in normal form: scheme and host in lower case and ASCII, before a path no
 *     port that is the scheme's own
 * @param host null if the prefix is a scheme alone
 * @param port -1 for every port
 */
record MountPrefix(String text, String scheme, @Nullable String host, int port, String path) {

  /**
   * @throws IllegalArgumentException if {@code prefix} is none, or has a user, a query or a
   *     fragment
   */
  static MountPrefix parse(String prefix) {
    if (prefix.indexOf('@') >= 0) {
      // First of all checks, and without the text: a password may stand in it.
      throw new IllegalArgumentException("mount prefix must not have a user, nor '@' at all");
    }
    int colon = prefix.indexOf("://");
    if (colon <= 0) {
      throw new IllegalArgumentException(
          "mount prefix must start with scheme://: " + Escape.url(prefix));
    }
    if (prefix.indexOf('?') >= 0 || prefix.indexOf('#') >= 0) {
      throw new IllegalArgumentException(
          "mount prefix must not have a query or a fragment: " + Escape.url(prefix));
    }
    String rest = prefix.substring(colon + 3);
    String scheme = prefix.substring(0, colon).toLowerCase(Locale.ROOT);
    if (rest.isEmpty()) {
      return new MountPrefix(scheme + "://", scheme, null, -1, "");
    }
    Url url = Url.parse(prefix);
    int slash = rest.indexOf('/');
    String authority = slash < 0 ? rest : rest.substring(0, slash);
    boolean hasPort = authority.lastIndexOf(':') > authority.lastIndexOf(']');
    boolean everyPort = slash < 0 && !hasPort;
    int port = everyPort ? -1 : url.port();
    String path = slash < 0 ? "" : url.path();
    // Without a path the port must stay: it is what tells one port from all of them.
    boolean showsPort = port >= 0 && (slash < 0 || port != Url.defaultPort(scheme));
    String text = scheme + "://" + Url.uriHost(url.host()) + (showsPort ? ":" + port : "") + path;
    return new MountPrefix(text, scheme, url.host(), port, path);
  }

  /** Returns a URL of the one host that it names, null if it names none. */
  @Nullable Url origin() {
    return host == null ? null : Url.parse(text.endsWith("/") ? text : text + "/");
  }

  boolean covers(Url url) {
    return scheme.equals(url.scheme())
        && (host == null || (host.equals(url.host()) && (port < 0 || port == url.port())))
        && coversPath(url.path());
  }

  private boolean coversPath(String other) {
    return other.startsWith(path)
        && (path.isEmpty()
            || path.endsWith("/")
            || other.length() == path.length()
            || other.charAt(path.length()) == '/');
  }
}
