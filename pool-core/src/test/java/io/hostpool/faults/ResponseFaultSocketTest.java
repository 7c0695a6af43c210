package io.hostpool.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.BodyTooLargeException;
import io.hostpool.error.DeadlineExceededException;
import io.hostpool.error.IncompleteReadException;
import io.hostpool.error.MaxRetryException;
import io.hostpool.error.Phase;
import io.hostpool.error.ProtocolException;
import io.hostpool.error.ReadTimeoutException;
import io.hostpool.http.Response;
import io.hostpool.policy.Retry;
import io.hostpool.policy.Timeout;
import io.hostpool.pool.PoolBuilder;
import io.hostpool.stats.CloseReason;
import io.hostpool.testkit.Eventually;
import io.hostpool.testkit.Exchange;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows 8 to 24 of docs/faults.md: what a server can do to an answer. */
@org.junit.jupiter.api.Timeout(120)
class ResponseFaultSocketTest {

  private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTT",
        "HTTP/1.1 200",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
      })
  void row08HeadThatEndsEarlyIsRefused(String start) throws Exception {
    for (boolean reset : new boolean[] {false, true}) {
      try (FaultBench bench =
          new FaultBench(
              exchange -> {
                exchange.send(start);
                end(exchange, reset);
              },
              Retry.of(1))) {
        assertThat(bench.getFails(MaxRetryException.class).getCause())
            .isInstanceOf(ProtocolException.class);
        assertThat(bench.attempts()).isEqualTo(2);
        bench.requireConnectionGone();
      }
    }
  }

  @Test
  void row09BodyShorterThanItsLengthSaysHowMuchCame() throws Exception {
    try (FaultBench bench =
        new FaultBench(
            FaultBench.rawThenFin("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789"))) {
      IncompleteReadException e = bench.getFails(IncompleteReadException.class);

      assertThat(e.bytesRead()).isEqualTo(10);
      assertThat(e).hasMessageContaining("body ended after 10 bytes").hasMessageContaining("100");
      assertThat(e.phase()).isEqualTo(Phase.BODY);
      bench.requireConnectionGone();
    }
  }

  /** Buffered bodies are read within the attempt, so they are retried; streamed ones are not. */
  @Test
  void row09ShortBodyIsRetriedWhenBufferedAndReportedWhenStreamed() throws Exception {
    try (FaultBench bench =
        new FaultBench(
            FaultBench.rawThenFin("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789"),
            Retry.of(2))) {
      assertThat(bench.getFails(MaxRetryException.class))
          .hasCauseInstanceOf(IncompleteReadException.class);
      assertThat(bench.attempts()).isEqualTo(3);

      Response streamed = bench.send("GET", r -> r.stream(true));
      assertThatThrownBy(streamed::bytes).isInstanceOf(IncompleteReadException.class);

      assertThat(bench.attempts()).isEqualTo(4);
      bench.requireConnectionGone();
    }
  }

  @Test
  void row10ResetInABodyCostsTheConnection() throws Exception {
    try (FaultBench bench =
        new FaultBench(
            exchange ->
                exchange
                    .send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789")
                    .reset())) {
      assertThat(bench.getFails(ProtocolException.class)).hasMessageContaining("broken");
      bench.requireConnectionGone();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5",
        "5\r\n",
        "5\r\nhel",
        "5\r\nhello",
        "5\r\nhello\r\n",
        "5\r\nhello\r\n0",
        "5\r\nhello\r\n0\r\n"
      })
  void row11ChunkedBodyCutAnywhereIsRefused(String cut) throws Exception {
    try (FaultBench bench = new FaultBench(FaultBench.rawThenFin(CHUNKED + cut))) {
      assertThat(bench.getFails(ProtocolException.class).phase()).isEqualTo(Phase.BODY);
      bench.requireConnectionGone();
    }
  }

  /** No single read is slow, so only the total time ends it. */
  @Test
  void row12DripIsEndedByTheTotalTime() throws Exception {
    try (FaultBench bench =
        new FaultBench(
            exchange -> {
              exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
              drip(exchange);
            })) {
      Timeout total = Timeout.builder().total(Duration.ofMillis(300)).build();

      assertThatThrownBy(() -> bench.send("GET", r -> r.timeout(total)))
          .isInstanceOf(DeadlineExceededException.class)
          .hasMessageContaining("total time of 300 ms is over in phase BODY");
      bench.requireConnectionGone();
    }
  }

  @Test
  void row12DripOfAStreamedBodyIsEndedByTheTotalTime() throws Exception {
    try (FaultBench bench =
        new FaultBench(
            exchange -> {
              exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
              drip(exchange);
            })) {
      Timeout total = Timeout.builder().total(Duration.ofMillis(300)).build();
      Response response = bench.send("GET", r -> r.timeout(total).stream(true));

      assertThatThrownBy(response::bytes).isInstanceOf(DeadlineExceededException.class);
      bench.requireConnectionGone();
    }
  }

  @Test
  void row14ExtraBytesInTheSamePacketReachNobody() throws Exception {
    String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    try (FaultBench bench =
        new FaultBench(
            FaultBench.raw(answer + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison"))) {
      assertThat(bench.get().text()).isEqualTo("ok");
      assertThat(bench.pool.stats().closedBy()).containsOnlyKeys(CloseReason.UNSOLICITED);
      bench.requireConnectionGone();
    }
  }

  @Test
  void row16TimeoutMessageAndCloseOnAnIdleConnectionIsSeenAsStale() throws Exception {
    try (FaultBench bench =
        new FaultBench(
            exchange -> {
              exchange.respond(200, "ok");
              exchange.send("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n").fin();
            })) {
      assertThat(bench.get().text()).isEqualTo("ok");
      Eventually.until("it is closed", () -> bench.server().open() == 0);

      bench.requireConnectionGone();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 102, 103, 199})
  void row17InterimResponsesAreSkipped(int status) throws Exception {
    String interim = "HTTP/1.1 " + status + " Wait\r\nLink: </x>\r\n\r\n";
    try (FaultBench bench =
        new FaultBench(exchange -> exchange.send(interim.repeat(3)).respond(200, "final"))) {
      assertThat(bench.get().text()).isEqualTo("final");
      bench.requireRecovered();
      assertThat(bench.connections()).isEqualTo(1);
    }
  }

  @Test
  void row18EndlessInterimResponsesAreRefusedAtTheLimit() throws Exception {
    try (FaultBench bench =
        new FaultBench(
            exchange -> {
              while (true) {
                exchange.send("HTTP/1.1 100 Continue\r\n\r\n");
              }
            })) {
      assertThat(bench.getFails(ProtocolException.class))
          .hasMessageEndingWith("more than 16 interim responses");
      bench.requireConnectionGone();
    }
  }

  @Test
  void row17SwitchingProtocolsThatNobodyAskedForIsRefused() throws Exception {
    try (FaultBench bench =
        new FaultBench(
            FaultBench.raw("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"))) {
      assertThat(bench.getFails(ProtocolException.class))
          .hasMessageEndingWith("unsolicited 101 Switching Protocols");
      bench.requireConnectionGone();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection: close",
        "connection: CLOSE",
        "Connection: Keep-Alive, Close",
        "Connection: keep-alive\r\nConnection: close",
        "Connection: upgrade,close,x"
      })
  void row19ConnectionThatIsToBeClosedIsNotKept(String header) throws Exception {
    try (FaultBench bench = new FaultBench(exchange -> exchange.respond(200, "ok", header))) {
      assertThat(bench.get().text()).isEqualTo("ok");
      assertThat(bench.pool.stats().closedBy()).containsOnlyKeys(CloseReason.SERVER);
      bench.requireConnectionGone();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok', false",
    "'HTTP/1.0 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok', true",
    "'HTTP/1.1 200 OK\r\n\r\nok', false",
    "'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nok', false"
  })
  void row20ConnectionOutlivesTheBodyOnlyWhereBothSidesKnowItsEnd(String answer, boolean kept)
      throws Exception {
    try (FaultBench bench =
        new FaultBench(
            exchange -> {
              exchange.send(answer);
              if (!kept) {
                exchange.closeConnection();
              }
            })) {
      assertThat(bench.get().text()).isEqualTo("ok");
      assertThat(bench.pool.stats().idle()).isEqualTo(kept ? 1 : 0);
      bench.requireRecovered();
    }
  }

  @ParameterizedTest
  @CsvSource({"GET, 204", "GET, 304", "HEAD, 200"})
  void row21BodyWhereNoneMayBeIsDroppedWithItsConnection(String method, int status)
      throws Exception {
    try (FaultBench bench =
        new FaultBench(
            FaultBench.raw("HTTP/1.1 " + status + " Status\r\nContent-Length: 5\r\n\r\nstray"))) {
      Response response = bench.send(method, r -> {});

      assertThat(response.status()).isEqualTo(status);
      assertThat(response.bytes()).isEmpty();
      bench.requireConnectionGone();
    }
  }

  @Test
  void row22HeaderLineBeyondTheLimitIsRefused() throws Exception {
    try (FaultBench bench =
        new FaultBench(
            FaultBench.raw("HTTP/1.1 200 OK\r\nX: " + "a".repeat(100_000) + "\r\n\r\n"))) {
      assertThat(bench.getFails(ProtocolException.class)).hasMessageContaining("limit");
      bench.requireConnectionGone();
    }
  }

  @Test
  void row22HeadersBeyondTheLimitAreRefused() throws Exception {
    String many = "X: 1\r\n".repeat(2000);
    try (FaultBench bench =
        new FaultBench(
            FaultBench.raw("HTTP/1.1 200 OK\r\n" + many + "Content-Length: 0\r\n\r\n"))) {
      assertThat(bench.getFails(ProtocolException.class)).hasMessageContaining("100 header lines");
      bench.requireConnectionGone();
    }
  }

  /** Each of them is read, and was joined to all before it. */
  @Test
  void row22FoldedLinesBeyondTheLimitAreRefused() throws Exception {
    String folded = ("A: b\r\n" + " \r\n".repeat(60_000)).repeat(4);
    for (String answer :
        new String[] {
          "HTTP/1.1 200 OK\r\n" + folded + "Content-Length: 0\r\n\r\n",
          CHUNKED + "0\r\n" + folded + "\r\n",
        }) {
      try (FaultBench bench = new FaultBench(FaultBench.raw(answer))) {
        assertThat(bench.getFails(ProtocolException.class)).hasMessageContaining("100");
        bench.requireConnectionGone();
      }
    }
  }

  @Test
  void row18InterimResponsesShareTheLimitOfAHead() throws Exception {
    String interim = "HTTP/1.1 103 Early Hints\r\nLink: " + "x".repeat(60_000) + "\r\n\r\n";
    try (FaultBench bench =
        new FaultBench(exchange -> exchange.send(interim.repeat(16)).respond(200, "final"))) {
      assertThat(bench.getFails(ProtocolException.class))
          .hasMessageEndingWith("the headers exceed the limit of 262144 bytes");
      bench.requireConnectionGone();
    }
  }

  @Test
  void row22EndlessHeaderLineIsRefused() throws Exception {
    String block = "a".repeat(10_000);
    try (FaultBench bench =
        new FaultBench(
            exchange -> {
              exchange.send("HTTP/1.1 200 OK\r\nX: ");
              while (true) {
                exchange.send(block);
              }
            })) {
      bench.getFails(ProtocolException.class);
      bench.requireConnectionGone();
    }
  }

  @Test
  void row23ChunkExtensionAndTrailersBeyondTheLimitAreRefused() throws Exception {
    String extension = "5;x=" + "a".repeat(8_000_000) + "\r\nhello\r\n0\r\n\r\n";
    String trailers = "5\r\nhello\r\n0\r\n" + "X: 1\r\n".repeat(1_000_000) + "\r\n";
    for (String body : new String[] {extension, trailers}) {
      try (FaultBench bench = new FaultBench(FaultBench.raw(CHUNKED + body))) {
        bench.getFails(ProtocolException.class);
        bench.requireConnectionGone();
      }
    }
  }

  /** CVE-2023-39326: 80 MB on the wire for 20,000 bytes of body, or for none that is wanted. */
  @Test
  void row23ChunksThatAreMostlyExtensionsAreRefused() throws Exception {
    String chunk = "1;x=" + "a".repeat(4000) + "\r\nx\r\n";
    try (FaultBench bench =
        new FaultBench(
            exchange -> {
              exchange.send(CHUNKED);
              for (int i = 0; i < 20_000; i++) {
                exchange.send(chunk);
              }
              exchange.send("0\r\n\r\n");
            })) {
      assertThat(bench.getFails(ProtocolException.class))
          .hasMessageEndingWith("chunks are more extensions than data");
      bench.requireConnectionGone();

      bench.send("GET", r -> r.stream(true)).close();
      assertThat(bench.pool.stats().closedBy()).containsKey(CloseReason.UNREAD);
      bench.requireConnectionGone();
    }
  }

  /** A signature on each chunk, as object stores send them. */
  @Test
  void row23ExtensionOfEachLargeChunkIsRead() throws Exception {
    String chunk = "2000;chunk-signature=" + "a".repeat(64) + "\r\n" + "x".repeat(8192) + "\r\n";
    try (FaultBench bench =
        new FaultBench(FaultBench.raw(CHUNKED + chunk.repeat(500) + "0\r\n\r\n"))) {
      assertThat(bench.get().text()).hasSize(500 * 8192);
      bench.requireRecovered();
      assertThat(bench.connections()).isEqualTo(1);
    }
  }

  @Test
  void row23TrailersWithinTheLimitAreReadAndTheConnectionKept() throws Exception {
    try (FaultBench bench =
        new FaultBench(
            FaultBench.raw(CHUNKED + "5;a=b\r\nhello\r\n0\r\nX-Sum: 1\r\nX-Other: 2\r\n\r\n"))) {
      assertThat(bench.get().text()).isEqualTo("hello");
      assertThat(bench.pool.stats().idle()).isEqualTo(1);
      bench.requireRecovered();
    }
  }

  @Test
  void row24FloodOfTinyChunksIsReadRight() throws Exception {
    try (FaultBench bench =
        new FaultBench(FaultBench.raw(CHUNKED + "1\r\nx\r\n".repeat(200_000) + "0\r\n\r\n"))) {
      assertThat(bench.get().text()).hasSize(200_000).containsOnlyOnce("x".repeat(200_000));
      bench.requireRecovered();
    }
  }

  @Test
  void bodyThatStopsIsAReadTimeout() throws Exception {
    try (FaultBench bench =
        new FaultBench(
            exchange -> {
              exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789");
              exchange.awaitClientClose();
            })) {
      ReadTimeoutException e = bench.getFails(ReadTimeoutException.class);

      assertThat(e.phase()).isEqualTo(Phase.BODY);
      bench.requireConnectionGone();
    }
  }

  /** A length is no reason to take memory before the bytes have come. */
  @Test
  void greatLengthTakesNoMemory() throws Exception {
    long length = PoolBuilder.DEFAULT_MAX_BODY_BYTES;
    try (FaultBench bench =
        new FaultBench(
            FaultBench.rawThenFin("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\nx"))) {
      assertThat(bench.getFails(IncompleteReadException.class).bytesRead()).isEqualTo(1);
      bench.requireConnectionGone();
    }
  }

  /** It could not be held; as a stream it is read as far as it goes. */
  @Test
  void absurdLengthIsRefusedUnlessStreamed() throws Exception {
    try (FaultBench bench =
        new FaultBench(
            FaultBench.rawThenFin(
                "HTTP/1.1 200 OK\r\nContent-Length: 999999999999999999\r\n\r\nx"))) {
      bench.getFails(BodyTooLargeException.class);
      bench.requireConnectionGone();

      Response streamed = bench.send("GET", r -> r.stream(true));
      assertThatThrownBy(streamed::bytes).isInstanceOf(IncompleteReadException.class);
      bench.requireConnectionGone();
    }
  }

  private static void end(Exchange exchange, boolean reset) throws IOException {
    if (reset) {
      exchange.reset();
    } else {
      exchange.fin();
    }
  }

  /** Until the client has had enough. */
  private static void drip(Exchange exchange) throws Exception {
    for (int i = 0; i < 1000; i++) {
      exchange.send("x");
      Thread.sleep(20);
    }
  }
}
