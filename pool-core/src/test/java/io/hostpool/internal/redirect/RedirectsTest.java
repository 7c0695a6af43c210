package io.hostpool.internal.redirect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.ProtocolException;
import io.hostpool.error.UnrewindableBodyException;
import io.hostpool.http.Auth;
import io.hostpool.http.Headers;
import io.hostpool.http.Request;
import io.hostpool.http.RequestBody;
import io.hostpool.http.RequestBodyTest;
import io.hostpool.http.Response;
import io.hostpool.http.Url;
import io.hostpool.policy.Retry;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The request that a redirect calls for. Socket tests have the loops around it. */
class RedirectsTest {

  private static final Set<String> SECRETS = Retry.DEFAULT_REMOVE_HEADERS_ON_REDIRECT;
  private static final List<String> ORIGINS =
      List.of(
          "http://a.example",
          "http://A.example:80",
          "https://a.example",
          "http://b.example",
          "http://a.example:8080",
          "https://a.example:8080",
          "http://a.example:443",
          "https://a.example:8443",
          "http://a.example.",
          "http://a.example.b.example",
          "http://[::1]");

  /**
   * All pairs of origins, any letter case. CVE-2018-20060, CVE-2018-25091, CVE-2018-18074,
   * CVE-2023-43804, CVE-2024-37891, CVE-2026-41715; requests: test_should_strip_auth_*.
   */
  @Test
  void secretsStayOnTheirOrigin() throws Exception {
    for (String from : ORIGINS) {
      for (String to : ORIGINS) {
        for (RedirectRules rules : RedirectRules.values()) {
          Request request =
              Request.builder("GET", from + "/x")
                  .header("AUTHORIZATION", "s")
                  .header("cooKie", "s")
                  .header("Proxy-authorization", "s")
                  .header("hOst", "chosen.example")
                  .header("Kept", "k")
                  .auth(Auth.bearer("s"))
                  .build();

          Request next = Redirects.follow(request, 307, Url.parse(to + "/y"), rules, SECRETS);

          boolean stays =
              Url.parse(from).isSameOrigin(Url.parse(to))
                  || (rules == RedirectRules.REQUESTS
                      && Url.parse(from).origin().equals("http://a.example:80")
                      && to.equals("https://a.example"));
          assertThat(next.headers().contains("Authorization")).as(from + to).isEqualTo(stays);
          assertThat(next.headers().contains("Cookie")).isEqualTo(stays);
          assertThat(next.headers().contains("Proxy-Authorization")).isEqualTo(stays);
          assertThat(next.headers().contains("Host")).isEqualTo(stays);
          assertThat(next.auth() != null).isEqualTo(stays);
          assertThat(next.headers().get("Kept")).isEqualTo("k");
        }
      }
    }
  }

  /** CVE-2023-45803; requests: test_header_and_body_removal_on_redirect. */
  @Test
  void bodyThatIsDroppedTakesItsHeadersWithIt() throws Exception {
    Request.Builder post = Request.builder("POST", "http://h/x").body(RequestBody.of("secret"));
    for (String name :
        List.of(
            "content-encoding",
            "CONTENT-LANGUAGE",
            "Content-Length",
            "Content-Location",
            "Content-Type",
            "Content-MD5",
            "content-range",
            "Content-Disposition",
            "Content-Digest",
            "Digest",
            "Repr-Digest",
            "Last-Modified",
            "EXPECT",
            "Trailer",
            "Transfer-Encoding")) {
      post.header(name, "1");
    }
    Request request = post.header("Accept", "a").build();

    Request next = follow(request, 303, "/y");

    assertThat(next.method()).isEqualTo("GET");
    assertThat(next.body()).isNull();
    assertThat(next.headers()).isEqualTo(Headers.builder().add("Accept", "a").build());
    assertThat(follow(request, 308, "/y").headers()).isEqualTo(request.headers());
  }

