package io.hostpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.adapter.HttpAdapter;
import io.hostpool.error.DeadlineExceededException;
import io.hostpool.error.ProtocolException;
import io.hostpool.error.TooManyRedirectsException;
import io.hostpool.error.UnrewindableBodyException;
import io.hostpool.http.Auth;
import io.hostpool.http.Request;
import io.hostpool.http.RequestBody;
import io.hostpool.http.Response;
import io.hostpool.policy.Timeout;
import io.hostpool.testkit.Exchange;
import io.hostpool.testkit.LoopbackServer;
import io.hostpool.testkit.ReceivedRequest;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Redirects of a session, by the rules of requests. */
@org.junit.jupiter.api.Timeout(60)
class SessionRedirectSocketTest {

  private final LoopbackServer a = LoopbackServer.builder(this::answer).host("127.0.0.1").start();
  private final LoopbackServer b = LoopbackServer.builder(this::answer).host("127.0.0.2").start();
  private final Session session = Session.create();

  @AfterEach
  void stop() {
    assertThat(session.pools()).allMatch(pool -> pool.leased() == 0);
    session.close();
    a.close();
    b.close();
  }

  /** Upstream: test_http_30x_changes_post_to_get and its kin; requests' measured redirects. */
  @ParameterizedTest
  @CsvSource({
    "301, POST, GET",
    "301, PUT, PUT",
    "301, DELETE, DELETE",
    "302, POST, GET",
    "302, PUT, GET",
    "302, GET, GET",
    "303, POST, GET",
    "303, PUT, GET",
    "303, HEAD, HEAD",
    "307, POST, POST",
    "307, PUT, PUT",
    "308, POST, POST",
    "308, PUT, PUT"
  })
  void methodOfTheNextRequestIsThatOfRequests(int status, String method, String next)
      throws Exception {
    Response response =
        session.send(
            Request.builder(method, a.url("/to/" + status + "/done"))
                .followRedirects(true)
                .build());

    assertThat(response.status()).isEqualTo(200);
    assertThat(a.requests()).extracting(ReceivedRequest::method).containsExactly(method, next);
    assertThat(response.history()).extracting(Response::status).containsExactly(status);
    assertThat(response.url()).isEqualTo(a.url("/done"));
  }

