package io.hostpool.http;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An absolute URL in normal form: scheme and host in lower case, international names in ASCII, the
 * port always known, unreserved characters decoded, dot segments removed in whatever spelling,
 * every character that RFC 3986 forbids percent-encoded. Immutable; equal normal forms are equal.
 *
 * <p>Control characters are refused, not encoded: a URL is where request splitting starts. {@link
 * #toString()} leaves out user name and password.
 */
public final class Url {

  private final UrlParts parts;

  private Url(UrlParts parts) {
    this.parts = parts;
  }

  /**
   * Parses an absolute URL.
   *
   * @throws IllegalArgumentException if {@code text} has no scheme, no or a malformed host, a port
   *     outside 1 to 65535, or a control character; the message quotes it
   */
  public static Url parse(String text) {
    return new Url(UrlParser.parse(Objects.requireNonNull(text, "url")));
  }

  /**
   * Returns the port that {@code scheme} has when a URL names none: 80, 443, or -1 for a scheme
   * other than http and https.
   */
  public static int defaultPort(String scheme) {
    return UrlParts.defaultPort(scheme);
  }

  /**
   * Returns a host as {@link #host()} gives it the way a URL spells it: IPv6 in brackets, its zone
   * behind {@code %25} (RFC 6874).
   */
  public static String uriHost(String host) {
    return host.indexOf(':') >= 0 ? "[" + host.replace("%", "%25") + "]" : host;
  }

  /**
   * Resolves a reference against this URL (RFC 3986 section 5.2), as a {@code Location} header
   * needs. A fragment is not inherited.
   *
   * @throws IllegalArgumentException as {@link #parse(String)}
   */
  public Url resolve(String reference) {
    return new Url(UrlParser.resolve(parts, Objects.requireNonNull(reference, "reference")));
  }

  /** Returns the scheme in lower case. */
  public String scheme() {
    return parts.authority().scheme();
  }

  /** Returns user name and password as they stood in the URL, percent-encoded; null if none did. */
  public @Nullable String userInfo() {
    return parts.authority().userInfo();
  }

  /**
   * Returns the host in lower case and ASCII; an IPv6 address without its brackets, a zone behind
   * {@code %} in its own letter case.
   */
  public String host() {
    return parts.authority().host();
  }

  /** Returns the port, the scheme's own when the URL names none; -1 if neither is known. */
  public int port() {
    return parts.authority().port();
  }

  /** Returns the path, at least {@code /}. */
  public String path() {
    return parts.rest().path();
  }

  /** Returns the query without its question mark; null if there is none. */
  public @Nullable String query() {
    return parts.rest().query();
  }

  /** Returns the fragment without its hash sign; null if there is none. It is never sent. */
  public @Nullable String fragment() {
    return parts.rest().fragment();
  }

  /** Returns what a request line names: path and query. */
  public String target() {
    return query() == null ? path() : path() + "?" + query();
  }

  /** Returns {@code scheme://host:port}, with the port even where it is the scheme's own. */
  public String origin() {
    return scheme() + "://" + uriHost(host()) + ":" + port();
  }

  /**
   * Returns the value of the {@code Host} header: the port only where it is not the scheme's own,
   * without a zone and without the dot that ends a fully qualified name.
   */
  public String hostHeader() {
    String host = host();
    int zone = host.indexOf('%');
    String name = uriHost(zone < 0 ? host : host.substring(0, zone));
    if (name.endsWith(".")) {
      name = name.substring(0, name.length() - 1);
    }
    return port() == defaultPort(scheme()) ? name : name + ":" + port();
  }

  /** Returns whether scheme, host and port are the same. */
  public boolean isSameOrigin(Url other) {
    return port() == other.port() && scheme().equals(other.scheme()) && host().equals(other.host());
  }

  /**
   * Returns this URL with another query, null for none.
   *
   * @throws IllegalArgumentException if {@code newQuery} is not percent-encoded already
   */
  public Url withQuery(@Nullable String newQuery) {
    String checked = newQuery == null ? null : UrlParser.encoded(newQuery, "query");
    return withRest(new UrlParts.Rest(path(), checked, fragment()));
  }

  /** Returns this URL without user name and password. */
  public Url withoutUserInfo() {
    return userInfo() == null
        ? this
        : new Url(
            new UrlParts(new UrlParts.Authority(scheme(), null, host(), port()), parts.rest()));
  }

  /**
   * Returns this URL with another fragment, null for none.
   *
   * @throws IllegalArgumentException if {@code newFragment} is not percent-encoded already
   */
  public Url withFragment(@Nullable String newFragment) {
    String checked = newFragment == null ? null : UrlParser.encoded(newFragment, "fragment");
    return withRest(new UrlParts.Rest(path(), query(), checked));
  }

  /** Returns this URL without query, fragment, user name and password, for logs and messages. */
  public String redacted() {
    String text = schemeAndAuthority() + path();
    return query() == null ? text : text + "?…";
  }

  private Url withRest(UrlParts.Rest rest) {
    return new Url(new UrlParts(parts.authority(), rest));
  }

  private String schemeAndAuthority() {
    String text = scheme() + "://" + uriHost(host());
    return port() == defaultPort(scheme()) ? text : text + ":" + port();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Url that && parts.equals(that.parts);
  }

  @Override
  public int hashCode() {
    return parts.hashCode();
  }

  /** Returns the URL without user name and password. */
  @Override
  public String toString() {
    String text = schemeAndAuthority() + target();
    return fragment() == null ? text : text + "#" + fragment();
  }
}
