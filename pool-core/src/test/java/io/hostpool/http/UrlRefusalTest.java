package io.hostpool.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * URLs that are no URLs, or that different parsers read differently: the host that is checked, the
 * host that is connected to and the {@code Host} header must be one and the same.
 */
class UrlRefusalTest {

  /** Upstream: test_invalid_url, test_parse_url_invalid_IPv6, test_parse_url_negative_port. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "google.com/mail",
        "google.com:80",
        "//google.com/a/b/c",
        "http:",
        "http:/h",
        "http://",
        "http:///path",
        "http://?q",
        "http://#f",
        "http://:80/",
        "http://user@/",
        "http://google.com:foo",
        "http://google.com:-80",
        "http://google.com:+80",
        "http://google.com:0",
        "http://google.com:000",
        "http://google.com:65536",
        "http://google.com:99999999999999999999",
        "http://google.com:\u00b2\u00b2",
        "http://google.com:8 0",
        "http://google.com:80:80",
        "http://::1/",
        "http://::1:80/",
        "http://[::1",
        "http://[]/",
        "http://[::1]x/",
        "http://[::1]]/",
        "http://x[::1]/",
        "http://[::g]/",
        "http://[1:2]/",
        "http://[127.0.0.1]/",
        "http://[::1%25]/",
        "http://[::1%]/",
        "http://[::1%25a%00]/",
        "http://[::1%25%0d%0a]/",
        "http://[v1.x]/",
        "http://a..b/",
        "http://.a/",
        "http://./",
        "http://a../",
        "http://foo%.example/",
        "http://foo%zz.example/",
        "http://\ud800.com",
        "http://\udc00.com",
        "javascript:a='@google.com:12345/';alert(0)",
        "1http://h/",
        "ht tp://h/",
        "://h/",
      })
  void textThatIsNoUrlIsRefused(String text) {
    assertThatThrownBy(() -> Url.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  /** CVE-2020-13956, CVE-2024-6763 and their kin: one parser's host is another one's user. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://good.example\\@evil.example/",
        "http://evil.example\\.good.example/",
        "https://user:pass@xdavidhu.me\\test.corp.google.com:8080/path",
        "http://good.example%2F@evil.example%5C/",
        "http://good.example\u2100evil.example/",
        "http://good.example\uff0fevil.example/",
        "http://good.example\uff1fevil.example/",
        "http://good.example\uff20evil.example/",
        "http://good.example\uff1a80/",
        "http://good.example %20/",
        "http://a b/",
        "http://a<b/",
        "http://a\"b/",
        "http://a^b/",
        "http://a|b/",
        "http://a%b/",
        "http://%65xample.com/",
        "http://example%2Ecom/",
        "http://127.0.0.1%00.example/",
        "http://127.0.0.1%0d%0aConnection%3a%20keep-alive",
      })
  void hostThatParsersReadDifferentlyIsRefused(String text) {
    assertThatThrownBy(() -> Url.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void userEndsAtTheLastAtSignAndTheHostIsWhatFollows() {
    assertThat(Url.parse("http://a@b/").host()).isEqualTo("b");
    assertThat(Url.parse("http://a@b@c/").host()).isEqualTo("c");
    assertThat(Url.parse("http://a@b@c/").userInfo()).isEqualTo("a%40b");
    assertThat(Url.parse("http://a#@b/").host()).isEqualTo("a");
    assertThat(Url.parse("http://a?@b/").host()).isEqualTo("a");
    assertThat(Url.parse("http://a/@b/").host()).isEqualTo("a");
    assertThat(Url.parse("http://google.com#@evil.com/").host()).isEqualTo("google.com");
  }

  /**
   * The JDK knows the IDNA of 2003 only, which makes "strasse" of "straße": another host than the
   * one that browsers and urllib3 (IDNA 2008) connect to.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://straße.example/",
        "http://Königsgäßchen.de/path",
        "http://βόλος.example/",
        "http://a\u200cb.example/",
        "http://a\u200db.example/"
      })
  void hostThatTheTwoStandardsEncodeDifferentlyIsRefused(String text) {
    assertThatThrownBy(() -> Url.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("xn--");
  }

  /** CVE-2019-9740, CVE-2019-11236: upstream encodes what is refused here. */
  @Test
  void controlCharacterIsRefusedAnywhere() {
    for (char c = 0; c < 0x20; c++) {
      refusesEverywhere(c);
    }
    refusesEverywhere((char) 0x7f);
  }

