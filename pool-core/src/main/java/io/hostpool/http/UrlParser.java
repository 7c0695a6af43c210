package io.hostpool.http;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import org.apache.hc.core5.net.InetAddressUtils;
import org.jspecify.annotations.Nullable;

/**
 * Splits, checks and normalises URLs by RFC 3986. Every loop goes forward through the text once, so
 * the time is linear whatever the text (CVE-2020-7212, CVE-2021-33503). Not instantiable.
 *
 * <p>{@link java.net.URI} does not do: it has no host for names with an underscore, and it refuses
 * the blanks and bars that real links contain.
 */
final class UrlParser {

  private static final int MAX_HOST_LENGTH = 253;
  private static final int MAX_LABEL_LENGTH = 63;

  /** No name that is longer can become one of 253, and the encoder takes quadratic time. */
  private static final int MAX_UNICODE_HOST_LENGTH = 4 * MAX_HOST_LENGTH;

  private static final int MAX_PORT = 65_535;

  /** Sharp s, final sigma and the two joiners: IDNA 2008 keeps them, IDNA 2003 maps them. */
  private static final String DEVIATIONS = "\u00df\u1e9e\u03c2\u200c\u200d";

  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private UrlParser() {}

  record Authority(String scheme, @Nullable String userInfo, String host, int port) {}

  record Rest(String path, @Nullable String query, @Nullable String fragment) {}

  static Url parse(String text) {
    refuseControlCharacters(text);
    int schemeEnd = schemeEnd(text);
    if (schemeEnd < 0 || !text.startsWith("//", schemeEnd + 1)) {
      throw new IllegalArgumentException(
          "not an absolute URL (scheme://host/…): " + Escape.quote(redact(text)));
    }
    String scheme = Url.lower(text.substring(0, schemeEnd));
    int authorityStart = schemeEnd + 3;
    int authorityEnd = indexOfAny(text, authorityStart, '/', '?', '#');
    Authority authority =
        authority(scheme, text.substring(authorityStart, authorityEnd), redact(text));
    return new Url(authority, rest(text, authorityEnd));
  }

  static Url resolve(Url base, String reference) {
    refuseControlCharacters(reference);
    String text = reference.strip();
    if (schemeEnd(text) >= 0) {
      return parse(text);
    }
    if (text.startsWith("//")) {
      return parse(base.scheme() + ":" + text);
    }
    if (text.isEmpty() || text.startsWith("#")) {
      String fragment = text.isEmpty() ? null : encode(text.substring(1), Tokens.QUERY);
      return new Url(base.authority(), new Rest(base.path(), base.query(), fragment));
    }
    if (text.startsWith("?")) {
      Rest rest = rest(text, 0);
      return new Url(base.authority(), new Rest(base.path(), rest.query(), rest.fragment()));
    }
    String path = text;
    if (!text.startsWith("/")) {
      path = base.path().substring(0, base.path().lastIndexOf('/') + 1) + text;
    }
    return new Url(base.authority(), rest(path, 0));
  }

