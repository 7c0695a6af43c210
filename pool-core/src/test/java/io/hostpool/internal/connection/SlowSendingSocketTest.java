package io.hostpool.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.IncompleteReadException;
import io.hostpool.error.Phase;
import io.hostpool.error.Progress;
import io.hostpool.error.RequestBodyException;
import io.hostpool.http.RequestBody;
import io.hostpool.http.Response;
import io.hostpool.policy.Retry;
import io.hostpool.policy.Timeout;
import io.hostpool.pool.HttpConnectionPool;
import io.hostpool.testkit.Exchange;
import io.hostpool.testkit.LoopbackServer;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests that take their time, through no fault of the server. */
@org.junit.jupiter.api.Timeout(60)
class SlowSendingSocketTest {

  private static final String INTERIM = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n";

  /** Nobody counts it down: waiting for it lets time pass. */
  private final CountDownLatch never = new CountDownLatch(1);

  private LoopbackServer server;
  private HttpConnectionPool pool;

  @AfterEach
  void stop() {
    assertThat(pool.stats().leased() + pool.stats().dialing()).isZero();
    pool.close();
    server.close();
  }

  /** The guard of a send looks for an answer when nothing moves; hints are none. */
  @Test
  void hintsOfAServerThatTakesItsTimeDoNotCutTheBodyShort() throws Exception {
    byte[] body = new byte[20_000_000];
    start(
        exchange -> {
          exchange.send(INTERIM).send(INTERIM);
          pass(1000);
          exchange.readBody();
          exchange.respond(200, "took " + exchange.request().body().length);
        },
        Duration.ofSeconds(20));
    server.leaveBodiesUnread();

    Response response = pool.urlopen("POST", "/", r -> r.body(RequestBody.of(body)));

    assertThat(response.text()).isEqualTo("took " + body.length);
  }

  @Test
  void bodyWhoseSourceIsSlowerThanTheReadTimeoutIsSent() throws Exception {
    start(exchange -> exchange.respond(200, exchange.request().text()), Duration.ofMillis(200));
    InputStream slow =
        new InputStream() {
          private int left = 3;

          @Override
          public int read() throws IOException {
            pass(300);
            return --left < 0 ? -1 : 'x';
          }
        };

    Response response = pool.urlopen("POST", "/", r -> r.body(RequestBody.of(slow)));

    assertThat(response.text()).isEqualTo("xxx");
  }

  @Test
  void bodyThatNeverEndsIsGivenUpWhenTheServerHasAnswered() throws Exception {
    start(
        exchange -> {
          exchange.send("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
          exchange.awaitClientClose();
        },
        Duration.ofSeconds(20));
    server.leaveBodiesUnread();
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            pass(600);
            return length;
          }
        };

    Response response = pool.urlopen("POST", "/", r -> r.body(RequestBody.of(endless)));

    assertThat(response.status()).isEqualTo(413);
  }

  @Test
  void bodyIsSentWhereTheServerHintsBeforeItAsksForIt() throws Exception {
    start(
        exchange -> {
          exchange.send(INTERIM).send("HTTP/1.1 100 Continue\r\n\r\n").readBody();
          exchange.respond(200, exchange.request().text());
        },
        Duration.ofSeconds(5));
    server.leaveBodiesUnread();

    assertThat(expectContinue("asked for").text()).isEqualTo("asked for");
  }

  @Test
  void bodyIsSentWhereTheServerHintsAndDoesNotAskForIt() throws Exception {
    start(
        exchange -> {
          exchange.send(INTERIM).readBody();
          exchange.respond(200, exchange.request().text());
        },
        Duration.ofSeconds(5));
    server.leaveBodiesUnread();

    assertThat(expectContinue("not asked for").text()).isEqualTo("not asked for");
  }

  /** Of a proxy that passes on what it receives: the failure of the one side is not the other's. */
  @Test
  void failureOfAResponseThatIsTheBodyIsAFailureOfTheBody() throws Exception {
    start(Exchange::awaitClientClose, Duration.ofSeconds(30));
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IncompleteReadException(
                "elsewhere:80: body ended", Progress.unsent(Phase.BODY), 3, null);
          }
        };

    assertThatThrownBy(
            () ->
                pool.urlopen(
                    "POST",
                    "/",
                    r -> r.body(RequestBody.of(broken)).retries(Retry.builder().total(3).build())))
        .isInstanceOf(RequestBodyException.class)
        .hasMessageContaining("127.0.0.1:" + server.port())
        .hasCauseInstanceOf(IncompleteReadException.class);
  }

  private Response expectContinue(String body) throws Exception {
    return pool.urlopen(
        "POST", "/", r -> r.header("Expect", "100-continue").body(RequestBody.of(body)));
  }

  private void start(LoopbackServer.Handler handler, Duration readTimeout) {
    server = LoopbackServer.start(handler);
    pool =
        HttpConnectionPool.builder("127.0.0.1")
            .port(server.port())
            .retries(Retry.none())
            .timeout(Timeout.of(Duration.ofSeconds(5), readTimeout))
            .build();
  }

  private void pass(long millis) throws IOException {
    try {
      never.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
