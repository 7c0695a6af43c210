package io.hostpool.http;

/**
 * The rule of RFC 5893 section 2 for labels of names that are written from right to left. Not
 * instantiable.
 */
final class Bidi {

  private static final int L = bit(Character.DIRECTIONALITY_LEFT_TO_RIGHT);
  private static final int R_AL =
      bit(Character.DIRECTIONALITY_RIGHT_TO_LEFT)
          | bit(Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC);
  private static final int EN = bit(Character.DIRECTIONALITY_EUROPEAN_NUMBER);
  private static final int AN = bit(Character.DIRECTIONALITY_ARABIC_NUMBER);
  private static final int NSM = bit(Character.DIRECTIONALITY_NONSPACING_MARK);

  /** What may stand in labels of either direction. */
  private static final int NEUTRAL =
      NSM
          | bit(Character.DIRECTIONALITY_EUROPEAN_NUMBER_SEPARATOR)
          | bit(Character.DIRECTIONALITY_COMMON_NUMBER_SEPARATOR)
          | bit(Character.DIRECTIONALITY_EUROPEAN_NUMBER_TERMINATOR)
          | bit(Character.DIRECTIONALITY_OTHER_NEUTRALS)
          | bit(Character.DIRECTIONALITY_BOUNDARY_NEUTRAL);

  private Bidi() {}

  /** Returns whether a label makes its whole name one to which the rule applies. */
  static boolean hasRightToLeft(String label) {
    return has(classes(label), R_AL | AN);
  }

  /** Returns whether {@code label} may stand in a name to which the rule applies. */
  static boolean isValidLabel(String label) {
    int first = bit(Character.getDirectionality(label.codePointAt(0)));
    int all = classes(label);
    int last = lastClass(label);
    if (has(first, R_AL)) {
      boolean mixesNumbers = has(all, EN) && has(all, AN);
      return !has(all, ~(R_AL | AN | EN | NEUTRAL)) && has(last, R_AL | EN | AN) && !mixesNumbers;
    }
    return has(first, L) && !has(all, ~(L | EN | NEUTRAL)) && has(last, L | EN);
  }

  /** Returns the class of the last character that is no non-spacing mark. */
  private static int lastClass(String label) {
    int end = label.length();
    int last = NSM;
    while (end > 0 && last == NSM) {
      int c = label.codePointBefore(end);
      last = bit(Character.getDirectionality(c));
      end -= Character.charCount(c);
    }
    return last;
  }

  private static int classes(String label) {
    return label
        .codePoints()
        .map(c -> bit(Character.getDirectionality(c)))
        .reduce(0, (a, b) -> a | b);
  }

  private static boolean has(int classes, int wanted) {
    return (classes & wanted) != 0;
  }

  /** An undefined direction, -1, is the highest bit, which no rule wants. */
  private static int bit(byte directionality) {
    return 1 << directionality;
  }
}
