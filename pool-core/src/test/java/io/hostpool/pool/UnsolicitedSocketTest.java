package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.ClosedPoolException;
import io.hostpool.error.HttpException;
import io.hostpool.error.Phase;
import io.hostpool.error.ProtocolException;
import io.hostpool.error.ReadTimeoutException;
import io.hostpool.error.RequestInterruptedException;
import io.hostpool.http.RequestBody;
import io.hostpool.http.Response;
import io.hostpool.policy.Retry;
import io.hostpool.policy.Timeout;
import io.hostpool.stats.CloseReason;
import io.hostpool.testkit.Eventually;
import io.hostpool.testkit.Exchange;
import io.hostpool.testkit.LoopbackServer;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections with unsolicited bytes on them, or which end unexpectedly. */
@org.junit.jupiter.api.Timeout(60)
class UnsolicitedSocketTest {

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch unsolicitedIsSent = new CountDownLatch(1);
  private LoopbackServer server;

  @AfterEach
  void stop() {
    threads.shutdownNow();
    server.close();
  }

  /** HttpClient 5 and OkHttp give the second caller the 408 or the third the second's answer. */
  @Test
  void unsolicitedResponseOnAnIdleConnectionReachesNoCaller() throws Exception {
    server =
        LoopbackServer.start(
            exchange -> {
              exchange.respond(200, "answer to " + exchange.target());
              if (exchange.target().equals("/one")) {
                exchange.send("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
                unsolicitedIsSent.countDown();
              }
            });
    try (HttpConnectionPool pool = pool(Retry.none())) {
      assertThat(pool.urlopen("GET", "/one").text()).isEqualTo("answer to /one");
      unsolicitedIsSent.await();

      assertThat(pool.urlopen("GET", "/two").text()).isEqualTo("answer to /two");
      assertThat(pool.urlopen("POST", "/three").text()).isEqualTo("answer to /three");
      assertThat(pool.stats().closedBy()).containsEntry(CloseReason.UNSOLICITED, 1L);
    }
  }

  @Test
  void secondAnswerInTheSamePacketReachesNobody() throws Exception {
    server =
        LoopbackServer.start(
            exchange -> {
              String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
              exchange.send(exchange.target().equals("/one") ? answer + answer : answer);
            });
    try (HttpConnectionPool pool = pool(Retry.none())) {
      pool.urlopen("GET", "/one");

      assertThat(pool.stats().idle()).isZero();
      assertThat(pool.urlopen("GET", "/two").status()).isEqualTo(200);
      assertThat(server.requests().get(1).connection()).isEqualTo(2);
    }
  }

  @Test
  void connectionThatTheServerClosedWhileIdleFailsNoPost() throws Exception {
    server = LoopbackServer.start(exchange -> exchange.respond(200, "ok"));
    try (HttpConnectionPool pool = pool(Retry.none())) {
      pool.urlopen("GET", "/");
      server.closeConnections();
      Eventually.until("they are closed", () -> server.open() == 0);

      assertThat(pool.urlopen("POST", "/", r -> r.body(RequestBody.of("x"))).status())
          .isEqualTo(200);
      assertThat(pool.stats().redialed()).isEqualTo(1);
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void connectionThatTheServerResetWhileIdleFailsNoPost() throws Exception {
    server = LoopbackServer.start(exchange -> exchange.respond(200, "ok"));
    try (HttpConnectionPool pool = pool(Retry.none())) {
      pool.urlopen("GET", "/");
      server.resetConnections();
      Eventually.until("they are reset", () -> server.open() == 0);

      assertThat(pool.urlopen("POST", "/", r -> r.body(RequestBody.of("x"))).status())
          .isEqualTo(200);
    }
  }

  /** The server takes the second request on a kept connection and hangs up: nobody could see it. */
  @Test
  void idempotentRequestOnAConnectionThatDiesUnderItIsRepeatedOnceForFree() throws Exception {
    server = LoopbackServer.start(UnsolicitedSocketTest::hangUpOnSecondRequest);
    try (HttpConnectionPool pool = pool(Retry.none())) {
      pool.urlopen("GET", "/1");

      assertThat(pool.urlopen("GET", "/2").status()).isEqualTo(200);
      assertThat(server.requests()).hasSize(3);
      assertThat(pool.stats().redialed()).isEqualTo(1);
    }
  }

  @Test
  void postOnAConnectionThatDiesUnderItIsNotSentTwice() throws Exception {
    server = LoopbackServer.start(UnsolicitedSocketTest::hangUpOnSecondRequest);
    try (HttpConnectionPool pool = pool(Retry.of(3))) {
      pool.urlopen("GET", "/1");

      assertThatThrownBy(() -> pool.urlopen("POST", "/2", r -> r.body(RequestBody.of("x"))))
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("connection closed without a response")
          .satisfies(e -> assertThat(((HttpException) e).requestSent()).isTrue())
          .satisfies(e -> assertThat(((HttpException) e).connectionReused()).isTrue());
      assertThat(server.requests()).hasSize(2);
      assertThat(pool.stats().leased() + pool.stats().idle()).isZero();
    }
  }

  @Test
  void postWithAnIdempotencyKeyIsRepeated() throws Exception {
    server = LoopbackServer.start(UnsolicitedSocketTest::hangUpOnSecondRequest);
    try (HttpConnectionPool pool = pool(Retry.none())) {
      pool.urlopen("GET", "/1");

      Response response =
          pool.urlopen(
              "POST", "/2", r -> r.header("Idempotency-Key", "k1").body(RequestBody.of("x")));

      assertThat(response.status()).isEqualTo(200);
    }
  }

  @Test
  void readTimeoutCostsTheConnectionAndReturnsThePermit() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    server =
        LoopbackServer.start(
            exchange -> {
              if (exchange.target().equals("/slow")) {
                exchange.await(never);
              }
              exchange.respond(200, "ok");
            });
    try (HttpConnectionPool pool = pool(Retry.none())) {
      Timeout impatient = Timeout.of(Duration.ofSeconds(5), Duration.ofMillis(50));

      assertThatThrownBy(() -> pool.urlopen("GET", "/slow", r -> r.timeout(impatient)))
          .isInstanceOf(ReadTimeoutException.class)
          .hasMessageEndingWith("nothing received for 50 ms")
          .satisfies(e -> assertThat(((HttpException) e).phase()).isEqualTo(Phase.HEAD));

      assertThat(pool.urlopen("GET", "/quick").text()).isEqualTo("ok");
      assertThat(pool.stats().closedBy()).containsEntry(CloseReason.ERROR, 1L);
      never.countDown();
    }
  }

  @Test
  void interruptEndsAReadAndReturnsThePermit() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    server =
        LoopbackServer.start(
            exchange -> {
              if (exchange.target().equals("/slow")) {
                arrived.countDown();
                exchange.awaitClientClose();
              } else {
                exchange.respond(200, "ok");
              }
            });
    try (HttpConnectionPool pool = pool(Retry.of(3))) {
      AtomicReference<Thread> caller = new AtomicReference<>();
      Future<Boolean> call =
          threads.submit(
              () -> {
                caller.set(Thread.currentThread());
                assertThatThrownBy(() -> pool.urlopen("GET", "/slow"))
                    .isInstanceOf(RequestInterruptedException.class)
                    .hasCauseInstanceOf(InterruptedException.class);
                return Thread.interrupted();
              });
      arrived.await();
      caller.get().interrupt();

      assertThat(call.get()).isTrue();
      assertThat(pool.stats().leased()).isZero();
      assertThat(pool.urlopen("GET", "/quick").text()).isEqualTo("ok");
    }
  }

  @Test
  void closeLetsAResponseInFlightFinishAndClosesItsConnectionThen() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    server =
        LoopbackServer.start(
            exchange -> {
              arrived.countDown();
              exchange.await(answer).respond(200, "late but whole");
            });
    HttpConnectionPool pool = pool(Retry.none());
    Future<String> call = threads.submit(() -> pool.urlopen("GET", "/").text());
    arrived.await();

    pool.close();
    answer.countDown();

    assertThat(call.get()).isEqualTo("late but whole");
    assertThat(pool.stats().leased() + pool.stats().idle()).isZero();
    assertThatThrownBy(() -> pool.urlopen("GET", "/")).isInstanceOf(ClosedPoolException.class);
  }