  /** Returns the index of the colon after a scheme, or -1 if the text does not start with one. */
  private static int schemeEnd(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      boolean inner = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
      if (c == ':' && i > 0) {
        // "host:8080/x" is a host and a port, not a scheme.
        return text.startsWith("//", i + 1) || !startsWithDigit(text, i + 1) ? i : -1;
      }
      if (!letter && !(inner && i > 0)) {
        return -1;
      }
    }
    return -1;
  }

  private static boolean startsWithDigit(String text, int at) {
    return at < text.length() && Character.isDigit(text.charAt(at));
  }

  private static Authority authority(String scheme, String text, String whole) {
    if (text.indexOf('\\') >= 0) {
      // Browsers and urllib3 end the host here, RFC 3986 does not know the character.
      throw new IllegalArgumentException("backslash before the path of URL " + Escape.quote(whole));
    }
    int at = text.lastIndexOf('@');
    String userInfo = at < 0 ? null : encode(text.substring(0, at), Tokens.USER_INFO);
    String hostAndPort = text.substring(at + 1);
    int hostEnd = hostAndPort.startsWith("[") ? hostAndPort.indexOf(']') + 1 : -1;
    int colon = hostAndPort.indexOf(':', Math.max(hostEnd, 0));
    if (hostEnd == 0 || (hostEnd > 0 && hostEnd < hostAndPort.length() && colon != hostEnd)) {
      throw new IllegalArgumentException("malformed IPv6 host in URL " + Escape.quote(whole));
    }
    String host = colon < 0 ? hostAndPort : hostAndPort.substring(0, colon);
    String port = colon < 0 ? "" : hostAndPort.substring(colon + 1);
    return new Authority(scheme, userInfo, host(host, whole), port(port, scheme, whole));
  }

  /** Returns {@code host} in normal form: lower case, ASCII, IPv6 without brackets. */
  static String host(String host, String whole) {
    if (host.isEmpty()) {
      throw new IllegalArgumentException("empty host in URL " + Escape.quote(whole));
    }
    if (host.startsWith("[")) {
      return ipv6(host.substring(1, host.length() - 1), whole);
    }
    String ascii = Tokens.consistsOf(host, Tokens.HOST) ? host : toAscii(host, whole);
    checkLabels(ascii, whole);
    return Url.lower(ascii);
  }

  private static String ipv6(String address, String whole) {
    int zone = address.indexOf('%');
    String number = zone < 0 ? address : address.substring(0, zone);
    if (!isIpv6(number)) {
      throw new IllegalArgumentException("malformed IPv6 host in URL " + Escape.quote(whole));
    }
    if (zone < 0) {
      return Url.lower(number);
    }
    String name = address.substring(zone + (address.startsWith("%25", zone) ? 3 : 1));
    if (name.isEmpty() || !Tokens.consistsOf(name, Tokens.HOST)) {
      throw new IllegalArgumentException("malformed IPv6 zone in URL " + Escape.quote(whole));
    }
    return Url.lower(number) + "%" + name;
  }

  /** Returns whether {@code number} is an address, also one that ends as IPv4 addresses do. */
  private static boolean isIpv6(String number) {
    int tail = number.lastIndexOf(':') + 1;
    return InetAddressUtils.isIPv4(number.substring(tail))
        ? InetAddressUtils.isIPv6(number.substring(0, tail) + "0:0")
        : InetAddressUtils.isIPv6(number);
  }

  private static String toAscii(String host, String whole) {
    if (host.length() > MAX_UNICODE_HOST_LENGTH) {
      throw new IllegalArgumentException("malformed host in URL " + Escape.quote(whole));
    }
    if (host.chars().anyMatch(c -> DEVIATIONS.indexOf(c) >= 0)) {
      // The JDK has the IDNA of 2003 only, which makes another host of these than browsers do.
      throw new IllegalArgumentException(
          "host with a character that IDNA 2003 and 2008 encode differently in URL "
              + Escape.quote(whole)
              + ": write it as xn--…");
    }
    try {
      String ascii = IDN.toASCII(host, IDN.ALLOW_UNASSIGNED);
      if (Tokens.consistsOf(ascii, Tokens.HOST)) {
        return ascii;
      }
    } catch (RuntimeException notAName) {
      // Java 25 has others than IllegalArgumentException, too.
      throw new IllegalArgumentException("malformed host in URL " + Escape.quote(whole), notAName);
    }
    throw new IllegalArgumentException("malformed host in URL " + Escape.quote(whole));
  }

  private static void checkLabels(String host, String whole) {
    int start = 0;
    while (start < host.length()) {
      int dot = host.indexOf('.', start);
      int end = dot < 0 ? host.length() : dot;
      if (end == start || end - start > MAX_LABEL_LENGTH) {
        throw new IllegalArgumentException(
            "host label empty or longer than "
                + MAX_LABEL_LENGTH
                + " in URL "
                + Escape.quote(whole));
      }
      start = end + 1;
    }
    if (host.length() > (host.endsWith(".") ? MAX_HOST_LENGTH + 1 : MAX_HOST_LENGTH)) {
      throw new IllegalArgumentException(
          "host longer than " + MAX_HOST_LENGTH + " in URL " + Escape.quote(whole));
    }
  }

  private static int port(String text, String scheme, String whole) {
    if (text.isEmpty()) {
      return Url.defaultPort(scheme);
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
      throw new IllegalArgumentException(
          "port must be 1 to " + MAX_PORT + " in URL " + Escape.quote(whole));
    }
    return (int) port;
  }

  private static Rest rest(String text, int start) {
    int hash = text.indexOf('#', start);
    int end = hash < 0 ? text.length() : hash;
    int mark = text.indexOf('?', start);
    boolean hasQuery = mark >= 0 && mark < end;
    String path = encode(text.substring(start, hasQuery ? mark : end), Tokens.PATH);
    String query = hasQuery ? encode(text.substring(mark + 1, end), Tokens.QUERY) : null;
    String fragment = hash < 0 ? null : encode(text.substring(hash + 1), Tokens.QUERY);
    return new Rest(path.isEmpty() ? "/" : removeDotSegments(path), query, fragment);
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

  /**
   * Percent-encodes what is not in {@code allowed}. Encodings that are there already stay, with
   * their hex digits in upper case; a percent sign that starts none is encoded.
   */
  static String encode(String text, BitSet allowed) {
    int clean = 0;
    while (clean < text.length() && allowed.get(text.charAt(clean))) {
      clean++;
    }
    if (clean == text.length()) {
      return text;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    StringBuilder out = new StringBuilder(bytes.length + 16);
    for (int i = 0; i < bytes.length; i++) {
      int b = bytes[i] & 0xff;
      if (b == '%' && i + 2 < bytes.length && isHex(bytes[i + 1]) && isHex(bytes[i + 2])) {
        out.append('%').append(upper(bytes[i + 1])).append(upper(bytes[i + 2]));
        i += 2;
      } else if (b < 0x80 && allowed.get(b)) {
        out.append((char) b);
      } else {
        out.append('%').append(HEX[b >> 4]).append(HEX[b & 0xf]);
      }
    }
    return out.toString();
  }

  private static boolean isHex(byte b) {
    return Character.digit(b, 16) >= 0;
  }

  private static char upper(byte b) {
    return Character.toUpperCase((char) b);
  }

  /** Refuses what could split a request, and half characters, which UTF-8 cannot write. */
  private static void refuseControlCharacters(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == 0x7f) {
        throw new IllegalArgumentException(
            "control character at index " + i + " of URL " + Escape.quote(redact(text)));
      }
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          throw new IllegalArgumentException(
              "half a character at index " + i + " of URL " + Escape.quote(redact(text)));
        }
        i++;
      }
    }
  }

  private static int indexOfAny(String text, int start, char a, char b, char c) {
    for (int i = start; i < text.length(); i++) {
      char x = text.charAt(i);
      if (x == a || x == b || x == c) {
        return i;
      }
    }
    return text.length();
  }

  /** Cuts user name, password and query out of a text that may be no URL at all. */
  private static String redact(String text) {
    int end = indexOfAny(text, 0, '?', '#', '#');
    int slashes = text.indexOf("//");
    int start = slashes < 0 ? 0 : slashes + 2;
    int at = text.lastIndexOf('@', end - 1);
    String head =
        at > start
            ? text.substring(0, start) + "…" + text.substring(at, end)
            : text.substring(0, end);
    return end < text.length() && text.charAt(end) == '?' ? head + "?…" : head;
  }
}
