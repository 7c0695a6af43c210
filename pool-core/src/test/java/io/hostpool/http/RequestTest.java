package io.hostpool.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.policy.Retry;
import io.hostpool.policy.Timeout;
import io.hostpool.pool.PoolManager;
import java.io.ByteArrayInputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as values. Upstream: the tests of PreparedRequest in requests' test_requests.py. */
class RequestTest {

  /** requests: test_params_are_added_before_fragment, test_params_original_order…. */
  @Test
  void parametersAreAppendedBeforeTheFragment() {
    Map<String, Object> more = new LinkedHashMap<>();
    more.put("z", 1);
    more.put("a", List.of("x", "y z"));

    Request request =
        Request.builder("GET", "http://h/p?q=1#f").param("ä", "b&c=d").params(more).build();

    assertThat(request.url()).hasToString("http://h/p?q=1&%C3%A4=b%26c%3Dd&z=1&a=x&a=y+z#f");
  }

  @ParameterizedTest
  @CsvSource({
    "http://h, http://h/?k=v",
    "http://h?, http://h/?k=v",
    "http://h/#f, http://h/?k=v#f"
  })
  void firstParameterStartsTheQuery(String url, String expected) {
    assertThat(Request.builder("GET", url).param("k", "v").build().url()).hasToString(expected);
    assertThat(Request.builder("GET", "http://h").params(Map.of()).build().url())
        .hasToString("http://h/");
  }

  /** CVE-2020-26137: every byte at every place of a method. */
  @Test
  void methodThatIsNoTokenIsRefused() {
    for (char c = 0; c < 0x180; c++) {
      boolean token = Character.isLetterOrDigit(c) && c < 0x7f || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
      for (String method : List.of(c + "GET", "G" + c + "T", "GET" + c)) {
        if (token) {
          assertThat(Request.builder(method, "http://h/").build().method()).isEqualTo(method);
        } else {
          assertRefused(() -> Request.builder(method, "http://h/"), "method is not a token");
          assertRefused(
              () -> Request.builder("GET", "http://h/").method(method), "method is not a token");
        }
      }
    }
    assertRefused(() -> Request.builder("", "http://h/"), "method is not a token: \"\"");
  }

  @Test
  void builderOfARequestStartsFromAllOfIt() {
    Auth auth = Auth.basic("u", "p");
    Request request =
        Request.builder("POST", "http://h/")
            .header("A", "1")
            .addHeader("a", "2")
            .body(RequestBody.of("x"))
            .stream(true)
            .followRedirects(false)
            .timeout(Timeout.none())
            .retries(Retry.none())
            .auth(auth)
            .build();

    Request copy = request.toBuilder().build();

    assertThat(copy).usingRecursiveComparison().isEqualTo(request);
    assertThat(copy.headers().getAll("a")).containsExactly("1", "2");
    assertThat(request.toBuilder().noBody().noAuth().build().isReplayable()).isTrue();
    assertThat(request.toBuilder().noAuth().build().auth()).isNull();
  }

