package io.hostpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hostpool.adapter.HttpAdapter;
import io.hostpool.error.BodyTooLargeException;
import io.hostpool.error.Phase;
import io.hostpool.http.Response;
import io.hostpool.policy.Retry;
import io.hostpool.stats.PoolStats;
import io.hostpool.testkit.LoopbackServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much of a body is held in memory. */
@Timeout(60)
class BodyLimitSocketTest {

  private static final String DECLARED = "/declared";
  private static final String CHUNKED = "/chunked";

  @ParameterizedTest
  @ValueSource(strings = {DECLARED, CHUNKED})
  void bodyOfTheLimitIsReadAndOneByteMoreIsNot(String target) throws Exception {
    try (LoopbackServer server = LoopbackServer.start(BodyLimitSocketTest::handle);
        Session session = session(10)) {
      assertThat(session.get(server.url(target + "?10")).text()).isEqualTo("x".repeat(10));

      BodyTooLargeException e =
          catchThrowableOfType(
              BodyTooLargeException.class, () -> session.get(server.url(target + "?11")));

      assertThat(e)
          .hasMessage(
              "GET " + server.url(target) + "?…: body is larger than the 10 bytes of maxBodyBytes");
      assertThat(e.maxBodyBytes()).isEqualTo(10);
      assertThat(e.phase()).isEqualTo(Phase.BODY);
      assertThat(server.requests()).as("not retried").hasSize(2);
      assertThat(leased(session)).isZero();
      assertThat(session.get(server.url(target + "?3")).text()).isEqualTo("xxx");
    }
  }

  @Test
  void requestChangesTheLimitOfItsAdapter() throws Exception {
    try (LoopbackServer server = LoopbackServer.start(BodyLimitSocketTest::handle);
        Session session = session(10)) {
      String url = server.url(DECLARED + "?200000");

      assertThat(session.get(url, r -> r.maxBodyBytes(200_000)).bytes()).hasSize(200_000);
      assertThatThrownBy(() -> session.get(url, r -> r.maxBodyBytes(199_999)))
          .isInstanceOf(BodyTooLargeException.class);
      assertThatThrownBy(() -> session.get(url, r -> r.maxBodyBytes(-1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("maxBodyBytes must be 0 or more: -1");
    }
  }

  @Test
  void streamIsUnboundedUnlessItIsReadIntoMemory() throws Exception {
    try (LoopbackServer server = LoopbackServer.start(BodyLimitSocketTest::handle);
        Session session = session(10)) {
      Response read = session.get(server.url(CHUNKED + "?100"), r -> r.stream(true));
      assertThat(read.body().readAllBytes()).hasSize(100);

      Response buffered = session.get(server.url(CHUNKED + "?100"), r -> r.stream(true));
      assertThatThrownBy(buffered::bytes).isInstanceOf(BodyTooLargeException.class);

      assertThat(leased(session)).isZero();
      assertThat(session.get(server.url(CHUNKED + "?1")).text()).isEqualTo("x");
      assertThat(server.accepted()).as("the short rest was drained").isEqualTo(1);
    }
  }

  private static Session session(long maxBodyBytes) {
    HttpAdapter adapter =
        HttpAdapter.builder().maxBodyBytes(maxBodyBytes).maxRetries(Retry.of(3)).build();
    return Session.builder().mount("http://", adapter).build();
  }

  private static int leased(Session session) {
    return session.pools().stream().mapToInt(PoolStats::leased).sum();
  }

  private static void handle(io.hostpool.testkit.Exchange exchange) throws Exception {
    List<String> target = List.of(exchange.target().split("\\?"));
    String body = "x".repeat(Integer.parseInt(target.get(1)));
    if (target.get(0).equals(DECLARED)) {
      exchange.respond(200, body);
    } else {
      exchange.send(
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
              + Integer.toHexString(body.length())
              + "\r\n"
              + body
              + "\r\n0\r\n\r\n");
    }
  }
}
