package io.hostpool.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.DeadlineExceededException;
import io.hostpool.error.HttpException;
import io.hostpool.error.Phase;
import io.hostpool.error.ReadTimeoutException;
import io.hostpool.error.RequestBodyException;
import io.hostpool.http.Request;
import io.hostpool.http.RequestBody;
import io.hostpool.http.Response;
import io.hostpool.policy.Retry;
import io.hostpool.policy.Timeout;
import io.hostpool.pool.HttpConnectionPool;
import io.hostpool.stats.CloseReason;
import io.hostpool.stats.PoolStats;
import io.hostpool.testkit.LoopbackServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens when a server does not want a request, or its source fails. */
@org.junit.jupiter.api.Timeout(60)
class SendingSocketTest {

  private static final int LARGE = 50_000_000;

  private LoopbackServer server;
  private HttpConnectionPool pool;

  @AfterEach
  void stop() {
    PoolStats stats = pool.stats();
    assertThat(stats.leased() + stats.dialing()).isZero();
    pool.close();
    server.close();
  }

  @Test
  void serverThatWantsTheBodyIsAskedFirst() throws Exception {
    start(
        exchange -> {
          exchange.send("HTTP/1.1 100 Continue\r\n\r\n").readBody();
          exchange.respond(200, exchange.request().text());
        });

    Response response = expectContinue("payload");

    assertThat(response.text()).isEqualTo("payload");
    assertThat(pool.stats().idle()).isEqualTo(1);
  }

  @Test
  void serverThatSaysNothingGetsTheBodyAfterASecond() throws Exception {
    start(
        exchange -> {
          exchange.readBody();
          exchange.respond(200, exchange.request().text());
        });

    assertThat(expectContinue("payload").text()).isEqualTo("payload");
  }

  @Test
  void serverThatRefusesIsNotSentTheBodyAndTheConnectionIsNotUsedAgain() throws Exception {
    start(exchange -> exchange.respond(417, "no"));

    assertThat(expectContinue("payload").status()).isEqualTo(417);

    assertThat(pool.stats().closedBy()).containsOnlyKeys(CloseReason.SERVER);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void answerOfAServerThatClosesWhileWeSendIsTheAnswer() throws Exception {
    start(exchange -> exchange.respond(413, "too large", "Connection: close").closeConnection());
    startUnreadBodies();

    Response response = send("POST", new Endless(LARGE));

    assertThat(response.status()).isEqualTo(413);
    assertThat(response.text()).isEqualTo("too large");
    assertThat(pool.stats().idle()).isZero();
  }

  /** It answers, stops reading and stays: a write would wait for ever. */
  @Test
  void answerOfAServerThatOnlyStopsReadingIsTheAnswer() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    start(
        exchange -> {
          exchange.respond(413, "too large");
          exchange.await(never);
        });
    startUnreadBodies();

    Response response = send("POST", new Endless(LARGE));

    assertThat(response.status()).isEqualTo(413);
    assertThat(pool.stats().closedBy()).containsOnlyKeys(CloseReason.SERVER);
    never.countDown();
  }

  @Test
  void serverThatTakesNothingEndsTheRequestAfterTheReadTimeout() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    start(exchange -> exchange.await(never));
    startUnreadBodies();
    Timeout limits = Timeout.of(Duration.ofSeconds(5), Duration.ofMillis(300));

