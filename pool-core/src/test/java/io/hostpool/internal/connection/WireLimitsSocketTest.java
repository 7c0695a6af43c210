package io.hostpool.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.HttpException;
import io.hostpool.error.ProtocolException;
import io.hostpool.http.Response;
import io.hostpool.net.WireLimits;
import io.hostpool.policy.Retry;
import io.hostpool.pool.HttpConnectionPool;
import io.hostpool.testkit.LoopbackServer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each limit, set: what reaches it passes, one more is refused in words of its own. */
@Timeout(60)
class WireLimitsSocketTest {

  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String END = "Content-Length: 0\r\n\r\n";
  private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";

  /** A blank before the colon: what follows may be what nobody may see. */
  @Test
  void headerThatIsNoneIsQuotedUpToTheMistake() throws Exception {
    try (LoopbackServer server =
            LoopbackServer.start(
                exchange -> exchange.send(OK + "Set-Cookie : SID=secret\r\n\r\n").fin());
        HttpConnectionPool pool =
            HttpConnectionPool.builder("127.0.0.1")
                .port(server.port())
                .retries(Retry.none())
                .build()) {
      assertThatThrownBy(() -> pool.urlopen("GET", "/"))
          .hasMessageContaining("is not a header")
          .hasMessageContaining("Set-Cookie")
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void lineOfAHead() throws Exception {
    String value = "b".repeat(100 - "X: ".length());

    requireLimit(
        b -> b.maxLineBytes(100),
        OK + "X: " + value + "\r\n" + END,
        OK + "X: " + value + "b\r\n" + END,
        "a line of the response exceeds the limit of 100 bytes");
  }

  @Test
  void statusLine() throws Exception {
    String line = "HTTP/1.1 200 " + "b".repeat(87);

    requireLimit(
        b -> b.maxLineBytes(100),
        line + "\r\n" + END,
        line + "b\r\n" + END,
        "a line of the response exceeds the limit of 100 bytes");
  }

  @Test
  void foldedHeader() throws Exception {
    requireLimit(
        b -> b.maxLineBytes(100),
        OK + "X: " + "b".repeat(49) + "\r\n " + "b".repeat(50) + "\r\n" + END,
        OK + "X: " + "b".repeat(50) + "\r\n " + "b".repeat(50) + "\r\n" + END,
        "a folded header exceeds the limit of 100 bytes");
  }

  @Test
  void numberOfHeaders() throws Exception {
    requireLimit(
        b -> b.maxHeaders(3),
        OK + "X: 1\r\nX: 2\r\n" + END,
        OK + "X: 1\r\nX: 2\r\nX: 3\r\n" + END,
        "more than 3 header lines");
  }

  /** A line that goes on is a line, also one of a blank. */
  @Test
  void numberOfFoldedLines() throws Exception {
    requireLimit(
        b -> b.maxHeaders(3),
        OK + "X: 1\r\n \r\n" + END,
        OK + "X: 1\r\n \r\n \r\n" + END,
        "more than 3 header lines");
  }

  @Test
  void lengthOfAHeadWithItsLineEnds() throws Exception {
    String value = "b".repeat(100 - (OK + "X: \r\n" + END).length());

    requireLimit(
        b -> b.maxHeadBytes(100),
        OK + "X: " + value + "\r\n" + END,
        OK + "X: " + value + "b\r\n" + END,
        "the headers exceed the limit of 100 bytes");
  }

  /** Else each of them could be as long as the answer. */
  @Test
  void lengthOfAllHeadsOfAnExchange() throws Exception {
    String interim = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n";
    String head = OK + END;

    requireLimit(
        b -> b.maxHeadBytes(2 * interim.length() + head.length()),
        interim.repeat(2) + head,
        interim.repeat(2) + OK + "X:\r\n" + END,
        "the headers exceed the limit of " + (2 * interim.length() + head.length()) + " bytes");
  }

  @Test
  void interimResponses() throws Exception {
    String interim = "HTTP/1.1 103 Early Hints\r\n\r\n";

    requireLimit(
        b -> b.maxInterimResponses(2),
        interim.repeat(2) + OK + END,
        interim.repeat(3) + OK + END,
        "more than 2 interim responses");
  }

  @Test
  void chunkSizeLine() throws Exception {
    String zeros = "0".repeat(63);

    requireLimit(
        b -> b.maxChunkLineBytes(64),
        CHUNKED + zeros + "1\r\nx\r\n0\r\n\r\n",
        CHUNKED + zeros + "01\r\nx\r\n0\r\n\r\n",
        "a chunk-size line exceeds the limit of 64 bytes");
  }

  /** Four lines of full length, beyond 16 bytes a chunk and two for each byte of data. */
  @Test
  void chunkLinesWithoutData() throws Exception {
    String chunk = "1;a=" + "b".repeat(60) + "\r\nx\r\n";
    int unpaid = chunk.length() - "x".length() - 16 - 2;
    assertThat(256 / unpaid).isEqualTo(5);

    requireLimit(
        b -> b.maxChunkLineBytes(64),
        CHUNKED + chunk.repeat(5) + "64\r\n" + "x".repeat(100) + "\r\n" + chunk + "0\r\n\r\n",
        CHUNKED + chunk.repeat(6) + "0\r\n\r\n",
        "chunks are more extensions than data");
  }

  @Test
  void numberOfTrailers() throws Exception {
    requireLimit(
        b -> b.maxHeaders(2),
        CHUNKED + "0\r\nX: 1\r\nX: 2\r\n\r\n",
        CHUNKED + "0\r\nX: 1\r\nX: 2\r\nX: 3\r\n\r\n",
        "more than 2 trailer lines");
    requireLimit(
        b -> b.maxHeaders(2),
        CHUNKED + "0\r\nX: 1\r\n \r\n\r\n",
        CHUNKED + "0\r\nX: 1\r\n \r\n \r\n\r\n",
        "more than 2 trailer lines");
  }

  @Test
  void lengthOfAllTrailers() throws Exception {
    String line = "X: " + "b".repeat(44) + "\r\n";

    requireLimit(
        b -> b.maxHeadBytes(100),
        CHUNKED + "0\r\n" + line + line + "\r\n",
        CHUNKED + "0\r\n" + line + line.replace("b\r", "bb\r") + "\r\n",
        "the trailers exceed the limit of 100 bytes");
  }

  @Test
  void bytesThatAreDrained() throws Exception {
    for (boolean tooMany : new boolean[] {false, true}) {
      String body = "b".repeat(tooMany ? 5001 : 5000);
      try (LoopbackServer server = LoopbackServer.start(exchange -> exchange.respond(200, body));
          HttpConnectionPool pool = pool(server, b -> b.maxDrainBytes(5000))) {
        Response response = pool.urlopen("GET", "/", r -> r.stream(true));

        response.close();

        assertThat(pool.stats().idle()).isEqualTo(tooMany ? 0 : 1);
      }
    }
  }

  private static void requireLimit(
      Consumer<WireLimits.Builder> limit, String within, String beyond, String message)
      throws Exception {
    try (LoopbackServer server =
            LoopbackServer.start(
                exchange -> exchange.send(exchange.target().equals("/within") ? within : beyond));
        HttpConnectionPool pool = pool(server, limit)) {
      assertThat(pool.urlopen("GET", "/within").status()).isEqualTo(200);
      assertThat(pool.stats().idle()).isEqualTo(1);

      assertThatThrownBy(() -> pool.urlopen("GET", "/beyond"))
          .isInstanceOf(ProtocolException.class)
          .hasMessage("127.0.0.1:" + server.port() + ": " + message);

      assertThat(pool.stats().idle()).isZero();
    }
  }

  private static HttpConnectionPool pool(LoopbackServer server, Consumer<WireLimits.Builder> limit)
      throws HttpException {
    WireLimits.Builder limits = WireLimits.builder();
    limit.accept(limits);
    return HttpConnectionPool.builder("127.0.0.1")
        .port(server.port())
        .retries(Retry.none())
        .limits(limits.build())
        .build();
  }
}