  /** Upstream: test_redirect_with_failed_tell. */
  @Test
  void bodyThatWasReadIsNotSentAgain() throws Exception {
    Request request =
        Request.builder("PUT", "http://h/x")
            .body(RequestBody.of(new ByteArrayInputStream(new byte[1])))
            .build();
    RequestBodyTest.bytesOf(request.body());

    assertThatThrownBy(() -> follow(request, 307, "/y"))
        .isInstanceOf(UnrewindableBodyException.class)
        .hasMessageContaining("307");
    assertThat(follow(request, 303, "/y").body()).isNull();
  }

  /** requests: test_fragment_maintained_on_redirect, test_fragment_update_on_redirect. */
  @ParameterizedTest
  @CsvSource({
    "http://h/a#f, /b, http://h/b#f",
    "http://h/a#f, /b#g, http://h/b#g",
    "http://h/a, //other/b, http://other/b",
    "http://h/a/b?c=d, e, http://h/a/e",
    "http://h/a?b, ?c, http://h/a?c",
    "http://h/a, HTTPS://H/B, https://h/B",
    "http://u:p@h/a, http://v:q@h/b, http://h/b",
    "http://h/a, /b c/é, http://h/b%20c/%C3%A9"
  })
  void locationIsResolvedAgainstTheRequest(String from, String location, String target)
      throws Exception {
    Url url = Redirects.target(redirect(from, 302, location));

    assertThat(url).hasToString(target);
    assertThat(url.userInfo()).isNull();
  }

  /** requests: test_redirect_rfc1808_to_non_ascii_location. Header bytes arrive as ISO-8859-1. */
  @Test
  void locationInUtf8IsReadAsSuch() throws Exception {
    String bytes = new String("/š/日".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);

    assertThat(Redirects.target(redirect("http://h/", 301, bytes)))
        .hasToString("http://h/%C5%A1/%E6%97%A5");
    assertThat(Redirects.target(redirect("http://h/", 301, "/\u00e4")))
        .hasToString("http://h/%C3%A4");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 300, 304, 305, 306, 399, 400})
  void otherStatusIsNoRedirect(int status) throws Exception {
    assertThat(Redirects.target(redirect("http://h/", status, "/b"))).isNull();
  }

  @Test
  void redirectWithoutALocationIsNone() throws Exception {
    Response response = Response.builder(Request.builder("GET", "http://h/").build(), 302).build();

    assertThat(Redirects.target(response)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t", " \t  "})
  void redirectWithABlankLocationIsNone(String blank) throws Exception {
    for (int status : new int[] {301, 302, 303, 307, 308}) {
      Response response = redirect("http://h/a?b", status, blank);

      assertThat(Redirects.target(response)).isNull();
      assertThat(Redirects.isRedirect(status, response.headers())).isFalse();
    }
  }

  /** requests: test_redirecting_to_bad_url; all of them are the server's fault. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://",
        "http:///x",
        "http://h:99999/",
        "http://[::1",
        "javascript:alert(0)",
        "http://a\\@b/",
        "http://good.example%0d%0aX:y/",
        "mailto:a@b",
        "/\u0000"
      })
  void locationThatIsNoUrlIsTheServersFault(String location) {
    assertThatThrownBy(() -> Redirects.target(redirect("http://h/p?secret", 302, location)))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("redirect to a Location that is no URL")
        .hasMessageNotContaining("secret")
        .hasCauseInstanceOf(IllegalArgumentException.class);
  }

  /** CVE-2018-1000007: three hops, credentials that are off stay off. */
  @Test
  void secretsDoNotComeBackWithTheOrigin() throws Exception {
    Request request =
        Request.builder("GET", "http://a/")
            .header("Authorization", "s")
            .auth(Auth.bearer("s"))
            .build();
    List<Request> hops = new ArrayList<>();
    for (String to : List.of("http://b/", "http://a/")) {
      request = follow(request, 302, to);
      hops.add(request);
    }

    assertThat(hops)
        .allMatch(hop -> !hop.headers().contains("Authorization") && hop.auth() == null);
  }

  private static Request follow(Request request, int status, String to) throws Exception {
    return Redirects.follow(
        request, status, request.url().resolve(to), RedirectRules.URLLIB3, SECRETS);
  }

  private static Response redirect(String from, int status, String location) {
    return Response.builder(Request.builder("GET", from).build(), status)
        .headers(Headers.received(new String[] {"Location", location}))
        .build();
  }
}
