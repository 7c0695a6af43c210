package io.hostpool.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostpool.Session;
import io.hostpool.adapter.HttpAdapter;
import io.hostpool.testkit.LoopbackServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code of pools.md. */
@Timeout(60)
class PoolsSnippetsSocketTest {

  @Test
  void connectionsAreOpenBeforeTheFirstRequest() throws Exception {
    try (LoopbackServer server = LoopbackServer.start(exchange -> exchange.respond(200, ""));
        Session session = Session.create()) {
      String url = server.url("/");
      // tag::prewarm[]
      HttpAdapter adapter = HttpAdapter.builder().poolMaxsize(20).build();
      session.mount(url, adapter);
      int opened = adapter.poolManager().connectionFromUrl(url).prewarm(5);
      // end::prewarm[]

      assertThat(opened).isEqualTo(5);
      assertThat(session.pools()).extracting(pool -> pool.idle()).containsExactly(5);
    }
  }
}
