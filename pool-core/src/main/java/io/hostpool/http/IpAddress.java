package io.hostpool.http;

/**
 * IP addresses as text, in the spelling that every parser reads alike: no leading zeros, no octal
 * or hexadecimal numbers, no missing parts. Not instantiable.
 */
final class IpAddress {

  /** Six groups of four digits and an IPv4 address: longer is none. */
  private static final int MAX_IPV6_LENGTH = 45;

  private static final int IPV6_GROUPS = 8;

  private static final int IPV4_NUMBERS = 4;

  private IpAddress() {}

  /** Returns whether {@code host} is four decimal numbers from 0 to 255 without leading zeros. */
  static boolean isIpv4(String host) {
    int numbers = 0;
    int start = 0;
    while (start <= host.length()) {
      int dot = host.indexOf('.', start);
      int end = dot < 0 ? host.length() : dot;
      if (!isByte(host, start, end)) {
        return false;
      }
      numbers++;
      start = end + 1;
    }
    return numbers == IPV4_NUMBERS;
  }

  /** Without a pattern: the host of each URL that is parsed comes this way. */
  private static boolean isByte(String host, int start, int end) {
    int digits = end - start;
    if (digits < 1 || digits > 3 || (digits > 1 && host.charAt(start) == '0')) {
      return false;
    }
    int number = 0;
    for (int i = start; i < end; i++) {
      int digit = host.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      number = 10 * number + digit;
    }
    return number <= 255;
  }

  /**
   * Returns whether the last label of a host is a number, decimal or hexadecimal. No top-level
   * domain is one, so some parsers take such a host for an IPv4 address in one of its old spellings
   * (WHATWG URL Standard, "ends in a number").
   *
   * @param host in lower case
   */
  static boolean endsInNumber(String host) {
    int end = host.endsWith(".") ? host.length() - 1 : host.length();
    int start = host.lastIndexOf('.', end - 1) + 1;
    if (start == end || !Tokens.DIGIT.get(host.charAt(start))) {
      return false;
    }
    String last = host.substring(start, end);
    return last.startsWith("0x")
        ? Tokens.consistsOf(last.substring(2), Tokens.HEX_DIGIT)
        : Tokens.consistsOf(last, Tokens.DIGIT);
  }

  /**
   * Returns whether {@code address} is an IPv6 address without a zone (RFC 4291 section 2.2).
   * HttpCore's own check refuses {@code ::} in the place of a single group.
   */
  static boolean isIpv6(String address) {
    if (address.length() > MAX_IPV6_LENGTH) {
      return false;
    }
    String[] halves = address.split("::", -1);
    if (halves.length == 1) {
      return groups(address, true) == IPV6_GROUPS;
    }
    int left = groups(halves[0], false);
    int right = groups(halves[1], true);
    return halves.length == 2 && left >= 0 && right >= 0 && left + right < IPV6_GROUPS;
  }

  /** Returns how many groups {@code part} has, an IPv4 address at its end being two; -1 if none. */
  private static int groups(String part, boolean mayEndInIpv4) {
    if (part.isEmpty()) {
      return 0;
    }
    String[] groups = part.split(":", -1);
    int last = groups.length - 1;
    for (int i = 0; i < last; i++) {
      if (!isGroup(groups[i])) {
        return -1;
      }
    }
    if (isGroup(groups[last])) {
      return groups.length;
    }
    return mayEndInIpv4 && isIpv4(groups[last]) ? groups.length + 1 : -1;
  }

  private static boolean isGroup(String text) {
    return !text.isEmpty() && text.length() <= 4 && Tokens.consistsOf(text, Tokens.HEX_DIGIT);
  }
}
