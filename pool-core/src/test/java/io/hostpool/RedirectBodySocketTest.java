package io.hostpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.adapter.HttpAdapter;
import io.hostpool.error.BodyTooLargeException;
import io.hostpool.error.DecodeException;
import io.hostpool.error.HttpException;
import io.hostpool.error.IncompleteReadException;
import io.hostpool.error.ProtocolException;
import io.hostpool.error.ReadTimeoutException;
import io.hostpool.http.RedirectBudget;
import io.hostpool.http.Request;
import io.hostpool.http.RequestBody;
import io.hostpool.http.Response;
import io.hostpool.policy.Retry;
import io.hostpool.policy.Timeout;
import io.hostpool.pool.HttpConnectionPool;
import io.hostpool.pool.PoolManager;
import io.hostpool.stats.PoolStats;
import io.hostpool.testkit.Exchange;
import io.hostpool.testkit.LoopbackServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of redirects: how much of them is held, and what becomes of those that break. */
@org.junit.jupiter.api.Timeout(60)
class RedirectBodySocketTest {

  private static final int KIB = 1024;
  private static final String HEAD = "HTTP/1.1 307 Moved\r\nLocation: /done\r\n";

  private final LoopbackServer server = LoopbackServer.start(this::answer);
  private final Timeout timeout = Timeout.of(Duration.ofSeconds(5), Duration.ofMillis(700));
  private final HttpAdapter adapter =
      HttpAdapter.builder().maxRetries(Retry.of(2)).timeout(timeout).build();
  private final Session session = Session.builder().mount("http://", adapter).build();
  private final PoolManager manager =
      PoolManager.builder().retries(Retry.of(40)).timeout(timeout).build();
  private final HttpConnectionPool pool =
      HttpConnectionPool.builder("127.0.0.1")
          .port(server.port())
          .block(true)
          .retries(Retry.of(40))
          .timeout(timeout)
          .build();

  /** Who follows the redirects. */
  enum Follower {
    SESSION,
    MANAGER,
    POOL
  }

  @AfterEach
  void stop() {
    List<PoolStats> pools = new ArrayList<>(session.pools());
    pools.addAll(manager.pools());
    pools.add(pool.stats());
    assertThat(pools).allMatch(stats -> stats.leased() == 0);
    session.close();
    manager.close();
    pool.close();
    server.close();
  }

  /** 30 redirects with bodies just below the limit held 30 times the limit. */
  @ParameterizedTest
  @EnumSource(Follower.class)
  void bodiesOfAllRedirectsOfACallShareOneBudget(Follower follower) throws Exception {
    Response response = send(follower, "GET", "/chain/30/" + 200 * KIB, r -> {});

    assertThat(response.bytes()).as("of the answer").hasSize(5 << 20);
    assertThat(response.history()).hasSize(30);
    assertThat(held(response)).isEqualTo(5 * 200 * KIB).isLessThan(RedirectBudget.MAX_BYTES);
    assertThatThrownBy(() -> response.history().get(29).bytes())
        .isInstanceOf(BodyTooLargeException.class)
        .hasMessage(
            "GET "
                + server.url("/chain/1/204800")
                + ": the body of this redirect was dropped;"
                + " those of a call hold no more than 1048576 bytes together");
    assertThatThrownBy(() -> response.history().get(29).body().read())
        .isInstanceOf(BodyTooLargeException.class);
    assertThat(response.history().get(29).status()).isEqualTo(302);
  }

  @ParameterizedTest
  @EnumSource(Follower.class)
  void redirectsHoldNoMoreTogetherThanOneBodyMay(Follower follower) throws Exception {
    Response response = send(follower, "GET", "/small/3/40", r -> r.maxBodyBytes(100));

    assertThat(response.bytes()).as("the whole limit is the answer's").hasSize(100);
    assertThat(held(response)).isEqualTo(80);
    assertThat(server.accepted()).as("a short rest is drained").isEqualTo(1);
  }

  @Test
  void nextCallHasTheWholeBudget() throws Exception {
    for (int i = 0; i < 3; i++) {
      Response response = send(Follower.SESSION, "GET", "/chain/1/" + 800 * KIB, r -> {});

      assertThat(held(response)).isEqualTo(800 * KIB);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SESSION,/short", "SESSION,/chunk", "SESSION,/cut", "SESSION,/reset", "SESSION,/huge",
    "MANAGER,/short", "MANAGER,/chunk", "MANAGER,/cut", "MANAGER,/reset", "MANAGER,/huge",
    "POOL,/short", "POOL,/chunk", "POOL,/cut", "POOL,/reset", "POOL,/huge"
  })
  void redirectWhoseBodyIsBrokenIsFollowedOverAnotherConnection(Follower follower, String target)
      throws Exception {
    for (boolean stream : new boolean[] {false, true}) {
      int before = server.accepted();
      try (Response response =
          send(follower, "POST", target, r -> r.body(RequestBody.of("x")).stream(stream))) {
        assertThat(response.text()).isEqualTo("POST x");
        assertThatThrownBy(() -> response.history().get(0).bytes())
            .isInstanceOfAny(ProtocolException.class, BodyTooLargeException.class);
      }
      assertThat(server.accepted()).isEqualTo(stream ? before + 1 : before + 2);
    }
    assertThat(server.requests()).hasSize(4);
  }

