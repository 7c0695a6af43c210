package io.hostpool.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** URLs that are right, and their normal form. Upstream: test_util.py. */
class UrlTest {

  /** Upstream: test_scheme_host_port, test_netloc; a URL without a scheme is refused here. */
  @ParameterizedTest
  @CsvSource({
    "http://google.com/mail, http, google.com, 80",
    "http://google.com/mail/, http, google.com, 80",
    "https://google.com, https, google.com, 443",
    "https://google.com:8000, https, google.com, 8000",
    "http://user:password@127.0.0.1:1234, http, 127.0.0.1, 1234",
    "http://google.com/foo=http://bar:42/baz, http, google.com, 80",
    "http://google.com?foo=http://bar:42/baz, http, google.com, 80",
    "http://google.com#foo=http://bar:42/baz, http, google.com, 80",
    "http://173.194.35.7:80/test, http, 173.194.35.7, 80",
    "http://[2a00:1450:4001:c01::67], http, 2a00:1450:4001:c01::67, 80",
    "http://[2a00:1450:4001:c01::67]:8080/test, http, 2a00:1450:4001:c01::67, 8080",
    "http://[1080:0:0:0:8:800:200c:417a]/index.html, http, 1080:0:0:0:8:800:200c:417a, 80",
    "http://[1080::8:800:200c:417a]/foo, http, 1080::8:800:200c:417a, 80",
    "http://[::192.9.5.5]/ipng, http, ::192.9.5.5, 80",
    "http://[::ffff:129.144.52.38]:42/index.html, http, ::ffff:129.144.52.38, 42",
    "http://[::1], http, ::1, 80",
    "http://[::], http, ::, 80",
    "http://[a::b%25zone], http, a::b%zone, 80",
    "http://[a::b%zone], http, a::b%zone, 80",
    "http://[fe80::1%25eth0]:81/, http, fe80::1%eth0, 81",
    "HTTP://GOogle.COM:8000/mail/, http, google.com, 8000",
    "HTTPS://[1080:0:0:0:8:800:200C:417A]/, https, 1080:0:0:0:8:800:200c:417a, 443",
    "http://google.com:, http, google.com, 80",
    "https://google.com:/, https, google.com, 443",
    "https://example.com:0000000000080, https, example.com, 80",
    "http://example.com.:1/, http, example.com., 1",
    "http://some_host-1.example/, http, some_host-1.example, 80",
    "ftp://example.com/a, ftp, example.com, -1"
  })
  void schemeHostAndPortAreFound(String text, String scheme, String host, int port) {
    Url url = Url.parse(text);

    assertThat(url.scheme()).isEqualTo(scheme);
    assertThat(url.host()).isEqualTo(host);
    assertThat(url.port()).isEqualTo(port);
  }

