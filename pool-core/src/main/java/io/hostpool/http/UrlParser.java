package io.hostpool.http;

import io.hostpool.http.UrlParts.Authority;
import io.hostpool.http.UrlParts.Rest;
import io.hostpool.internal.text.Escape;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Splits, checks and normalises URLs by RFC 3986. Every loop goes forward through the text once, so
 * the time is linear whatever the text (CVE-2020-7212, CVE-2021-33503). Not instantiable.
 *
 * <p>{@link java.net.URI} does not do: it has no host for names with an underscore, and it refuses
 * the blanks and bars that real links contain.
 */
final class UrlParser {

  private static final int MAX_PORT = 65_535;

  private UrlParser() {}

  static UrlParts parse(String text) {
    refuseControlCharacters(text);
    int schemeEnd = schemeEnd(text);
    if (schemeEnd < 0 || !text.startsWith("//", schemeEnd + 1)) {
      throw new IllegalArgumentException(
          "not an absolute URL (scheme://host/…): " + Escape.url(text));
    }
    String scheme = Tokens.lower(text.substring(0, schemeEnd));
    int authorityStart = schemeEnd + 3;
    int authorityEnd = authorityEnd(text, authorityStart);
    Authority authority = authority(scheme, text.substring(authorityStart, authorityEnd), text);
    return new UrlParts(authority, rest(text, authorityEnd));
  }

  static UrlParts resolve(UrlParts base, String reference) {
    refuseControlCharacters(reference);
    String text = trim(reference);
    int schemeEnd = schemeEnd(text);
    if (schemeEnd >= 0) {
      if (!text.startsWith("//", schemeEnd + 1)) {
        throw UrlParts.refused("scheme " + text.substring(0, schemeEnd) + " without //host", text);
      }
      return parse(text);
    }
    if (text.startsWith("//")) {
      return parse(base.authority().scheme() + ":" + text);
    }
    if (text.startsWith("\\\\") || text.startsWith("/\\") || text.startsWith("\\/")) {
      // Browsers read a host behind these.
      throw UrlParts.refused("backslash before the path", text);
    }
    if (text.isEmpty() || text.startsWith("#")) {
      String fragment = text.isEmpty() ? null : fragment(text.substring(1));
      return new UrlParts(
          base.authority(), new Rest(base.rest().path(), base.rest().query(), fragment));
    }
    if (text.startsWith("?")) {
      Rest rest = rest(text, 0);
      return new UrlParts(
          base.authority(), new Rest(base.rest().path(), rest.query(), rest.fragment()));
    }
    String path = text;
    if (!text.startsWith("/")) {
      path = base.rest().path().substring(0, base.rest().path().lastIndexOf('/') + 1) + text;
    }
    return new UrlParts(base.authority(), rest(path, 0));
  }

  /**
   * Returns a query or fragment in normal form.
   *
   * @throws IllegalArgumentException if it is not encoded; the message does not repeat it
   */
  static String encoded(String text, String what) {
    if (!PercentEncoding.isEncoded(text, Tokens.QUERY)) {
      throw new IllegalArgumentException(
          what + " of a URL must be percent-encoded (RFC 3986 section 3.4)");
    }
    return PercentEncoding.normalise(text, Tokens.QUERY);
  }

  /** Blanks around a reference are none of it; other white space is refused or encoded. */
  private static String trim(String reference) {
    int start = 0;
    int end = reference.length();
    while (start < end && reference.charAt(start) == ' ') {
      start++;
    }
    while (end > start && reference.charAt(end - 1) == ' ') {
      end--;
    }
    return reference.substring(start, end);
  }

  /** Returns the index of the colon after a scheme, or -1 if the text does not start with one. */
  private static int schemeEnd(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      boolean inner = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
      if (c == ':' && i > 0) {
        return i;
      }
      if (!letter && !(inner && i > 0)) {
        return -1;
      }
    }
    return -1;
  }

  private static Authority authority(String scheme, String text, String url) {
    if (text.indexOf('\\') >= 0) {
      // Browsers and urllib3 end the host here, RFC 3986 does not know the character.
      throw UrlParts.refused("backslash before the path", url);
    }
    int at = text.lastIndexOf('@');
    String userInfo = at < 0 ? null : userInfo(text.substring(0, at));
    String hostAndPort = text.substring(at + 1);
    int hostEnd = hostAndPort.startsWith("[") ? hostAndPort.indexOf(']') + 1 : -1;
    int colon = hostAndPort.indexOf(':', Math.max(hostEnd, 0));
    if (hostEnd == 0 || (hostEnd > 0 && hostEnd < hostAndPort.length() && colon != hostEnd)) {
      throw UrlParts.refused("malformed IPv6 host", url);
    }
    String host = colon < 0 ? hostAndPort : hostAndPort.substring(0, colon);
    String port = colon < 0 ? "" : hostAndPort.substring(colon + 1);
    return new Authority(scheme, userInfo, HostParser.parse(host, url), port(port, scheme, url));
  }

  /** Returns null where neither a user nor a password is given, only their delimiters. */
  private static @Nullable String userInfo(String text) {
    return text.isEmpty() || text.equals(":")
        ? null
        : PercentEncoding.normalise(text, Tokens.USER_INFO);
  }

  private static int port(String text, String scheme, String url) {
    if (text.isEmpty()) {
      return UrlParts.defaultPort(scheme);
    }
    long port = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        port = MAX_PORT + 1L;
        break;
      }
      port = Math.min(port * 10 + digit, MAX_PORT + 1L);
    }
    if (port < 1 || port > MAX_PORT) {
      throw UrlParts.refused("port must be 1 to " + MAX_PORT, url);
    }
    return (int) port;
  }

  private static Rest rest(String text, int start) {
    int hash = text.indexOf('#', start);
    int end = hash < 0 ? text.length() : hash;
    int mark = text.indexOf('?', start);
    boolean hasQuery = mark >= 0 && mark < end;
    String path =
        PercentEncoding.normalise(text.substring(start, hasQuery ? mark : end), Tokens.PATH);
    String query =
        hasQuery ? PercentEncoding.normalise(text.substring(mark + 1, end), Tokens.QUERY) : null;
    String fragment = hash < 0 ? null : fragment(text.substring(hash + 1));
    return new Rest(path.isEmpty() ? "/" : removeDotSegments(path), query, fragment);
  }

  private static String fragment(String text) {
    return PercentEncoding.normalise(text, Tokens.QUERY);
  }

  /** RFC 3986 section 5.2.4. */
  private static String removeDotSegments(String path) {
    if (!path.contains("/.")) {
      return path;
    }
    Deque<String> kept = new ArrayDeque<>();
    String[] segments = path.split("/", -1);
    for (int i = 1; i < segments.length; i++) {
      boolean last = i == segments.length - 1;
      switch (segments[i]) {
        case "." -> {
          if (last) {
            kept.addLast("");
          }
        }
        case ".." -> {
          kept.pollLast();
          if (last) {
            kept.addLast("");
          }
        }
        default -> kept.addLast(segments[i]);
      }
    }
    return "/" + String.join("/", kept);
  }

  /** Refuses what could split a request, and half characters, which UTF-8 cannot write. */
  private static void refuseControlCharacters(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == 0x7f) {
        throw new IllegalArgumentException(
            "control character at index " + i + " of URL " + Escape.url(text));
      }
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          throw new IllegalArgumentException(
              "half a character at index " + i + " of URL " + Escape.url(text));
        }
        i++;
      }
    }
  }

  private static int authorityEnd(String text, int start) {
    for (int i = start; i < text.length(); i++) {
      if ("/?#".indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return text.length();
  }
}