  /** As requests; the body is not decoded before somebody looks. */
  @ParameterizedTest
  @EnumSource(Follower.class)
  void redirectWhoseBodyDoesNotDecodeIsFollowedOverTheSameConnection(Follower follower)
      throws Exception {
    Response response = send(follower, "GET", "/rubbish", r -> {});

    assertThat(response.text()).isEqualTo("GET ");
    assertThatThrownBy(() -> response.history().get(0).bytes()).isInstanceOf(DecodeException.class);
    assertThat(server.accepted()).isEqualTo(1);
  }

  @Test
  void historySaysWhatBrokeTheBodyOfARedirect() throws Exception {
    Response redirect = send(Follower.SESSION, "GET", "/short", r -> {}).history().get(0);

    assertThatThrownBy(redirect::text)
        .isInstanceOfSatisfying(
            IncompleteReadException.class, e -> assertThat(e.bytesRead()).isEqualTo(3));
  }

  /** Measured: requests gives up, urllib3 tries again. */
  @Test
  void redirectWhoseBodyStopsIsAReadTimeoutThatCountsAsAFailedAttempt() {
    assertThatThrownBy(() -> send(Follower.SESSION, "GET", "/stop", r -> r.retries(Retry.of(0))))
        .isInstanceOf(ReadTimeoutException.class);
    assertThatThrownBy(() -> send(Follower.SESSION, "GET", "/stop", r -> r.retries(Retry.of(1))))
        .hasCauseInstanceOf(ReadTimeoutException.class);
    assertThat(server.requests()).hasSize(3);
  }

  /** Where no redirect is followed its body is the answer's. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void redirectThatIsTheAnswerIsReadAsAnswersAre(boolean byPolicy) {
    Retry last = Retry.builder().redirect(0).raiseOnRedirect(false).read(0).build();

    assertThatThrownBy(
            () -> {
              if (byPolicy) {
                send(Follower.MANAGER, "POST", "/short", r -> r.retries(last));
              } else {
                send(Follower.SESSION, "POST", "/short", r -> r.followRedirects(false));
              }
            })
        .isInstanceOf(IncompleteReadException.class);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void lastRedirectThatThePolicyReturnsHasItsBody() throws Exception {
    Retry last = Retry.builder().redirect(2).raiseOnRedirect(false).build();

    Response response =
        send(Follower.MANAGER, "GET", "/chain/9/" + 900 * KIB, r -> r.retries(last));

    assertThat(response.status()).isEqualTo(302);
    assertThat(response.bytes()).hasSize(900 * KIB);
    assertThat(held(response)).isEqualTo(900 * KIB);
  }

  private Response send(
      Follower follower, String method, String target, Consumer<Request.Builder> spec)
      throws HttpException {
    return switch (follower) {
      case SESSION -> session.request(method, server.url(target), spec);
      case MANAGER -> manager.request(method, server.url(target), spec);
      case POOL -> pool.urlopen(method, target, spec);
    };
  }

  private static long held(Response response) throws HttpException {
    long held = 0;
    for (Response redirect : response.history()) {
      try {
        held += redirect.bytes().length;
      } catch (BodyTooLargeException dropped) {
        assertThat(dropped).hasMessageContaining("was dropped");
      }
    }
    return held;
  }

  private void answer(Exchange exchange) throws Exception {
    String[] parts = exchange.target().split("/");
    switch (parts[1]) {
      case "chain", "small" -> {
        int left = Integer.parseInt(parts[2]);
        String next = "/" + parts[1] + "/" + (left - 1) + "/" + parts[3];
        if (left > 0) {
          exchange.respond(302, new byte[Integer.parseInt(parts[3])], "Location: " + next);
        } else {
          exchange.respond(200, new byte[parts[1].equals("small") ? 100 : 5 << 20]);
        }
      }
      case "short" -> exchange.send(HEAD + "Content-Length: 100\r\n\r\nabc").fin();
      case "chunk" -> exchange.send(HEAD + "Transfer-Encoding: chunked\r\n\r\nzz\r\n0\r\n\r\n");
      case "cut" -> exchange.send(HEAD + "Transfer-Encoding: chunked\r\n\r\n5\r\nab").fin();
      case "reset" -> exchange.send(HEAD + "Content-Length: 100\r\n\r\nabc").reset();
      case "huge" -> exchange.respond(307, new byte[2 << 20], "Location: /done");
      case "stop" -> exchange.send(HEAD + "Content-Length: 100\r\n\r\nabc").awaitClientClose();
      case "rubbish" -> exchange.respond(303, "x", "Location: /done", "Content-Encoding: gzip");
      default ->
          exchange.respond(200, exchange.request().method() + " " + exchange.request().text());
    }
  }
}
