package io.hostpool.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * International names: the JDK encodes them by Unicode 3.2, everything else by the Unicode of
 * today. One that both encode alike is accepted, any other refused.
 */
class IdnaTest {

  /**
   * The digest of all names of one character, alone, between letters, and between letters that are
   * written from right to left. It was made of those that a browser's parser (WHATWG, Unicode 17)
   * gives for the characters that are accepted here; Python's idna and urllib3, where they accept
   * them, give the same.
   */
  private static final String DIGEST_OF_UTS46 =
      "689213b6f9118167475721a8cbd5a5f1476fe53d871be104701f6afa553bbab8";

  /** Beyond them Unicode 3.2 has surrogates, characters for private use, tags and nothing. */
  private static final int[][] RANGES = {{0x80, 0xd7ff}, {0xf900, 0x2ffff}};

  @Test
  void everySingleCharacterIsEncodedAsByUts46OrRefused() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    int accepted = 0;
    for (String name : List.of("%", "a%a", "\u05d0%\u05d0")) {
      for (int[] range : RANGES) {
        for (int c = range[0]; c <= range[1]; c++) {
          String host = host(name.replace("%", Character.toString(c)));
          if (host != null) {
            accepted++;
            String line = Integer.toHexString(c) + " " + host + "\n";
            digest.update(line.getBytes(StandardCharsets.US_ASCII));
          }
        }
      }
    }

    assertThat(accepted).isEqualTo(191_469);
    assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(DIGEST_OF_UTS46);
  }

  /** The JDK would leave them as they are, or without their lower case: another DNS name. */
  @ParameterizedTest
  @ValueSource(
      strings = {"\u1c90", "\u2c2f", "\u0522", "\ua64c", "\u1e9e", "\ud83d\ude00", "\ud835\udea4"})
  void characterThatIsNewerThanTheTablesOfTheJdkIsRefused(String c) {
    assertRefused("a" + c + "b.example");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0301a.example",
        "a.\u0301b",
        "\u00ad\u0301a.example",
        "\u0903a.example",
        "\u20dda.example",
        "\u0e33.example",
        "xn--a-xbba.\u4e00"
      })
  void labelThatStartsWithACombiningMarkIsRefused(String host) {
    assertRefused(host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127\u20240\u20240\u20241",
        "a\u2025b",
        "a\u2026b",
        "\u2488a",
        "127.0.0.\u2488",
        "\u33c2.example",
        "a\ufe52b",
        "a\ufe30b"
      })
  void characterThatMapsToADotIsRefused(String host) {
    assertRefused(host);
  }

  @ParameterizedTest
  @CsvSource({
    "a\u3002b, a.b",
    "\u4e00\uff0eb, xn--4gq.b",
    "\u4e00\uff61, xn--4gq.",
    "\uff11\uff12\uff17.0.0.\uff11, 127.0.0.1"
  })
  void fullStopsOfOtherScriptsAreFullStops(String host, String ascii) {
    assertThat(host(host)).isEqualTo(ascii);
  }

  /**
   * Final sigma, joiners, late lower case, late mappings of ideographs, fillers without a glyph.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u00df", "\u03c2", "a\u200cb", "a\u200db", "\u04c0", "\u10a0", "\u2132", "\u2183",
        "\ud87e\udc68", "\ud87e\udc74", "\u3164", "\uffa0", "\u115f", "\u1160", "a\u17b4",
            "a\u1806b"
      })
  void characterThatTheTwoEncodeOtherwiseIsRefused(String host) {
    assertRefused(host);
  }

  /** RFC 5893 section 2, which the IDNA of 2003 does not have. */
  @ParameterizedTest
  @CsvSource({
    "\u05d0\u05d1.example, xn--4dbc.example",
    "\u0646\u0627\u0645\u0647.com, xn--mgb4dbg.com",
    "\u05d0-\u05d1, xn----zhce",
    "1.example.\u4e00, 1.example.xn--4gq"
  })
  void nameWrittenFromRightToLeftIsEncoded(String host, String ascii) {
    assertThat(host(host)).isEqualTo(ascii);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.\u05d0",
        "-a.\u05d0",
        "a-.\u05d0",
        "a\u0660",
        "a\u05d0",
        "\u05d01\u0660\u05d0",
        "\u05d0-",
        "1a.\u0660\u05d0"
      })
  void nameThatMixesDirectionsIsRefused(String host) {
    assertRefused(host);
  }

  @ParameterizedTest
  @CsvSource({
    "xn--bcher-kva.\u4e00, xn--bcher-kva.xn--4gq",
    "XN--BCHER-KVA.\u4e00, xn--bcher-kva.xn--4gq",
    "\uff58\uff4e--bcher-kva, xn--bcher-kva"
  })
  void encodedLabelBesideAnInternationalOneIsKept(String host, String ascii) {
    assertThat(host(host)).isEqualTo(ascii);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "xn--a.\u4e00",
        "xn--.\u4e00",
        "xn--zca.\u4e00",
        "xn--abc-.\u4e00",
        "xn--bcher-KVA-.\u4e00",
        "xn--\u4e00",
        "\uff58\uff4e--a"
      })
  void encodedLabelThatStandsForNothingIsRefusedBesideAnInternationalOne(String host) {
    assertRefused(host);
  }

  /** There is nothing to encode: DNS decides. */
  @ParameterizedTest
  @ValueSource(strings = {"xn--zca.example", "xn--a.example", "aa--b.example", "-a-.example"})
  void hostOfAsciiAloneIsLeftAsItIs(String host) {
    assertThat(host(host)).isEqualTo(host);
  }

  private static void assertRefused(String host) {
    assertThatThrownBy(() -> Url.parse("http://" + host + "/"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(write it as xn--…)");
  }

  /** Returns null where it is refused. */
  private static String host(String host) {
    try {
      return Url.parse("http://" + host + "/").host();
    } catch (IllegalArgumentException refused) {
      return null;
    }
  }
}
