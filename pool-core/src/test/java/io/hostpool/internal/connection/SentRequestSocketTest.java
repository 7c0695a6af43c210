package io.hostpool.internal.connection;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.hostpool.error.HttpException;
import io.hostpool.http.Request;
import io.hostpool.http.RequestBody;
import io.hostpool.http.Response;
import io.hostpool.policy.Retry;
import io.hostpool.pool.HttpConnectionPool;
import io.hostpool.stats.CloseReason;
import io.hostpool.stats.PoolStats;
import io.hostpool.testkit.LoopbackServer;
import io.hostpool.testkit.ReceivedRequest;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request looks like on the wire. */
@org.junit.jupiter.api.Timeout(60)
class SentRequestSocketTest {

  private static final String EMPTY = "\r\nContent-Length: 0\r\n\r\n";

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
  void headersKeepTheirOrderAndCaseAndHostComesFirst() throws Exception {
    start(exchange -> exchange.respond(200, "ok"));

    pool.urlopen(
        "GET", "/", r -> r.addHeader("x-B", "1").addHeader("X-a", "2").addHeader("x-B", "3"));

    assertThat(server.requests().get(0).headerNames())
        .startsWith("Host")
        .endsWith("x-B", "X-a", "x-B");
    assertThat(server.requests().get(0).header("Host")).isEqualTo("127.0.0.1:" + server.port());
  }

  @Test
  void bodyIsFramedByWhatIsKnownOfItsLength(@TempDir Path directory) throws Exception {
    start(exchange -> exchange.respond(200, "ok"));
    Path file = Files.writeString(directory.resolve("body.txt"), "from a file");

    send("POST", RequestBody.of("text"));
    send("POST", RequestBody.of(new byte[] {1, 2}));
    send("PUT", RequestBody.of(file));
    send("POST", RequestBody.of(stream("in chunks")));
    send("POST", RequestBody.of(stream("with a length"), 13));
    send("POST", RequestBody.of(new byte[0]));
    send("POST", null);
    send("GET", null);

    List<ReceivedRequest> seen = server.requests();
    assertThat(seen)
        .extracting(ReceivedRequest::text)
        .containsExactly(
            "text", "\u0001\u0002", "from a file", "in chunks", "with a length", "", "", "");
    assertThat(seen)
        .extracting(request -> request.header("Content-Length"))
        .containsExactly("4", "2", "11", null, "13", "0", "0", null);
    assertThat(seen.get(3).header("Transfer-Encoding")).isEqualTo("chunked");
    assertThat(seen.get(0).header("Content-Type")).isEqualTo("text/plain; charset=UTF-8");
    assertThat(server.accepted()).isEqualTo(1);
  }

  /** Two opinions on where a body ends are how requests get smuggled. */
  @Test
  void framingHeadersOfTheCallerAreReplaced() throws Exception {
    start(exchange -> exchange.respond(200, "ok"));

    pool.urlopen(
        "POST",
        "/",
        r ->
            r.header("Content-Length", "3")
                .header("transfer-encoding", "chunked")
                .body(RequestBody.of("longer than three")));

    ReceivedRequest request = server.requests().get(0);
    assertThat(request.text()).isEqualTo("longer than three");
    assertThat(request.headerNames()).doesNotContain("transfer-encoding");
    assertThat(request.header("Content-Length")).isEqualTo("17");
  }

  /** CVE-2026-1525: a name in two spellings is one name. */
  @Test
  void contentLengthInTwoSpellingsGoesOutOnce() throws Exception {
    start(exchange -> exchange.respond(200, "ok"));

    pool.urlopen(
        "POST",
        "/",
        r ->
            r.addHeader("Content-Length", "3")
                .addHeader("content-length", "30")
                .body(RequestBody.of("seven b")));
    pool.urlopen(
        "POST",
        "/",
        r ->
            r.addHeader("content-LENGTH", "7")
                .addHeader("Content-Length", "70")
                .body(RequestBody.of(stream("seven b"))));

    for (ReceivedRequest request : server.requests()) {
      assertThat(request.headerNames())
          .filteredOn("content-length"::equalsIgnoreCase)
          .containsExactly("Content-Length");
      assertThat(request.header("Content-Length")).isEqualTo("7");
      assertThat(request.text()).isEqualTo("seven b");
    }
  }

  /** UTF-8 is read as ISO-8859-1, some of it as U+0080 to U+009F. */
  @Test
  void headerThatWasReceivedIsEchoedByteForByte() throws Exception {
    String value =
        IntStream.rangeClosed(0x80, 0xff)
                .mapToObj(Character::toString)
                .collect(joining("", "[", "]"))
            + "\u00c3\u0080";
    start(exchange -> exchange.send("HTTP/1.1 200 " + value + "\r\nX-Value: " + value + EMPTY));

    Response response = pool.urlopen("GET", "/");
    pool.urlopen("GET", "/", r -> r.header("X-Echo", response.headers().get("X-Value")));
    pool.urlopen("GET", "/", r -> r.header("X-Echo", response.reason()));

    assertThat(response.headers().get("X-Value")).isEqualTo(value);
    assertThat(server.requests())
        .extracting(request -> request.header("X-Echo"))
        .containsExactly(null, value, value);
  }

  /** RFC 9112 section 9.6: an option among others, on any line. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "close       | -",
        "Close       | -",
        "TE, close   | -",
        "close , TE  | -",
        "te          | close",
        "keep-alive  | TE,CLOSE",
      })
  void connectionThatTheCallerEndsIsNotKept(String first, String second) throws Exception {
    start(exchange -> exchange.respond(200, "ok"));

    pool.urlopen(
        "GET",
        "/",
        r -> {
          r.addHeader("Connection", first);
          if (!second.equals("-")) {
            r.addHeader("connection", second);
          }
        });

    assertThat(pool.stats().idle()).isZero();
    assertThat(pool.stats().closedBy()).containsOnlyKeys(CloseReason.SERVER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TE", "closed", "x-close", "close;q=1", "keep-alive, not close"})
  void connectionIsKeptWhereTheCallerAsksForSomethingElse(String options) throws Exception {
    start(exchange -> exchange.respond(200, "ok"));

    pool.urlopen("GET", "/", r -> r.header("Connection", options));

    assertThat(pool.stats().idle()).isEqualTo(1);
  }

  @Test
  void formsAndPartsArriveAsTheyWereGiven() throws Exception {
    start(exchange -> exchange.respond(200, "ok"));

    pool.urlopen("POST", "/", r -> r.form(Map.of("a b", List.of("1&2", "ü"))));
    pool.urlopen(
        "POST",
        "/",
        r -> r.multipart(m -> m.field("k", "v").part("f", "a\"b.txt", RequestBody.of("data"))));

    assertThat(server.requests().get(0).text()).isEqualTo("a+b=1%262&a+b=%C3%BC");
    ReceivedRequest parts = server.requests().get(1);
    assertThat(parts.header("Content-Type")).startsWith("multipart/form-data; boundary=");
    assertThat(parts.text())
        .contains("Content-Disposition: form-data; name=\"k\"\r\n\r\nv\r\n")
        .contains("name=\"f\"; filename=\"a%22b.txt\"")
        .contains("\r\n\r\ndata\r\n--");
    assertThat(parts.header("Content-Length")).isEqualTo(Integer.toString(parts.body().length));
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

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