  @Test
  void builderThatGoesOnDoesNotChangeWhatItBuilt() {
    Request.Builder builder = Request.builder("GET", "http://h/").header("a", "1");
    Request request = builder.build();

    builder.header("a", "2").method("PUT").param("q", "1").stream(true);

    assertThat(request.headers().get("a")).isEqualTo("1");
    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.url().query()).isNull();
    assertThat(request.stream()).isFalse();
  }

  /** requests: test_basicauth_with_netrc…: what is set explicitly wins. */
  @Test
  void authorizationThatIsSetGoesBeforeCredentials() {
    Request request =
        Request.builder("GET", "http://h/")
            .header("AUTHORIZATION", "mine")
            .auth(Auth.bearer("token"))
            .build();

    assertThat(request.withAuthorization().headers().getAll("Authorization"))
        .containsExactly("mine");
  }

  @Test
  void credentialsBecomeAHeader() {
    assertThat(authorization(Auth.basic("Aladdin", "open sesame")))
        .isEqualTo("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    assertThat(authorization(Auth.basic("tëst", ":£"))).isEqualTo("Basic dMOrc3Q6OsKj");
    assertThat(authorization(Auth.bearer("abc"))).isEqualTo("Bearer abc");
    assertThat(authorization(request -> request.method())).isEqualTo("GET");
  }

  /** HttpClient 5.6.4 let control characters of a token through. */
  @Test
  void credentialsThatCouldEndALineAreRefusedWithoutBeingQuoted() {
    assertThatThrownBy(() -> authorization(Auth.bearer("hunter2\r\nX: y")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Authorization")
        .hasMessageNotContaining("hunter2");
    assertRefused(() -> Auth.basic("a:b", "c"), "must not contain a colon");
  }

  /** RFC 9110 section 9.3.6: its target is no URL, and what follows its response no HTTP. */
  @ParameterizedTest
  @ValueSource(strings = {"CONNECT", "connect"})
  void connectIsRefused(String method) {
    assertRefused(() -> Request.builder(method, "http://h/"), "CONNECT asks a proxy for a tunnel");
    assertRefused(() -> Request.builder("GET", "http://h/").method(method), "CONNECT asks a proxy");
  }

  /** CVE-2023-29406. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example/@ x", "a/b", "a b", "a@b", "a?b", "a,b c", "a:b", "a:80:80", "a:-1", ":80",
        "", "[::1", "[::1]x", "[::1]:x", "[g]", "::1", "[fe80::1%25eth0]", "a%2fb", "a\\b", "\u00e4"
      })
  void hostThatIsNoneIsRefusedWhereItIsSet(String host) {
    Request.Builder request = Request.builder("GET", "http://h/");

    for (String name : List.of("Host", "hOST")) {
      assertRefused(() -> request.header(name, host), "value of header ");
      assertRefused(() -> request.addHeader(name, host), "value of header ");
      assertRefused(() -> request.headers(Map.of(name, host)), "value of header ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.example", "A_b:8080", "a.", "127.0.0.1:1", "[::1]", "[::1]:80", "h:"})
  void hostWithOrWithoutAPortIsSent(String host) {
    assertThat(Request.builder("GET", "http://h/").header("Host", host).build().headers())
        .isEqualTo(Headers.of(Map.of("Host", host)));
  }

  /** What a peer sent is not checked on its way in. */
  @Test
  void headersThatWereReceivedAreCheckedBeforeTheyAreSent() {
    Headers received = Headers.received(new String[] {"A", "1\r\nB: 2"});
    Request.Builder request = Request.builder("GET", "http://h/");

    assertRefused(() -> request.headers(received), "value of header A");
    assertRefused(() -> request.headers(received.toBuilder().add("B", "2").build()), "header A");
    assertRefused(() -> request.build().withDefaultHeaders(received), "value of header A");
    assertRefused(() -> PoolManager.builder().headers(received), "value of header A");
    assertThat(request.headers(Headers.received(new String[] {"A", "1"})).build().headers())
        .isEqualTo(Headers.of(Map.of("A", "1")));
  }

  @Test
  void contentTypeOfABodyIsCheckedWhereTheBodyIsSetAndAskedOnce() {
    AtomicInteger asked = new AtomicInteger();
    RequestBody body = new BodyOfType(() -> asked.getAndIncrement() == 0 ? "a/b" : "a/b\r\nX: y");

    Request request = Request.builder("POST", "http://h/").body(body).build();

    assertThat(request.toBuilder().header("A", "1").build().bodyType()).isEqualTo("a/b");
    assertThat(request.toBuilder().noBody().build().bodyType()).isNull();
    assertThat(asked).hasValue(1);
    for (String type : List.of("a/b\r\nX: y", "a/b\n", " a/b", "a/b\u0000", "\u20ac")) {
      assertRefused(
          () -> Request.builder("POST", "http://h/").body(new BodyOfType(() -> type)),
          "value of header Content-Type");
    }
  }

  @Test
  void bodyThatWasReadCannotBeSentAgain() throws Exception {
    Request request =
        Request.builder("POST", "http://h/")
            .body(RequestBody.of(new ByteArrayInputStream(new byte[1])))
            .build();
    assertThat(request.isReplayable()).isTrue();

    RequestBodyTest.bytesOf(request.body());

    assertThat(request.isReplayable()).isFalse();
    assertThat(request.toBuilder().noBody().build().isReplayable()).isTrue();
  }

  private static String authorization(Auth auth) {
    return Request.builder("GET", "http://h/")
        .auth(auth)
        .build()
        .withAuthorization()
        .headers()
        .get("Authorization");
  }

  private static void assertRefused(Runnable call, String message) {
    assertThatThrownBy(call::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
