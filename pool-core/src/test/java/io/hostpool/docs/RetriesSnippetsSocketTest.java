package io.hostpool.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostpool.Session;
import io.hostpool.adapter.HttpAdapter;
import io.hostpool.policy.Retry;
import io.hostpool.policy.RetryBudget;
import io.hostpool.policy.Timeout;
import io.hostpool.testkit.LoopbackServer;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The code of retries.md. */
@org.junit.jupiter.api.Timeout(60)
class RetriesSnippetsSocketTest {

  private final LoopbackServer server =
      LoopbackServer.start(
          exchange -> exchange.respond(exchange.target().equals("/busy") ? 503 : 200, ""));
  private final String url = server.url("/busy");

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void policyIsThatOfAnAdapterOrOfOneRequest() throws Exception {
    try (Session session = Session.create()) {
      // tag::retry[]
      Retry retry =
          Retry.builder()
              .total(5)
              .connect(2) // of the five, at most two for connecting
              .statusForcelist(Set.of(502, 503, 504))
              .backoffFactor(0.2) // seconds
              .build();

      session.mount("https://", HttpAdapter.builder().maxRetries(retry).build());
      session.get(url, r -> r.retries(Retry.none())); // this request only
      // end::retry[]

      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void budgetBoundsTheRepetitionsOfAllRequests() {
    // tag::budget[]
    HttpAdapter adapter =
        HttpAdapter.builder().maxRetries(Retry.of(3)).retryBudget(RetryBudget.defaults()).build();
    // end::budget[]
    adapter.close();
  }

  @Test
  void limitsOfTimeAreThoseOfASession() throws Exception {
    String url = server.url("/");
    // tag::timeout[]
    Timeout timeout =
        Timeout.builder().connect(Duration.ofSeconds(2)).total(Duration.ofSeconds(20)).build();
    Session session = Session.builder().timeout(timeout).build();
    // end::timeout[]

    assertThat(session.get(url).status()).isEqualTo(200);
    session.close();
  }
}
