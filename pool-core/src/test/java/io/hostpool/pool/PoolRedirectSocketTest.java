package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.HostChangedException;
import io.hostpool.error.MaxRetryException;
import io.hostpool.error.ProtocolException;
import io.hostpool.error.TooManyRedirectsException;
import io.hostpool.http.Auth;
import io.hostpool.http.Headers;
import io.hostpool.http.RequestBody;
import io.hostpool.http.Response;
import io.hostpool.policy.Retry;
import io.hostpool.testkit.Exchange;
import io.hostpool.testkit.LoopbackServer;
import io.hostpool.testkit.ReceivedRequest;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Redirects of a manager and of a pool, by the rules of urllib3. */
@Timeout(60)
class PoolRedirectSocketTest {

  private final LoopbackServer a = LoopbackServer.builder(this::answer).host("127.0.0.1").start();
  private final LoopbackServer b = LoopbackServer.builder(this::answer).host("127.0.0.2").start();
  private final PoolManager manager = PoolManager.create(5);

  @AfterEach
  void stop() {
    assertThat(manager.pools()).allMatch(pool -> pool.leased() == 0);
    manager.close();
    a.close();
    b.close();
  }

  /** Upstream: test_redirect, test_redirect_to_relative_url. */
  @Test
  void managerFollowsARedirectToAnotherHost() throws Exception {
    Response response = manager.request("GET", a.url("/elsewhere"));

    assertThat(response.text()).isEqualTo("done");
    assertThat(response.url()).isEqualTo(b.url("/done"));
    assertThat(response.history()).hasSize(1);
  }

  @Test
  void secretAmongTheHeadersOfTheManagerStaysWithTheFirstHost() throws Exception {
    try (PoolManager own =
        PoolManager.builder()
            .headers(Headers.builder().add("Authorization", "Bearer s").add("X-All", "x").build())
            .build()) {
      own.request("GET", a.url("/elsewhere"));
    }

    assertThat(a.requests().get(0).header("Authorization")).isEqualTo("Bearer s");
    assertThat(b.requests().get(0).header("Authorization")).isNull();
    assertThat(b.requests().get(0).header("X-All")).isEqualTo("x");
  }

  /** Upstream: test_redirect_twice, test_too_many_redirects. */
  @Test
  void redirectsCountAgainstTheTotal() {
    assertThatThrownBy(() -> manager.request("GET", a.url("/loop"), r -> r.retries(Retry.of(2))))
        .isInstanceOf(MaxRetryException.class)
        .hasCauseInstanceOf(TooManyRedirectsException.class)
        .hasMessageContaining("more redirects than Retry[total=2");
    assertThat(a.requests()).hasSize(3);
  }

  /** Upstream: test_raise_on_redirect. */
  @Test
  void lastRedirectIsReturnedWhereThePolicySaysSo() throws Exception {
    Retry retry = Retry.builder().redirect(1).raiseOnRedirect(false).build();

    Response response = manager.request("GET", a.url("/loop"), r -> r.retries(retry));

    assertThat(response.status()).isEqualTo(303);
    assertThat(a.requests()).hasSize(2);
  }

  /** CVE-2025-50181: the policy of the manager limits redirects, not only that of the request. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void policyOfTheManagerStopsRedirects(boolean none) throws Exception {
    Retry policy = none ? Retry.none() : Retry.builder().redirect(0).raiseOnRedirect(false).build();
    try (PoolManager strict = PoolManager.builder().retries(policy).build()) {
      assertThat(strict.request("GET", a.url("/elsewhere")).status()).isEqualTo(302);
      assertThat(b.accepted()).isZero();
    }
  }

  /** CVE-2023-45803. */
  @Test
  void seeOtherTurnsIntoGetWithoutBodyAndItsHeaders() throws Exception {
    manager.request(
        "POST",
        a.url("/see-other"),
        r ->
            r.body(RequestBody.of("secret"))
                .header("Content-Type", "text/x")
                .header("Content-MD5", "x")
                .header("Expect", "x")
                .header("Trailer", "X-Sum")
                .header("X-Keep", "1"));

    ReceivedRequest next = a.requests().get(1);
    assertThat(next.method()).isEqualTo("GET");
    assertThat(next.text()).isEmpty();
    assertThat(next.headerNames())
        .doesNotContain("Content-Type", "Content-Length", "Content-MD5", "Expect", "Trailer");
    assertThat(next.header("X-Keep")).isEqualTo("1");
  }

