package io.hostpool.pool;

import static io.hostpool.internal.coding.Samples.gzip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.DeadlineExceededException;
import io.hostpool.error.RequestInterruptedException;
import io.hostpool.http.Response;
import io.hostpool.internal.time.FakeTicker;
import io.hostpool.policy.Timeout;
import io.hostpool.testkit.LoopbackServer;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A coded body that is looked at late, when all of it has come and the call may be over. */
@org.junit.jupiter.api.Timeout(60)
class DecodedLaterSocketTest {

  private static final int LENGTH = 1 << 20;
  private static final String GZIP = "Content-Encoding: gzip";

  private final FakeTicker ticker = new FakeTicker();
  private LoopbackServer server;
  private HttpConnectionPool pool;

  @BeforeEach
  void serve() {
    byte[] coded = gzip(new byte[LENGTH]);
    server =
        LoopbackServer.start(
            exchange -> {
              if (exchange.target().equals("/redirect")) {
                exchange.respond(302, coded, "Location: /", GZIP);
              } else {
                exchange.respond(200, coded, GZIP);
              }
            });
    pool =
        HttpConnectionPool.builder("127.0.0.1")
            .port(server.port())
            .ticker(ticker)
            .timeout(Timeout.builder().total(Duration.ofSeconds(5)).build())
            .build();
  }

  @AfterEach
  void stop() {
    pool.close();
    server.close();
  }

  @Test
  void streamIsDecodedUnderTheTotalTimeOfItsCall() throws Exception {
    Response response = pool.urlopen("GET", "/", r -> r.stream(true));
    InputStream body = response.body();
    assertThat(body.read()).isZero();

    ticker.advance(Duration.ofSeconds(5));

    assertThatThrownBy(body::readAllBytes)
        .isInstanceOf(DeadlineExceededException.class)
        .hasMessageEndingWith("total time of 5 s is over while the body is decoded");
    assertThat(pool.stats().leased() + pool.stats().idle()).isZero();
  }

  @Test
  void redirectIsDecodedAlsoAfterTheTotalTimeOfItsCall() throws Exception {
    Response redirect = pool.urlopen("GET", "/redirect").history().get(0);

    ticker.advance(Duration.ofSeconds(5));

    assertThat(redirect.body().readAllBytes()).hasSize(LENGTH);
    assertThat(redirect.bytes()).hasSize(LENGTH);
  }

  @Test
  void interruptEndsTheDecodingOfARedirect() throws Exception {
    Response redirect = pool.urlopen("GET", "/redirect").history().get(0);

    Thread.currentThread().interrupt();

    assertThatThrownBy(redirect::bytes).isInstanceOf(RequestInterruptedException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void closeEndsTheDecodingOfARedirect() throws Exception {
    Response redirect = pool.urlopen("GET", "/redirect").history().get(0);
    InputStream body = redirect.body();
    assertThat(body.read()).isZero();

    body.close();

    assertThatThrownBy(body::read).isInstanceOf(IOException.class).hasMessage("body is closed");
    assertThat(redirect.body().read()).as("another look").isZero();
  }
}
