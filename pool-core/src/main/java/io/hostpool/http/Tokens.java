package io.hostpool.http;

import java.util.BitSet;
import java.util.Locale;

/** Character classes of RFC 9110 section 5.6.2 and RFC 3986. Not instantiable. */
final class Tokens {

  private static final String ALPHANUMERIC =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final String SUB_DELIMS = "!$&'()*+,;=";

  static final BitSet DIGIT = of("0123456789");
  static final BitSet HEX_DIGIT = of("0123456789ABCDEFabcdef");

  /** RFC 3986 section 2.3: percent-encoded or not, they mean the same. */
  static final BitSet UNRESERVED = of(ALPHANUMERIC + "-._~");

  /** RFC 9110 token: methods and header names. */
  static final BitSet TOKEN = of(ALPHANUMERIC + "!#$%&'*+-.^_`|~");

  /** RFC 3986 reg-name without percent-encoding, plus the underscore that real host names have. */
  static final BitSet HOST = of(ALPHANUMERIC + "-._~" + SUB_DELIMS);

  static final BitSet USER_INFO = of(ALPHANUMERIC + "-._~" + SUB_DELIMS + ":");
  static final BitSet PATH = of(ALPHANUMERIC + "-._~" + SUB_DELIMS + ":@/");
  static final BitSet QUERY = of(ALPHANUMERIC + "-._~" + SUB_DELIMS + ":@/?");

  private Tokens() {}

  static boolean isToken(String text) {
    return !text.isEmpty() && consistsOf(text, TOKEN);
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  static boolean consistsOf(String text, BitSet allowed) {
    for (int i = 0; i < text.length(); i++) {
      if (!allowed.get(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static BitSet of(String characters) {
    BitSet set = new BitSet(128);
    characters.chars().forEach(set::set);
    return set;
  }
}
