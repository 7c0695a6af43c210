package io.hostpool.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.Session;
import io.hostpool.adapter.HttpAdapter;
import io.hostpool.error.HttpException;
import io.hostpool.error.HttpStatusException;
import io.hostpool.error.NewConnectionException;
import io.hostpool.http.Response;
import io.hostpool.stats.PoolStats;
import io.hostpool.testkit.LoopbackServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code of README.md and getting-started.md that needs no Spring. */
@Timeout(60)
class GettingStartedSocketTest {

  private final LoopbackServer server =
      LoopbackServer.start(
          exchange -> exchange.respond(exchange.target().equals("/users/1") ? 200 : 404, "answer"));

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void sessionIsMadeUsedAndClosed() throws Exception {
    String api = server.url("/");
    // tag::plain[]
    try (Session session = Session.create()) {
      session.mount(api, HttpAdapter.builder().poolMaxsize(20).poolBlock(true).build());

      Response response = session.get(api + "users/1").raiseForStatus();
      System.out.println(response.text());

      PoolStats pool = session.pools().get(0);
      System.out.println(pool.key() + ": idle " + pool.idle() + ", opened " + pool.opened());
    }
    // end::plain[]

    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void failuresAreToldApart() throws Exception {
    try (Session session = Session.create()) {
      assertThatThrownBy(() -> fetch(session, server.url("/nobody")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the server says 404")
          .hasCauseInstanceOf(HttpStatusException.class);

      String gone = server.url("/users/1");
      server.stopListening();
      server.closeConnections();

      assertThatThrownBy(() -> fetch(session, gone))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("no answer, CONNECT, may be sent again: true")
          .hasCauseInstanceOf(NewConnectionException.class);
    }
  }

  private static String fetch(Session session, String url) {
    // tag::failures[]
    try {
      return session.get(url).raiseForStatus().text();
    } catch (HttpStatusException e) {
      throw new IllegalStateException("the server says " + e.status(), e);
    } catch (HttpException e) {
      throw new IllegalStateException(
          "no answer, " + e.phase() + ", may be sent again: " + !e.requestSent(), e);
    }
    // end::failures[]
  }
}