  /** Upstream: test_header_and_body_removal_on_redirect. */
  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303})
  void bodyAndItsHeadersAreDroppedUnlessTheStatusKeepsThem(int status) throws Exception {
    session.post(
        a.url("/to/" + status + "/done"),
        r ->
            r.body(RequestBody.of("payload"))
                .header("Content-Type", "text/x")
                .header("Content-MD5", "x")
                .header("Content-Range", "bytes 0-6/7")
                .header("Expect", "x")
                .header("Trailer", "X-Sum")
                .header("X-Keep", "1"));

    ReceivedRequest next = a.requests().get(1);
    assertThat(next.text()).isEmpty();
    assertThat(next.headerNames())
        .doesNotContain("Expect", "Trailer")
        .noneMatch(name -> name.startsWith("Content-"));
    assertThat(next.header("X-Keep")).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(ints = {307, 308})
  void bodyIsSentAgainWhereTheStatusKeepsIt(int status) throws Exception {
    session.post(a.url("/to/" + status + "/done"), RequestBody.of("payload"));

    assertThat(a.requests())
        .extracting(ReceivedRequest::text)
        .containsExactly("payload", "payload");
  }

  @Test
  void bodyThatCanBeReadOnceIsNotSentAgain() {
    RequestBody once = RequestBody.of(new ByteArrayInputStream(new byte[3]));

    assertThatThrownBy(() -> session.post(a.url("/to/307/done"), once))
        .isInstanceOf(UnrewindableBodyException.class)
        .hasMessageContaining("a redirect with status 307 needs it again");
    assertThat(a.requests()).hasSize(1);
  }

  /** CVE-2018-20060, CVE-2018-25091, CVE-2023-43804, CVE-2024-37891. */
  @ParameterizedTest
  @CsvSource({
    "Authorization",
    "AUTHORIZATION",
    "authorization",
    "Cookie",
    "cookie",
    "Proxy-Authorization"
  })
  void secretsDoNotReachAnotherHostInAnyLetterCase(String header) throws Exception {
    session.get(
        a.url("/to/302/" + encoded(b.url("/done"))),
        r -> r.header(header, "secret").header("X-Keep", "1"));

    assertThat(a.requests().get(0).header(header)).isEqualTo("secret");
    assertThat(b.requests().get(0).header(header)).isNull();
    assertThat(b.requests().get(0).header("X-Keep")).isEqualTo("1");
  }

  @Test
  void secretsStayOnTheSameOrigin() throws Exception {
    session.get(
        a.url("/to/302/done"), r -> r.header("Authorization", "secret").header("Cookie", "c=1"));

    assertThat(a.requests().get(1).header("Authorization")).isEqualTo("secret");
    assertThat(a.requests().get(1).header("Cookie")).isEqualTo("c=1");
  }

  /** Reactor Netty CVE-2025-22227: chained redirects. */
  @Test
  void secretsStayOffWhenALaterRedirectLeadsBack() throws Exception {
    String back = b.url("/to/302/" + encoded(a.url("/done")));
    session.get(a.url("/to/302/" + encoded(back)), r -> r.auth(Auth.basic("user", "password")));

    assertThat(a.requests().get(0).header("Authorization")).startsWith("Basic ");
    assertThat(b.requests().get(0).header("Authorization")).isNull();
    assertThat(a.requests().get(1).header("Authorization")).isNull();
  }

  /** Another port is another origin. */
  @Test
  void secretsDoNotReachAnotherPort() throws Exception {
    try (LoopbackServer other = LoopbackServer.start(this::answer)) {
      session.get(
          a.url("/to/302/" + encoded(other.url("/done"))),
          r -> r.header("Authorization", "secret"));

      assertThat(other.requests().get(0).header("Authorization")).isNull();
    }
  }

  /** curl CVE-2018-1000007, CVE-2022-27774. */
  @Test
  void userOfTheUrlIsSentToItsHostOnly() throws Exception {
    String url = a.url("/to/302/" + encoded(b.url("/done"))).replace("://", "://user:p%40ss@");

    Response response = session.get(url);

    String credentials =
        Base64.getEncoder().encodeToString("user:p@ss".getBytes(StandardCharsets.UTF_8));
    assertThat(a.requests().get(0).header("Authorization")).isEqualTo("Basic " + credentials);
    assertThat(b.requests().get(0).header("Authorization")).isNull();
    assertThat(response.history().get(0).url()).doesNotContain("p%40ss", "user");
  }

  @Test
  void userInALocationIsIgnored() throws Exception {
    session.get(a.url("/to/302/" + encoded(b.url("/done").replace("://", "://eve:x@"))));

    assertThat(b.requests().get(0).header("Authorization")).isNull();
  }

  @Test
  void hostHeaderOfTheCallerDoesNotFollowToAnotherHost() throws Exception {
    session.get(
        a.url("/to/302/" + encoded(b.url("/done"))), r -> r.header("Host", "virtual.example"));

    assertThat(a.requests().get(0).header("Host")).isEqualTo("virtual.example");
    assertThat(b.requests().get(0).header("Host")).isEqualTo("127.0.0.2:" + b.port());
  }

  /** Upstream: test_HTTP_302_TOO_MANY_REDIRECTS; requests makes 31 requests. */
  @Test
  void loopEndsAfterThirtyRedirects() {
    assertThatThrownBy(() -> session.get(a.url("/loop")))
        .isInstanceOf(TooManyRedirectsException.class)
        .hasMessageContaining("more than 30 redirects, the last to " + a.url("/loop"));
    assertThat(a.requests()).hasSize(31);
    assertThat(a.accepted()).isEqualTo(1);
  }

  @Test
  void limitOfRedirectsCanBeSet() {
    try (Session strict = Session.builder().maxRedirects(0).build()) {
      assertThatThrownBy(() -> strict.get(a.url("/loop")))
          .isInstanceOf(TooManyRedirectsException.class);
    }
    assertThat(a.requests()).hasSize(1);
  }

  @Test
  void redirectIsTheAnswerWhereNoneIsFollowed() throws Exception {
    assertThat(session.get(a.url("/loop"), r -> r.followRedirects(false)).status()).isEqualTo(302);
    assertThat(session.head(a.url("/loop")).status()).isEqualTo(302);
    try (Session still = Session.builder().followRedirects(false).build()) {
      assertThat(still.get(a.url("/loop")).status()).isEqualTo(302);
    }
  }

  @Test
  void fragmentIsInheritedAndNeverSent() throws Exception {
    Response inherited = session.get(a.url("/to/302/done#part"));
    Response own = session.get(a.url("/to/302/" + encoded("/done#other") + "#part"));

    assertThat(inherited.url()).endsWith("/done#part");
    assertThat(own.url()).endsWith("/done#other");
    assertThat(a.requests()).noneMatch(request -> request.target().contains("#"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://", "http://h:99999/", "ftp://127.0.0.1/x", "http://a b/", "mailto:x"})
  void locationThatLeadsNowhereIsTheServersFault(String location) {
    assertThatThrownBy(() -> session.get(a.url("/to/302/" + encoded(location))))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("redirect to");
  }

  @Test
  void redirectWithoutALocationIsTheAnswer() throws Exception {
    assertThat(session.get(a.url("/status/302")).status()).isEqualTo(302);
    assertThat(session.get(a.url("/status/304")).status()).isEqualTo(304);
    assertThat(session.get(a.url("/status/300")).status()).isEqualTo(300);
  }

  /** requests, urllib3, curl: nowhere to go; the URL of the request would be sent 31 times. */
  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void redirectWithABlankLocationIsTheAnswerAfterOneRequest(int status) throws Exception {
    for (String blank : List.of("", " ", " \t ")) {
      Response response =
          session.post(a.url("/to/" + status + "/" + encoded(blank)), RequestBody.of("payload"));

      assertThat(response.status()).isEqualTo(status);
      assertThat(response.text()).isEqualTo("moved");
      assertThat(response.history()).isEmpty();
    }
    assertThat(a.requests()).hasSize(3);
    assertThat(a.accepted()).isEqualTo(1);
  }

  @Test
  void everyHopGoesThroughTheAdapterOfItsUrl() throws Exception {
    HttpAdapter own = HttpAdapter.create();
    session.mount(b.url("/"), own);

    session.get(a.url("/to/302/" + encoded(b.url("/done"))));

    assertThat(own.pools()).hasSize(1);
  }

  @Test
  void streamedRedirectsGiveTheirConnectionBack() throws Exception {
    try (Response response = session.get(a.url("/to/302/done"), r -> r.stream(true))) {
      assertThat(response.text()).isEqualTo("done");
    }

    assertThat(a.accepted()).isEqualTo(1);
  }

  @Test
  void totalTimeCoversAllHops() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (LoopbackServer slow =
        LoopbackServer.start(
            exchange -> {
              if (exchange.target().equals("/second")) {
                exchange.await(never);
              }
              exchange.respond(302, "", "Location: /second");
            })) {
      Timeout total = Timeout.builder().total(Duration.ofMillis(100)).build();

      assertThatThrownBy(() -> session.get(slow.url("/first"), r -> r.timeout(total)))
          .isInstanceOf(DeadlineExceededException.class)
          .hasMessageContaining("total time of 100 ms");
      never.countDown();
    }
  }

  private void answer(Exchange exchange) throws Exception {
    List<String> parts = List.of(exchange.target().split("/"));
    switch (parts.get(1)) {
      case "to" -> {
        String location = decoded(parts.get(3));
        String target = location.equals("done") ? "/done" : location;
        exchange.respond(Integer.parseInt(parts.get(2)), "moved", "Location: " + target);
      }
      case "loop" -> exchange.respond(302, "again", "Location: /loop");
      case "status" -> exchange.respond(Integer.parseInt(parts.get(2)), "");
      default -> exchange.respond(200, "done");
    }
  }

  /** A location as one path segment that the client leaves as it is. */
  private static String encoded(String location) {
    return "x" + HexFormat.of().formatHex(location.getBytes(StandardCharsets.UTF_8));
  }

  private static String decoded(String segment) {
    return segment.equals("done")
        ? segment
        : new String(HexFormat.of().parseHex(segment.substring(1)), StandardCharsets.UTF_8);
  }
}