  @Test
  void streamedBodyGivesItsConnectionBackAtItsEnd() throws Exception {
    server = LoopbackServer.start(exchange -> exchange.respond(200, "x".repeat(50_000)));
    try (HttpConnectionPool pool = pool(Retry.none())) {
      Response response = pool.urlopen("GET", "/", r -> r.stream(true));
      assertThat(pool.stats().leased()).isEqualTo(1);

      assertThat(response.body().readAllBytes()).hasSize(50_000);

      assertThat(pool.stats().idle()).isEqualTo(1);
      response.close();
      response.close();
      assertThat(pool.stats().idle()).isEqualTo(1);
    }
  }

  @Test
  void shortRestOfABodyIsReadAndALongOneCostsTheConnection() throws Exception {
    server =
        LoopbackServer.start(
            exchange ->
                exchange.respond(200, new byte[Integer.parseInt(exchange.target().substring(1))]));
    try (HttpConnectionPool pool = pool(Retry.none())) {
      for (String size : List.of("/1000", "/10000000")) {
        try (InputStream body = pool.urlopen("GET", size, r -> r.stream(true)).body()) {
          assertThat(body.read()).isZero();
        }
      }

      assertThat(pool.stats().closedBy()).containsOnlyKeys(CloseReason.UNREAD);
      assertThat(pool.stats().requests()).isEqualTo(2);
      assertThat(pool.stats().opened()).isEqualTo(1);
    }
  }

