package io.hostpool.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One URL has one form: what is compared, with a mount for example, is what is sent. */
class UrlNormalFormTest {

  private static final String[] PIECES = {
    "http://",
    "https://",
    "HTTP://",
    "h",
    "H.example",
    "a.b.",
    "127.0.0.1",
    "[::1]",
    "[fe80::1%25",
    "251",
    "25",
    "%eth0]",
    "LO]",
    "]",
    "xn--",
    "\u00fc",
    "\u4e00",
    "\u3002",
    ":",
    "80",
    ":8080",
    "/",
    "//",
    ".",
    "..",
    "%2e",
    "%2E%2e",
    "/%2e%2E/",
    "%2f",
    "%5c",
    "\\",
    "%25",
    "%",
    "%4",
    "%41",
    "%7e",
    "~",
    "?",
    "#",
    "@",
    "u:p@",
    ":@",
    "&",
    "=",
    "+",
    ";",
    " ",
    "\u00e9",
    "\ud83d\ude00",
    "\u200d"
  };

  @ParameterizedTest
  @CsvSource({
    "/secure/%2E%2E/evil, /evil",
    "/secure/%2e%2e/evil, /evil",
    "/secure/.%2e/evil, /evil",
    "/secure/%2E./evil, /evil",
    "/secure/%2e/x, /secure/x",
    "/secure/%2e%2e, /",
    "/a/b/%2e, /a/b/",
    "/%2e%2e/%2e%2e/x, /x",
    "/secure/..%2fevil, /secure/..%2Fevil",
    "/secure/%252e%252e/x, /secure/%252e%252e/x",
    "/secure/..%5cevil, /secure/..%5Cevil",
    "/secure/%2e%2e;/x, /secure/..;/x",
    "/a%2eb/%2e%2e%2e, /a.b/..."
  })
  void dotSegmentsAreRemovedInWhateverSpelling(String path, String normal) {
    Url base = Url.parse("http://h/secure/");

    assertThat(Url.parse("http://h" + path).path()).isEqualTo(normal);
    assertThat(base.resolve(path).path()).isEqualTo(normal);
    assertThat(base.resolve("http://h" + path).path()).isEqualTo(normal);
    assertThat(base.resolve("." + path).path())
        .isEqualTo(Url.parse("http://h/secure" + path).path());
  }

  /** RFC 3986 section 6.2.2.2; requests: unquote_unreserved. */
  @Test
  void unreservedCharactersAreDecodedAndOthersAreNot() {
    for (int c = 0; c < 0x100; c++) {
      String encoded = String.format("%%%02x", c);
      boolean unreserved = c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0);
      String shown = unreserved ? String.valueOf((char) c) : encoded.toUpperCase();

      assertThat(Url.parse("http://h/x" + encoded + "y").path()).isEqualTo("/x" + shown + "y");
      assertThat(Url.parse("http://h/?" + encoded).query()).isEqualTo(shown);
      assertThat(Url.parse("http://h/#" + encoded).fragment()).isEqualTo(shown);
      assertThat(Url.parse("http://u" + encoded + "@h/").userInfo()).isEqualTo("u" + shown);
    }
  }

  @Test
  void printedUrlIsReadBackAsItself() {
    long seed = 20_251_125;
    Random random = new Random(seed);
    int accepted = 0;
    for (int round = 0; round < 200_000; round++) {
      StringBuilder text = new StringBuilder(PIECES[random.nextInt(3)]);
      for (int n = random.nextInt(9); n >= 0; n--) {
        text.append(PIECES[random.nextInt(PIECES.length)]);
      }
      Url url;
      try {
        url = Url.parse(text.toString());
      } catch (IllegalArgumentException refused) {
        continue;
      }
      accepted++;
      String as = "seed " + seed + ", round " + round + ": " + text;
      assertThat(Url.parse(url.toString())).as(as).isEqualTo(url.withoutUserInfo());
      assertThat(url.resolve(url.toString())).as(as).isEqualTo(url.withoutUserInfo());
      assertThat(url.withQuery(url.query()).withFragment(url.fragment())).as(as).isEqualTo(url);
      assertThat(url.path().split("/")).as(as).doesNotContain(".", "..");
      assertThat(url.target().chars()).as(as).allMatch(c -> c > ' ' && c < 0x7f);
    }
    assertThat(accepted).isGreaterThan(20_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a HTTP/1.1",
        "a\r\nX: y",
        "a\u0000",
        "\u00e4",
        "a#b",
        "100%",
        "%4",
        "%zz",
        "a\"b"
      })
  void queryOrFragmentThatIsNotEncodedIsRefusedWhereItIsSet(String text) {
    Url url = Url.parse("http://h/?q#f");

    assertThatThrownBy(() -> url.withQuery(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("query of a URL must be percent-encoded")
        .hasMessageNotContaining(text);
    assertThatThrownBy(() -> url.withFragment(text)).hasMessageContaining("fragment of a URL");
  }

  @Test
  void queryThatIsSetIsInNormalForm() {
    Url url = Url.parse("http://h/?q#f");

    assertThat(url.withQuery("a=%c3%a4&%7E?/:@"))
        .isEqualTo(Url.parse("http://h/?a=%C3%A4&~?/:@#f"));
    assertThat(url.withQuery(null).withFragment(null)).isEqualTo(Url.parse("http://h/"));
  }

  /** Other white space is a character of the path, as it is for requests and browsers. */
  @Test
  void onlyBlanksAroundAReferenceAreDropped() {
    Url base = Url.parse("http://h/a/");

    assertThat(base.resolve("  http://x/y  ")).hasToString("http://x/y");
    assertThat(base.resolve("\u3000x\u2003")).hasToString("http://h/a/%E3%80%80x%E2%80%83");
    assertThat(base.resolve("\u3000http://x/").host()).isEqualTo("h");
  }
}