  private static void refusesEverywhere(char c) {
    String[] templates = {
      "%shttp://h/",
      "ht%stp://h/",
      "http://%sh/",
      "http://h%s/",
      "http://u%s@h/",
      "http://h:8%s0/",
      "http://h/a%sb",
      "http://h/?a%sb",
      "http://h/#a%sb",
      "http://h/%s",
      "http://[::1%s]/"
    };
    for (String template : templates) {
      String text = template.replace("%s", String.valueOf(c));
      assertThatThrownBy(() -> Url.parse(text))
          .as("U+%04X in %s", (int) c, template)
          .isInstanceOf(IllegalArgumentException.class)
          .message()
          .doesNotContain(String.valueOf(c));
    }
  }

  /** All that can stand in a target: nothing that ends a request line or starts another. */
  @Test
  void targetNeverHoldsWhatEndsARequestLine() {
    for (char c = 0x20; c < 0x250; c++) {
      if (c == 0x7f) {
        continue;
      }
      String target = Url.parse("http://h/a" + c + "?b" + c).target();
      assertThat(target.chars().allMatch(x -> x > ' ' && x < 0x7f)).as(target).isTrue();
    }
  }

  /** Half of a surrogate pair has no UTF-8: another character would be asked for. */
  @ParameterizedTest
  @ValueSource(
      strings = {"http://h/\ud800", "http://h/?\udc00", "http://\ud800@h/", "http://h/#\ud800x"})
  void halfACharacterIsRefused(String text) {
    assertThatThrownBy(() -> Url.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  /** CVE-2020-7212, CVE-2021-33503: hours where parsing is quadratic. */
  @Test
  void megabytesAreReadInLinearTime() {
    int n = 1_000_000;
    String[] texts = {
      "http://h/" + "%af".repeat(n),
      "http://h/" + "%".repeat(n),
      "http://h/" + "/.".repeat(n),
      "http://h/" + "a/../".repeat(n),
      "http://h/" + "ü".repeat(n),
      "https://user:" + "@".repeat(n) + "example.com",
      "https://" + "@".repeat(n) + "[",
      "http://" + "a.".repeat(n),
      "http://[" + ":".repeat(n) + "]",
      "http://h:" + "0".repeat(n),
      "http://" + "ü".repeat(n),
      "a".repeat(n),
      "?".repeat(n),
      "/".repeat(n),
    };

    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          for (String text : texts) {
            try {
              Url.parse(text);
            } catch (IllegalArgumentException refused) {
              assertThat(refused.getMessage()).hasSizeLessThan(400);
            }
          }
        });
  }

  @Test
  void nameLongerThanDnsAllowsIsRefused() {
    String label = "a".repeat(63);
    String longest = label + "." + label + "." + label + "." + "a".repeat(61);

    assertThat(Url.parse("http://" + longest + "/").host()).hasSize(253);
    assertThat(Url.parse("http://" + longest + "./").host()).hasSize(254);
    assertThatThrownBy(() -> Url.parse("http://" + longest + "a/"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("253");
    assertThatThrownBy(() -> Url.parse("http://" + label + "a/")).hasMessageContaining("63");
  }

  @Test
  void messageNamesTheUrlWithoutItsSecrets() {
    assertThatThrownBy(() -> Url.parse("http://u:secret@host:99999/?token=t"))
        .hasMessageContaining("host:99999")
        .hasMessageContaining("65535")
        .hasMessageNotContaining("secret")
        .hasMessageNotContaining("token");
  }
}