  @Test
  void halfReadBodyNeverReachesTheNextCaller() throws Exception {
    CountDownLatch rest = new CountDownLatch(1);
    server =
        LoopbackServer.start(
            exchange -> {
              if (exchange.target().equals("/half")) {
                exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + "a".repeat(50));
                exchange.await(rest).send("b".repeat(50));
              } else {
                exchange.respond(200, "clean");
              }
            });
    try (HttpConnectionPool pool = pool(Retry.none())) {
      Response half = pool.urlopen("GET", "/half", r -> r.stream(true));
      assertThat(half.body().readNBytes(10)).hasSize(10);
      half.close();
      rest.countDown();

      assertThat(pool.urlopen("GET", "/next").text()).isEqualTo("clean");
    }
  }

  @Test
  void connectionThatTheServerWantsToCloseIsNotKept() throws Exception {
    server =
        LoopbackServer.start(
            exchange -> {
              switch (exchange.target()) {
                case "/close" -> exchange.respond(200, "ok", "Connection: close");
                case "/list" -> exchange.respond(200, "ok", "Connection: keep-alive, CLOSE");
                case "/1.0" -> exchange.send("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok");
                default -> {
                  exchange.send("HTTP/1.1 200 OK\r\n\r\nok");
                  exchange.closeConnection();
                }
              }
            });
    try (HttpConnectionPool pool = pool(Retry.none())) {
      for (String target : List.of("/close", "/list", "/1.0", "/until-close")) {
        assertThat(pool.urlopen("GET", target).text()).as(target).isEqualTo("ok");
        assertThat(pool.stats().idle()).as(target).isZero();
      }
      assertThat(pool.stats().closedBy()).containsEntry(CloseReason.SERVER, 4L);
      Eventually.until("the server sees all closed", () -> server.open() == 0);
    }
  }

  private static void hangUpOnSecondRequest(Exchange exchange) throws Exception {
    if (exchange.request().count() == 2) {
      exchange.fin();
    } else {
      exchange.respond(200, "ok");
    }
  }

  private HttpConnectionPool pool(Retry retry) {
    return HttpConnectionPool.builder("127.0.0.1")
        .port(server.port())
        .block(true)
        .retries(retry)
        .build();
  }
}
