package io.hostpool.http;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/** Percent-encoding of RFC 3986 section 2, in one normal form. Not instantiable. */
final class PercentEncoding {

  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private PercentEncoding() {}

  /**
   * Percent-encodes what is not in {@code allowed}. Of the encodings that are there already, those
   * of unreserved characters are decoded (RFC 3986 section 6.2.2.2) and the others stay, with their
   * hex digits in upper case; a percent sign that starts none is encoded.
   */
  static String normalise(String text, BitSet allowed) {
    if (Tokens.consistsOf(text, allowed)) {
      return text;
    }
    String bytes = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    StringBuilder out = new StringBuilder(bytes.length() + 16);
    for (int i = 0; i < bytes.length(); i++) {
      char b = bytes.charAt(i);
      if (startsEncoding(bytes, i)) {
        char decoded = (char) Integer.parseInt(bytes, i + 1, i + 3, 16);
        append(out, decoded, Tokens.UNRESERVED);
        i += 2;
      } else {
        append(out, b, allowed);
      }
    }
    return out.toString();
  }

  /** Returns whether {@code text} has only characters of {@code allowed} and whole encodings. */
  static boolean isEncoded(String text, BitSet allowed) {
    for (int i = 0; i < text.length(); i++) {
      if (!allowed.get(text.charAt(i)) && !startsEncoding(text, i)) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether a percent sign and two hex digits stand at {@code i}. */
  static boolean startsEncoding(String text, int i) {
    return text.charAt(i) == '%'
        && i + 2 < text.length()
        && Tokens.HEX_DIGIT.get(text.charAt(i + 1))
        && Tokens.HEX_DIGIT.get(text.charAt(i + 2));
  }

  private static void append(StringBuilder out, char b, BitSet plain) {
    if (plain.get(b)) {
      out.append(b);
    } else {
      out.append('%').append(HEX[b >> 4]).append(HEX[b & 0xf]);
    }
  }
}
