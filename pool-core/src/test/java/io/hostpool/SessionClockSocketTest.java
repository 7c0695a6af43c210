package io.hostpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.adapter.SendOptions;
import io.hostpool.adapter.TransportAdapter;
import io.hostpool.error.DeadlineExceededException;
import io.hostpool.error.HttpException;
import io.hostpool.http.Request;
import io.hostpool.http.Response;
import io.hostpool.internal.time.FakeTicker;
import io.hostpool.policy.Timeout;
import io.hostpool.pool.ClockedManagers;
import io.hostpool.pool.PoolManager;
import io.hostpool.testkit.LoopbackServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A session, its adapter and its pools read one clock, from the call to the last redirect. */
@org.junit.jupiter.api.Timeout(60)
class SessionClockSocketTest {

  private final FakeTicker ticker = new FakeTicker();
  private final LoopbackServer server =
      LoopbackServer.start(
          exchange -> {
            ticker.advance(Duration.ofSeconds(3));
            switch (exchange.target()) {
              case "/start" -> exchange.respond(302, "", "Location: /middle");
              case "/middle" -> exchange.respond(302, "", "Location: /end");
              default -> exchange.respond(200, "end");
            }
          });
  private final PoolManager manager = ClockedManagers.builder(ticker).build();
  private final Session session =
      Session.builder().ticker(ticker).mount("http://", new OnManager(manager)).build();

  private record OnManager(PoolManager manager) implements TransportAdapter {
    @Override
    public Response send(Request request, SendOptions options) throws HttpException {
      return manager.send(request, options.startNanos(), options.redirects());
    }

    @Override
    public void close() {
      manager.close();
    }
  }

  @AfterEach
  void stop() {
    session.close();
    server.close();
  }

  @Test
  void elapsedTimeCountsFromTheCallByTheClockOfTheSession() throws Exception {
    Response response = session.get(server.url("/start"));

    assertThat(response.elapsed()).isEqualTo(Duration.ofSeconds(9));
    assertThat(response.history().get(0).elapsed()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void totalTimeIsOneForAllRedirectsByTheClockOfTheSession() throws Exception {
    Timeout total = Timeout.builder().total(Duration.ofSeconds(5)).build();

    assertThatThrownBy(() -> session.get(server.url("/start"), r -> r.timeout(total)))
        .isInstanceOf(DeadlineExceededException.class);
    assertThat(session.get(server.url("/end"), r -> r.timeout(total)).text()).isEqualTo("end");
  }
}