    assertThatThrownBy(
            () -> pool.urlopen("POST", "/", r -> r.body(new Endless(LARGE)).timeout(limits)))
        .isInstanceOf(ReadTimeoutException.class)
        .hasMessageEndingWith("the server took nothing of the request for 300 ms")
        .satisfies(e -> assertThat(((HttpException) e).phase()).isEqualTo(Phase.SEND))
        .satisfies(e -> assertThat(((HttpException) e).requestSent()).isTrue());
    never.countDown();
  }

  @Test
  void deadlineEndsASendThatGetsNowhere() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    start(exchange -> exchange.await(never));
    startUnreadBodies();
    Timeout limits = Timeout.builder().total(Duration.ofMillis(300)).build();

    assertThatThrownBy(
            () -> pool.urlopen("POST", "/", r -> r.body(new Endless(LARGE)).timeout(limits)))
        .isInstanceOf(DeadlineExceededException.class)
        .satisfies(e -> assertThat(((HttpException) e).phase()).isEqualTo(Phase.SEND));
    never.countDown();
  }

  @Test
  void largeBodyThatIsTakenKeepsItsConnection() throws Exception {
    start(exchange -> exchange.respond(200, Integer.toString(exchange.request().body().length)));

    assertThat(send("POST", new Endless(3_000_000)).text()).isEqualTo("3000000");
    assertThat(send("POST", new Endless(3_000_000)).text()).isEqualTo("3000000");

    assertThat(server.accepted()).isEqualTo(1);
  }

  /** A last chunk after a failure would make half a body look whole. */
  @Test
  void bodyWhoseSourceFailsHalfWayNeverLooksWhole() throws Exception {
    start(exchange -> exchange.respond(200, "took it for whole"));
    InputStream half =
        new SequenceInputStream(
            stream("half"),
            new InputStream() {
              @Override
              public int read() throws IOException {
                throw new IOException("gone");
              }
            });

    assertThatThrownBy(() -> send("POST", RequestBody.of(half)))
        .isInstanceOf(RequestBodyException.class)
        .hasMessageContaining("request body cannot be read: gone");
    pool.close();

    assertThat(server.requests()).isEmpty();
  }

  @Test
  void bodyLongerThanItSaidIsRefused() throws Exception {
    start(exchange -> exchange.respond(200, "ok"));

    assertThatThrownBy(() -> send("POST", RequestBody.of(stream("abcdef"), 3)))
        .isInstanceOf(RequestBodyException.class)
        .hasMessageContaining("request body is longer than it declared");
  }

  @Test
  void bodyThatCanBeReadOnceIsRepeatedAsLongAsNobodyHasReadIt() throws Exception {
    start(exchange -> exchange.respond(200, exchange.request().text()));
    int port = server.port();
    server.close();
    RequestBody once = RequestBody.of(stream("once"));
    Retry retry = Retry.of(2);

    assertThatThrownBy(() -> pool.urlopen("POST", "/", r -> r.body(once).retries(retry)))
        .hasMessageContaining("3 attempts of POST / failed");

    server =
        LoopbackServer.builder(exchange -> exchange.respond(200, exchange.request().text()))
            .port(port)
            .start();
    assertThat(send("POST", once).text()).isEqualTo("once");
  }

  private Response expectContinue(String body) throws HttpException {
    return pool.urlopen(
        "POST", "/", r -> r.header("Expect", "100-continue").body(RequestBody.of(body)));
  }

  private Response send(String method, RequestBody body) throws HttpException {
    Consumer<Request.Builder> spec = body == null ? r -> {} : r -> r.body(body);
    return pool.urlopen(method, "/", spec);
  }

  private void start(LoopbackServer.Handler handler) {
    server = LoopbackServer.start(handler);
    pool =
        HttpConnectionPool.builder("127.0.0.1")
            .port(server.port())
            .block(true)
            .retries(Retry.none())
            .build();
  }

  /** Has the server leave bodies on the connection, to be read by nobody. */
  private void startUnreadBodies() {
    server.leaveBodiesUnread();
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  /** So many zeros. */
  private record Endless(long contentLength) implements RequestBody {
    @Override
    public String contentType() {
      return null;
    }

    @Override
    public boolean isReplayable() {
      return true;
    }

    @Override
    public void writeTo(java.io.OutputStream out) throws IOException {
      byte[] zeros = new byte[64 * 1024];
      long left = contentLength;
      while (left > 0) {
        int n = (int) Math.min(left, zeros.length);
        out.write(zeros, 0, n);
        left -= n;
      }
    }
  }
}