  /** Upstream: test_parse_url, test_parse_url_normalization, test_request_uri. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "http://google.com /",
        "http://google.com/ /",
        "http://google.com/mail /mail",
        "http://google.com?foo /?foo",
        "http://google.com? /?",
        "http://google.com# /",
        "http://google.com#?/!google.com/?foo /",
        "http://h/foo?bar=baz#banana?apple/orange /foo?bar=baz",
        "http://h/redirect?target=http://localhost:61020/ /redirect?target=http://localhost:61020/",
        "HTTP://GOOGLE.COM/MAIL/ /MAIL/",
        "http://u@h/~tilde@?@ /~tilde@?@",
        "http://google.com/p[]?parameter[]=\"hello\"#fragment# /p%5B%5D?parameter%5B%5D=%22hello%22",
        "http://google.com/p%5B%5d?parameter%5b%5D=%22hello%22 /p%5B%5D?parameter%5B%5D=%22hello%22",
        "http://h/%ab%Af /%AB%AF",
        "http://h/100% /100%25",
        "http://h/%zz%4 /%25zz%254",
        "http://h/%25 /%25",
        "http://h/straße?ß /stra%C3%9Fe?%C3%9F",
        "http://h/😀 /%F0%9F%98%80",
        "http://h/ＮＮ/abc /%EF%BC%AE%EF%BC%AE/abc",
        "http://h/a|b\\c^`{} /a%7Cb%5Cc%5E%60%7B%7D",
        "http://h/a'b(c)*!;,=+$& /a'b(c)*!;,=+$&",
      })
  void targetIsEncodedOnceAndInUpperCase(String text, String target) {
    assertThat(Url.parse(text).target()).isEqualTo(target);
    assertThat(Url.parse(Url.parse(text).toString())).isEqualTo(Url.parse(text).withoutUserInfo());
  }

  @Test
  void blankIsEncodedInEveryPart() {
    Url url = Url.parse("http://us er:p w@host/a b?c d#e f");

    assertThat(url.userInfo()).isEqualTo("us%20er:p%20w");
    assertThat(url.target()).isEqualTo("/a%20b?c%20d");
    assertThat(url.fragment()).isEqualTo("e%20f");
  }

  /** Upstream: test_parse_and_normalize_url_paths; RFC 3986 section 5.2.4. */
  @ParameterizedTest
  @CsvSource({
    "/abc/../def, /def",
    "/.., /",
    "/../../.., /",
    "/./abc/./def/, /abc/def/",
    "/., /",
    "/./, /",
    "/a/.., /",
    "/a/b/.., /a/",
    "/a//../b, /a/b",
    "/abc/./.././d/././e/.././f/./../../ghi, /ghi",
    "/a/.../b, /a/.../b",
    "/.a/..b/c., /.a/..b/c.",
    "/a/%2e%2e/b, /b",
    "/a/b?c/../d, /a/b?c/../d",
    "//evil.example/../x, //x"
  })
  void dotSegmentsAreRemovedFromThePathOnly(String target, String normal) {
    assertThat(Url.parse("http://h" + target).target()).isEqualTo(normal);
  }

  /** RFC 3986 section 5.4, with the path that http URLs always have. */
  @ParameterizedTest
  @CsvSource({
    "g:h, FAILS",
    "g, http://a/b/c/g",
    "./g, http://a/b/c/g",
    "g/, http://a/b/c/g/",
    "/g, http://a/g",
    "//g, http://g/",
    "?y, http://a/b/c/d;p?y",
    "g?y, http://a/b/c/g?y",
    "#s, http://a/b/c/d;p?q#s",
    "g#s, http://a/b/c/g#s",
    "g?y#s, http://a/b/c/g?y#s",
    ";x, http://a/b/c/;x",
    "g;x, http://a/b/c/g;x",
    "'', http://a/b/c/d;p?q",
    "., http://a/b/c/",
    "./, http://a/b/c/",
    ".., http://a/b/",
    "../, http://a/b/",
    "../g, http://a/b/g",
    "../.., http://a/",
    "../../g, http://a/g",
    "../../../g, http://a/g",
    "/./g, http://a/g",
    "/../g, http://a/g",
    "g., http://a/b/c/g.",
    "..g, http://a/b/c/..g",
    "./g/., http://a/b/c/g/",
    "g/../h, http://a/b/c/h",
    "g;x=1/../y, http://a/b/c/y",
    "g?y/../x, http://a/b/c/g?y/../x",
    "g#s/../x, http://a/b/c/g#s/../x",
    "https://b, https://b/",
    "HTTP://B:81/x, http://b:81/x"
  })
  void referenceIsResolvedAsTheStandardSays(String reference, String expected) {
    Url base = Url.parse("http://a/b/c/d;p?q");

    if (expected.equals("FAILS")) {
      assertThatThrownBy(() -> base.resolve(reference))
          .isInstanceOf(IllegalArgumentException.class);
    } else {
      assertThat(base.resolve(reference)).hasToString(expected);
    }
  }

  @Test
  void referenceKeepsTheUserOfItsBaseOnlyOnTheSameAuthority() {
    Url base = Url.parse("http://u:p@a/b");

    assertThat(base.resolve("c").userInfo()).isEqualTo("u:p");
    assertThat(base.resolve("//a/c").userInfo()).isNull();
  }

