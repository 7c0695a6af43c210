package io.hostpool.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostpool.Session;
import io.hostpool.adapter.HttpAdapter;
import io.hostpool.http.Response;
import io.hostpool.pool.PoolStats;
import io.hostpool.testkit.LoopbackServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code of README.md that needs no Spring. */
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
}
