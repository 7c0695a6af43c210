package io.hostpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.http.Response;
import io.hostpool.testkit.Exchange;
import io.hostpool.testkit.LoopbackServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where requests does otherwise, and is meant to: {@code docs/urllib3-map.md} has the list. */
@Timeout(60)
class RequestsDifferencesSocketTest {

  private final LoopbackServer server = LoopbackServer.start(this::answer);
  private final Session session = Session.create();

  @AfterEach
  void stop() {
    session.close();
    server.close();
  }

  /** requests drops them; a URL in front of which something stands may be one of a list. */
  @ParameterizedTest
  @ValueSource(strings = {" ", "\t", "\n", "\u00a0", "\ufeff"})
  void blankBeforeAUrlIsRefused(String blank) {
    assertThatThrownBy(() -> session.get(blank + server.url("/")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(server.accepted()).isZero();
  }

  /** requests follows it, other than by {@code head(url)}. */
  @Test
  void headIsNotFollowedByRequestEither() throws Exception {
    assertThat(session.request("HEAD", server.url("/to/end")).status()).isEqualTo(302);
    assertThat(session.head(server.url("/to/end")).status()).isEqualTo(302);
    assertThat(
            session.request("HEAD", server.url("/to/end"), r -> r.followRedirects(true)).status())
        .isEqualTo(200);
  }

  /** requests repeats user and password in {@code Response.url}. */
  @Test
  void urlOfAResponseHasNoUser() throws Exception {
    Response response = session.get(server.url("/x").replace("//", "//u:p@"));

    assertThat(response.url()).isEqualTo(server.url("/x"));
    assertThat(server.requests().get(0).header("Authorization")).isEqualTo("Basic dTpw");
  }

  /** requests sends {@code Content-Length: 0}, urllib3 does not. */
  @ParameterizedTest
  @ValueSource(strings = {"DELETE", "OPTIONS", "GET"})
  void methodThatNeedsNoBodyDeclaresNone(String method) throws Exception {
    session.request(method, server.url("/"));

    assertThat(server.requests().get(0).headerNames())
        .doesNotContain("Content-Length", "Transfer-Encoding");
  }

  /** requests drops the cookie, which its jar would have to bring back, and keeps the host. */
  @Test
  void cookieAndHostOfTheCallerStayOnTheirOrigin() throws Exception {
    session.get(
        server.url("/to/end"), r -> r.header("Cookie", "a=b").header("Host", "virtual.example"));

    assertThat(server.requests())
        .extracting(r -> r.header("Cookie") + " for " + r.header("Host"))
        .containsExactly("a=b for virtual.example", "a=b for virtual.example");
  }

  private void answer(Exchange exchange) throws Exception {
    if (exchange.target().startsWith("/to/")) {
      exchange.respond(302, "", "Location: /end");
    } else {
      exchange.respond(200, "ok");
    }
  }
}