  /** Upstream: test_non_ascii_hosts_are_idna_encoded. */
  @ParameterizedTest
  @CsvSource({
    "http://例え.テスト/path, xn--r8jz45g.xn--zckzah",
    "http://BÜCHER.example/, xn--bcher-kva.example",
    "http://bu\u0308cher.example/, xn--bcher-kva.example",
    "http://ヒ:キ@ヒ.abc.ニ/, xn--pdk.abc.xn--idk",
    "http://ｅｘａｍｐｌｅ．ｃｏｍ/, example.com",
    "http://a\u3002b/, a.b"
  })
  void internationalHostIsSentInAscii(String text, String host) {
    assertThat(Url.parse(text).host()).isEqualTo(host);
  }

  @Test
  void hostHeaderNamesThePortOnlyWhereItIsNotTheOwnOne() {
    assertThat(Url.parse("http://Example.com:80/").hostHeader()).isEqualTo("example.com");
    assertThat(Url.parse("https://example.com:80/").hostHeader()).isEqualTo("example.com:80");
    assertThat(Url.parse("http://example.com./").hostHeader()).isEqualTo("example.com");
    assertThat(Url.parse("http://example.com.:8/").hostHeader()).isEqualTo("example.com:8");
    assertThat(Url.parse("http://[::1]:8/").hostHeader()).isEqualTo("[::1]:8");
    assertThat(Url.parse("http://[fe80::1%25eth0]:8/").hostHeader()).isEqualTo("[fe80::1]:8");
  }

  @Test
  void originAlwaysNamesThePort() {
    assertThat(Url.parse("https://h/x?y").origin()).isEqualTo("https://h:443");
    assertThat(Url.parse("http://[::1]/").origin()).isEqualTo("http://[::1]:80");
  }

  /** Upstream: test_same_host and its three companions of test_connectionpool.py. */
  @ParameterizedTest
  @CsvSource({
    "http://h/a, http://H:80/b, true", "https://h/, https://h:443, true",
    "http://h/, https://h/, false", "http://h:443/, https://h/, false",
    "http://h/, http://h:8080/, false", "http://h/, http://h./, false",
    "http://h/, http://hh/, false", "http://[::1]/, http://[::1]:80/, true"
  })
  void originIsSchemeHostAndPort(String a, String b, boolean same) {
    assertThat(Url.parse(a).isSameOrigin(Url.parse(b))).isEqualTo(same);
    assertThat(Url.parse(b).isSameOrigin(Url.parse(a))).isEqualTo(same);
  }

  @Test
  void normalFormsThatAreEqualAreEqual() {
    Url a = Url.parse("HTTP://H:80/a/../b?%c3");
    Url b = Url.parse("http://h/b?%C3");

    assertThat(a).isEqualTo(b).hasSameHashCodeAs(b);
    assertThat(a).isNotEqualTo(Url.parse("http://h/b?%C3#"));
    assertThat(a).isNotEqualTo(Url.parse("http://u@h/b?%C3"));
  }

  /** Upstream: test_auth_decoded, by what is sent for it. */
  @ParameterizedTest
  @CsvSource({
    "http://foo:bar@h/, Zm9vOmJhcg==",
    "http://foo@h/, Zm9vOg==",
    "http://foo:@h/, Zm9vOg==",
    "http://user+id:pass%2Cword@h/, dXNlcitpZDpwYXNzLHdvcmQ=",
    "http://user%40email:pass%2Fword@h/, dXNlckBlbWFpbDpwYXNzL3dvcmQ=",
    "http://user@email.com:password@h/, dXNlckBlbWFpbC5jb206cGFzc3dvcmQ=",
    "http://user:pass:word@h/, dXNlcjpwYXNzOndvcmQ="
  })
  void userOfAUrlIsDecodedBeforeItIsSent(String text, String basic) {
    Url url = Url.parse(text);

    Request request = Request.builder("GET", url).auth(Auth.ofUserInfo(url.userInfo())).build();

    assertThat(request.withAuthorization().headers().get("Authorization"))
        .isEqualTo("Basic " + basic);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://u:secret@h/p?token=t#f", "http://u:se/cret@h/?token=t"})
  void textForLogsHasNoSecrets(String text) {
    String shown = Url.parse("http://u:secret@h/p?token=t#f").redacted();

    assertThat(shown).isEqualTo("http://h/p?…");
    assertThatThrownBy(() -> Url.parse(text.replace("http:", "ht\u0000tp:")))
        .hasMessageNotContaining("cret")
        .hasMessageNotContaining("token");
  }
}
