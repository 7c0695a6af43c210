package io.hostpool.http;

/**
 * Checks and normalises the host of a URL. Not instantiable.
 *
 * <p>What parsers read differently is refused: the host that a caller or a mount checks, the host
 * that is connected to and the {@code Host} header are one and the same.
 */
final class HostParser {

  private static final int MAX_LENGTH = 253;
  private static final int MAX_LABEL_LENGTH = 63;

  /** No name that is longer can become one of 253, and the encoder takes quadratic time. */
  private static final int MAX_UNICODE_LENGTH = 4 * MAX_LENGTH;

  private HostParser() {}

  /**
   * Returns {@code host} in normal form: lower case, ASCII, IPv6 without brackets.
   *
   * @param url the text that the host stands in, for messages
   */
  static String parse(String host, String url) {
    if (host.isEmpty()) {
      throw UrlParts.refused("empty host", url);
    }
    if (host.startsWith("[")) {
      return ipv6(host.substring(1, host.length() - 1), url);
    }
    String ascii = Tokens.consistsOf(host, Tokens.HOST) ? Tokens.lower(host) : toAscii(host, url);
    checkLabels(ascii, url);
    if (IpAddress.endsInNumber(ascii) && !IpAddress.isIpv4(ascii)) {
      throw UrlParts.refused("host that ends in a number but is no a.b.c.d of 0 to 255", url);
    }
    return ascii;
  }

  /**
   * Returns whether {@code value} may be sent as {@code Host}: a host, and a port where there is a
   * colon (CVE-2023-29406). It need not be one that can be connected to.
   */
  static boolean isHostHeader(String value) {
    int hostEnd = value.startsWith("[") ? value.indexOf(']') + 1 : value.indexOf(':');
    int end = hostEnd < 0 ? value.length() : hostEnd;
    String host = value.substring(0, end);
    boolean isHost =
        host.startsWith("[")
            ? IpAddress.isIpv6(host.substring(1, end - 1))
            : !host.isEmpty() && Tokens.consistsOf(host, Tokens.HOST);
    String port = value.substring(end);
    return isHost
        && (port.isEmpty()
            || (port.startsWith(":") && Tokens.consistsOf(port.substring(1), Tokens.DIGIT)));
  }

  private static String ipv6(String address, String url) {
    int zone = address.indexOf('%');
    String number = zone < 0 ? address : address.substring(0, zone);
    if (!IpAddress.isIpv6(number)) {
      throw UrlParts.refused("malformed IPv6 host", url);
    }
    if (zone < 0) {
      return Tokens.lower(number);
    }
    boolean encoded = address.startsWith("%25", zone);
    String name = address.substring(zone + (encoded ? 3 : 1));
    // "::%31" is "::1" to a reader that decodes it first.
    boolean ambiguous = !encoded && PercentEncoding.startsEncoding(address, zone);
    if (name.isEmpty() || ambiguous || !Tokens.consistsOf(name, Tokens.HOST)) {
      throw UrlParts.refused("malformed IPv6 zone (write it as %25…)", url);
    }
    return Tokens.lower(number) + "%" + name;
  }

  private static String toAscii(String host, String url) {
    if (host.length() > MAX_UNICODE_LENGTH
        || host.chars().anyMatch(c -> c < 0x80 && !Tokens.HOST.get(c))) {
      throw UrlParts.refused("malformed host", url);
    }
    String ascii = Idna.toAscii(host);
    if (ascii == null) {
      throw UrlParts.refused(
          "international host that is not encoded alike everywhere (write it as xn--…)", url);
    }
    if (!Tokens.consistsOf(ascii, Tokens.HOST)) {
      throw UrlParts.refused("malformed host", url);
    }
    return ascii;
  }

  private static void checkLabels(String host, String url) {
    int start = 0;
    while (start < host.length()) {
      int dot = host.indexOf('.', start);
      int end = dot < 0 ? host.length() : dot;
      if (end == start || end - start > MAX_LABEL_LENGTH) {
        throw UrlParts.refused("host label empty or longer than " + MAX_LABEL_LENGTH, url);
      }
      start = end + 1;
    }
    if (host.length() > (host.endsWith(".") ? MAX_LENGTH + 1 : MAX_LENGTH)) {
      throw UrlParts.refused("host longer than " + MAX_LENGTH, url);
    }
  }
}
