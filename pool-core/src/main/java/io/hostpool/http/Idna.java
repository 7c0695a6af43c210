package io.hostpool.http;

import java.net.IDN;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Encodes international host names. Not instantiable.
 *
 * <p>The JDK has the IDNA of 2003 with Unicode 3.2; browsers and other clients have UTS 46 or IDNA
 * 2008 with the Unicode of today. What the JDK encodes otherwise than UTS 46, or UTS 46 refuses, is
 * refused here: a name leads to the same host everywhere, or nowhere. No library on the class path
 * changes that.
 */
final class Idna {

  /** Labels in ASCII that stand for others. */
  private static final String ACE_PREFIX = "xn--";

  /**
   * Characters of Unicode 3.2 on which the two differ: sharp s, final sigma and the joiners, which
   * UTS 46 keeps; letters that got their lower case, and ideographs that got their mapping, later;
   * characters without a glyph; whatever maps to a dot but is none.
   */
  private static final Pattern OTHERWISE =
      Pattern.compile(
          "[\\u00df\\u03c2\\u200c\\u200d"
              + "\\u04c0\\u10a0-\\u10c5\\u2132\\u2183"
              + "\\x{2f868}\\x{2f874}\\x{2f91f}\\x{2f95f}\\x{2f9bf}"
              + "\\u115f\\u1160\\u3164\\uffa0\\u1734\\u17b4\\u17b5\\u1806"
              + "\\u2024-\\u2026\\u2488-\\u249b\\u33c2\\u33c7\\u33d8\\ufe30\\ufe52]");

  private Idna() {}

  /**
   * Returns {@code host} in ASCII and lower case, null if it is none or not the same everywhere.
   */
  static @Nullable String toAscii(String host) {
    if (OTHERWISE.matcher(host).find()) {
      return null;
    }
    try {
      String ascii = Tokens.lower(IDN.toASCII(host));
      return isValid(ascii) ? ascii : null;
    } catch (RuntimeException notAName) {
      // Java 25 has others than IllegalArgumentException, too.
      return null;
    }
  }

  private static boolean isValid(String ascii) {
    List<String> labels = new ArrayList<>();
    for (String label : ascii.split("\\.", -1)) {
      String decoded = IDN.toUnicode(label);
      if (label.startsWith(ACE_PREFIX) && !isValidAce(label, decoded)) {
        return false;
      }
      if (!label.isEmpty()) {
        labels.add(decoded);
      }
    }
    return labels.stream().noneMatch(Bidi::hasRightToLeft)
        || labels.stream().allMatch(Bidi::isValidLabel);
  }

  /** UTS 46 section 4.1: decoding and encoding give the label again, and no mark comes first. */
  private static boolean isValidAce(String label, String decoded) {
    int first = Character.getType(decoded.codePointAt(0));
    return !decoded.equals(label)
        && label.equals(IDN.toASCII(decoded))
        && !OTHERWISE.matcher(decoded).find()
        && first != Character.NON_SPACING_MARK
        && first != Character.ENCLOSING_MARK
        && first != Character.COMBINING_SPACING_MARK;
  }
}