  /** Upstream: test_redirect_cross_host_remove_headers and its kin. */
  @ParameterizedTest
  @CsvSource({"Authorization", "cookie", "PROXY-AUTHORIZATION"})
  void secretsDoNotReachAnotherHost(String header) throws Exception {
    manager.request(
        "GET", a.url("/elsewhere"), r -> r.header(header, "secret").auth(Auth.bearer("t")));

    assertThat(a.requests().get(0).header(header)).isEqualTo("secret");
    assertThat(b.requests().get(0).header(header)).isNull();
    assertThat(b.requests().get(0).header("Authorization")).isNull();
  }

  /**
   * Upstream: test_redirect_cross_host_no_remove_headers,
   * test_redirect_cross_host_set_removed_headers.
   */
  @Test
  void headersToRemoveCanBeChosen() throws Exception {
    Retry retry = Retry.builder().removeHeadersOnRedirect(Set.of("X-API-Secret")).build();

    manager.request(
        "GET",
        a.url("/elsewhere"),
        r -> r.retries(retry).header("x-api-secret", "s").header("Authorization", "kept"));

    assertThat(b.requests().get(0).header("X-API-Secret")).isNull();
    assertThat(b.requests().get(0).header("Authorization")).isEqualTo("kept");
  }

  /** Upstream: test_cross_host_redirect. */
  @Test
  void poolDoesNotFollowToAnotherHost() throws Exception {
    try (HttpConnectionPool pool = HttpConnectionPool.fromUrl(a.url("/"))) {
      assertThatThrownBy(() -> pool.urlopen("GET", "/elsewhere"))
          .isInstanceOf(HostChangedException.class)
          .hasMessageContaining(b.url("/done"));
      assertThat(b.accepted()).isZero();
      assertThat(pool.stats().leased()).isZero();
      assertThat(pool.urlopen("GET", "/see-other").text()).isEqualTo("done");
    }
  }

  /** Upstream: test_redirect_without_preload_releases_connection. */
  @Test
  void streamedRedirectGivesItsConnectionBack() throws Exception {
    try (HttpConnectionPool pool =
        HttpConnectionPool.builder("127.0.0.1").port(a.port()).block(true).build()) {
      try (Response response = pool.urlopen("GET", "/see-other", r -> r.stream(true))) {
        assertThat(response.text()).isEqualTo("done");
      }

      assertThat(pool.stats().opened()).isEqualTo(1);
      assertThat(pool.stats().idle()).isEqualTo(1);
    }
  }

  /** {@link #stop()} asserts that nothing is leased. */
  @Test
  void streamedRedirectThatIsNotFollowedGivesItsConnectionBack() {
    assertThatThrownBy(
            () -> manager.request("GET", a.url("/loop"), r -> r.retries(Retry.of(2)).stream(true)))
        .isInstanceOfSatisfying(
            MaxRetryException.class, e -> assertThat(e.attempts()).isEqualTo(3));
    assertThatThrownBy(() -> manager.request("GET", a.url("/ftp"), r -> r.stream(true)))
        .isInstanceOf(ProtocolException.class);

    assertThat(a.accepted()).isEqualTo(1);
  }

  /** urllib3: an empty Location is none. */
  @Test
  void redirectWithABlankLocationIsTheAnswerAfterOneRequest() throws Exception {
    Response ofManager =
        manager.request("POST", a.url("/blank"), r -> r.body(RequestBody.of("payload")));
    try (HttpConnectionPool pool = HttpConnectionPool.fromUrl(a.url("/"))) {
      Response ofPool = pool.urlopen("POST", "/blank", r -> r.body(RequestBody.of("payload")));

      assertThat(ofPool.text()).isEqualTo("nowhere");
    }
    assertThat(ofManager.status()).isEqualTo(307);
    assertThat(ofManager.text()).isEqualTo("nowhere");
    assertThat(a.requests()).hasSize(2);
  }

  @Test
  void redirectToAnotherSchemeIsTheServersFault() {
    assertThatThrownBy(() -> manager.request("GET", a.url("/ftp")))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("redirect to ftp://");
  }

  private void answer(Exchange exchange) throws Exception {
    switch (exchange.target()) {
      case "/elsewhere" -> exchange.respond(302, "moved", "Location: " + b.url("/done"));
      case "/see-other" -> exchange.respond(303, "moved", "Location: done");
      case "/loop" -> exchange.respond(303, "again", "Location: /loop");
      case "/blank" -> exchange.respond(307, "nowhere", "Location:  ");
      case "/ftp" -> exchange.respond(302, "moved", "Location: ftp://127.0.0.1/x");
      default -> exchange.respond(200, "done");
    }
  }
}
