package io.hostpool.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.IncompleteReadException;
import io.hostpool.error.ProtocolException;
import io.hostpool.error.ReadTimeoutException;
import io.hostpool.http.RequestBody;
import io.hostpool.http.Response;
import io.hostpool.net.Resolver;
import io.hostpool.policy.Retry;
import io.hostpool.policy.Timeout;
import io.hostpool.pool.HttpConnectionPool;
import io.hostpool.stats.PoolStats;
import io.hostpool.testkit.LoopbackServer;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenarios of urllib3's test_socketlevel.py over plain sockets; docs/conformance.md has all. */
@org.junit.jupiter.api.Timeout(60)
class UpstreamResponseSocketTest {

  private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

  // TestCookies.test_multi_setcookie
  @Test
  void everySetCookieLineStaysOnItsOwn() throws Exception {
    try (FaultBench bench =
        new FaultBench(
            FaultBench.rawThenFin(
                "HTTP/1.1 200 OK\r\nSet-Cookie: foo=1\r\nSet-Cookie: bar=1\r\n\r\n"))) {
      assertThat(bench.get().headers().getAll("set-cookie")).containsExactly("foo=1", "bar=1");
      bench.requireConnectionGone();
    }
  }

  // TestHeaders.test_httplib_headers_case_insensitive
  @Test
  void responseHeaderIsFoundInAnyLetterCase() throws Exception {
    try (FaultBench bench =
        new FaultBench(
            FaultBench.raw(
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-type: text/x\r\n\r\n"))) {
      assertThat(bench.get().headers().get("CONTENT-TYPE")).isEqualTo("text/x");
      bench.requireRecovered();
    }
  }

  // TestHeaders.test_response_headers_are_returned_in_the_original_order
  @Test
  void responseHeadersKeepTheirOrder() throws Exception {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      names.add("X-Header-" + i);
    }
    Collections.shuffle(names, new Random(7));
    String lines = String.join(": 1\r\n", names) + ": 1\r\n";
    try (FaultBench bench =
        new FaultBench(FaultBench.rawThenFin("HTTP/1.1 200 OK\r\n" + lines + "\r\n"))) {
      List<String> seen = new ArrayList<>();

      bench.get().headers().forEach((name, value) -> seen.add(name));

      assertThat(seen).isEqualTo(names);
    }
  }

  // TestHeaders.test_headers_sent_with_add: upstream joins on demand, here a line is a line
  @Test
  void headerAddedTwiceIsSentTwiceAndInPlace() throws Exception {
    try (FaultBench bench = new FaultBench(exchange -> exchange.respond(200, "ok"))) {
      bench.send(
          "POST",
          r ->
              r.addHeader("A", "1")
                  .addHeader("C", "3, 5")
                  .addHeader("A", "4")
                  .addHeader("B", "2")
                  .body(RequestBody.of("x")));

      assertThat(bench.server().requests().get(0).headers())
          .containsSubsequence(
              Map.entry("A", "1"),
              Map.entry("C", "3, 5"),
              Map.entry("A", "4"),
              Map.entry("B", "2"));
    }
  }

  // TestHeaders.test_ua_header_can_be_overridden
  @Test
  void userAgentOfTheCallerIsTheOnlyOne() throws Exception {
    try (FaultBench bench = new FaultBench(exchange -> exchange.respond(200, "ok"))) {
      bench.send("GET", r -> r.header("uSeR-AgEnT", "Definitely not us!"));

      assertThat(bench.server().requests().get(0).headers())
          .filteredOn(header -> header.getKey().equalsIgnoreCase("User-Agent"))
          .containsExactly(Map.entry("uSeR-AgEnT", "Definitely not us!"));
    }
  }

  // TestHeaders.test_request_host_header_ignores_fqdn_dot
  @Test
  void finalDotOfAHostIsNotSent() throws Exception {
    Resolver resolver = host -> List.of(InetAddress.getLoopbackAddress());
    try (LoopbackServer server = LoopbackServer.start(exchange -> exchange.respond(200, "ok"));
        HttpConnectionPool pool =
            HttpConnectionPool.builder("name.example.")
                .port(server.port())
                .resolver(resolver)
                .build()) {
      pool.urlopen("GET", "/");

      assertThat(server.requests().get(0).header("Host"))
          .isEqualTo("name.example:" + server.port());
    }
  }

  // TestErrorWrapping.test_bad_statusline, test_unknown_protocol
  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 Omg What Is This?", "HTTP/1000 200 OK"})
  void lineThatIsNoStatusLineIsAProtocolError(String line) throws Exception {
    try (FaultBench bench =
        new FaultBench(FaultBench.raw(line + "\r\nContent-Length: 0\r\n\r\n"))) {
      assertThat(bench.getFails(ProtocolException.class)).hasMessageContaining(line);
      bench.requireConnectionGone();
    }
  }

  // TestSocketClosing.test_retry_weird_http_version
  @Test
  void unknownVersionIsTriedAgainOnANewConnection() throws Exception {
    try (FaultBench bench =
        new FaultBench(
            exchange -> {
              String version = exchange.request().connection() == 1 ? "HTTP/0.5" : "HTTP/1.1";
              exchange.send(version + " 200 OK\r\nContent-Length: 3\r\n\r\nfoo");
            },
            Retry.builder().total(1).read(1).build())) {
      assertThat(bench.get().text()).isEqualTo("foo");
      assertThat(bench.connections()).isEqualTo(2);
      bench.requireRecovered();
    }
  }

  // TestSocketClosing.test_timeout_errors_cause_retries
  @Test
  void readTimeoutIsTriedAgainOnANewConnection() throws Exception {
    try (FaultBench bench =
        new FaultBench(
            exchange -> {
              if (exchange.request().connection() == 1) {
                exchange.awaitClientClose();
              } else {
                exchange.respond(200, "Response 2");
              }
            },
            Retry.of(1))) {
      assertThat(bench.get().text()).isEqualTo("Response 2");
      bench.requireRecovered();
    }
  }

  // TestSocketClosing.test_read_timeout_dont_retry_method_not_in_allowlist
  @Test
  void readTimeoutOfAPostIsNotTriedAgain() throws Exception {
    try (FaultBench bench = new FaultBench(exchange -> exchange.awaitClientClose(), Retry.of(3))) {
      bench.postFails(ReadTimeoutException.class);

      assertThat(bench.attempts()).isEqualTo(1);
      bench.requireConnectionGone();
    }
  }

  // TestSocketClosing.test_delayed_body_read_timeout, test_connection_cleanup_on_read_timeout
  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nHi-",
        // test_connection_closed_on_read_timeout_preload_false
        CHUNKED + "8\r\n12345678\r\n"
      })
  void streamedBodyThatStopsIsAReadTimeoutAndCostsTheConnection(String cut) throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    try (FaultBench bench =
        new FaultBench(
            exchange -> {
              exchange.send(cut).awaitClientClose();
              closed.countDown();
            })) {
      Response response = bench.send("GET", r -> r.stream(true));

      assertThatThrownBy(response::bytes).isInstanceOf(ReadTimeoutException.class);

      closed.await();
      bench.requireConnectionGone();
    }
  }

  // TestSocketClosing.test_incomplete_response, test_connection_cleanup_on_protocol_error_…
  // and TestBadContentLength.test_enforce_content_length_get
  @Test
  void streamedBodyThatIsCutSaysHowMuchCame() throws Exception {
    try (FaultBench bench =
        new FaultBench(
            FaultBench.rawThenFin("HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\nhello, world"))) {
      Response response = bench.send("GET", r -> r.stream(true));

      assertThatThrownBy(response::bytes)
          .isInstanceOfSatisfying(
              IncompleteReadException.class, e -> assertThat(e.bytesRead()).isEqualTo(12));
      bench.requireConnectionGone();
    }
  }

  // TestSocketClosing.test_release_conn_param_is_respected_after_timeout_retry
  @Test
  void streamedResponseOfASecondTryHoldsItsConnectionUntilItsEnd() throws Exception {
    try (FaultBench bench =
        new FaultBench(
            exchange -> {
              if (exchange.request().connection() == 1) {
                exchange.awaitClientClose();
              } else {
                exchange.send(CHUNKED + "8\r\n12345678\r\n0\r\n\r\n");
              }
            },
            Retry.of(1))) {
      Response response = bench.send("GET", r -> r.stream(true));
      PoolStats held = bench.pool.stats();
      String text = response.text();

      assertThat(held.leased()).isEqualTo(1);
      assertThat(held.idle()).isZero();
      assertThat(text).isEqualTo("12345678");
      assertThat(bench.pool.stats().idle()).isEqualTo(1);
      assertThat(bench.connections()).isEqualTo(2);
      bench.requireRecovered();
    }
  }

  // TestSocketClosing.test_socket_shutdown_stops_recv
  @Test
  void closingAResponseFromAnotherThreadEndsItsRead() throws Exception {
    CountDownLatch sent = new CountDownLatch(1);
    try (FaultBench bench =
        new FaultBench(
            exchange -> {
              exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nHi-");
              sent.countDown();
              exchange.awaitClientClose();
            })) {
      Timeout patient = Timeout.of(Duration.ofSeconds(5), Duration.ofSeconds(50));
      Response response = bench.send("GET", r -> r.stream(true).timeout(patient));
      byte[] begin = response.body().readNBytes(3);
      AtomicReference<Throwable> end = new AtomicReference<>();
      Thread reader =
          new Thread(
              () -> {
                try {
                  response.body().read();
                } catch (java.io.IOException e) {
                  end.set(e);
                }
              });
      reader.start();
      while (reader.getState() == Thread.State.NEW) {
        Thread.onSpinWait();
      }

      response.close();
      reader.join();

      assertThat(begin).asString().isEqualTo("Hi-");
      assertThat(end.get()).isNotNull();
      bench.requireConnectionGone();
    }
  }

  // TestHEAD.test_chunked_head_response_does_not_hang, test_empty_head_response_does_not_hang
  // and TestBadContentLength.test_enforce_content_length_no_body
  @ParameterizedTest
  @ValueSource(strings = {"Transfer-Encoding: chunked", "Content-Length: 256"})
  void answerToHeadHasNoBodyWhateverItDeclares(String framing) throws Exception {
    try (FaultBench bench =
        new FaultBench(FaultBench.raw("HTTP/1.1 200 OK\r\n" + framing + "\r\n\r\n"))) {
      Response response = bench.send("HEAD", r -> r.stream(true));

      assertThat(response.body().readAllBytes()).isEmpty();
      assertThat(bench.pool.stats().idle()).isEqualTo(1);
      bench.requireRecovered();
    }
  }

  // TestStream.test_stream_none_unchunked_response_does_not_hang
  @Test
  void streamedBodyEndsAtItsLengthAlthoughTheConnectionStaysOpen() throws Exception {
    try (FaultBench bench =
        new FaultBench(
            FaultBench.raw("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nhello, world"))) {
      Response response = bench.send("GET", r -> r.stream(true));

      assertThat(response.body().readAllBytes()).asString().isEqualTo("hello, world");
      bench.requireRecovered();
    }
  }

  // TestRetryPoolSizeDrainFail.test_pool_size_retry_drain_fail
  @Test
  void bodyThatBreaksWhileItIsDroppedBeforeARetryCostsItsConnectionOnly() throws Exception {
    Retry retry =
        Retry.builder().total(1).statusForcelist(Set.of(404)).raiseOnStatus(false).build();
    try (FaultBench bench =
        new FaultBench(
            FaultBench.rawThenFin("HTTP/1.1 404 NOT FOUND\r\nContent-Length: 1000\r\n\r\n"),
            retry)) {
      Response last = bench.send("GET", r -> r.stream(true));
      last.close();

      assertThat(last.status()).isEqualTo(404);
      assertThat(bench.attempts()).isEqualTo(2);
      bench.requireConnectionGone();
    }
  }

  // TestMultipartResponse.test_multipart_assert_header_parsing_no_defects
  @Test
  void multipartResponseIsABodyLikeAnyOther() throws Exception {
    String body = "--b\r\nContent-Type: text/plain\r\n\r\n1\r\n--b--\r\n";
    try (FaultBench bench =
        new FaultBench(
            exchange -> exchange.respond(404, body, "Content-Type: multipart/mixed; boundary=b"))) {
      Response response = bench.get();

      assertThat(response.text()).isEqualTo(body);
      assertThat(response.headers().get("Content-Type")).contains("boundary=b");
      bench.requireRecovered();
    }
  }

  // TestBrokenHeaders: upstream warns and goes on; RFC 9112 section 5 leaves no room for that
  @ParameterizedTest
  @ValueSource(strings = {": Value", ":", "Broken Header"})
  void headerWithoutANameOrAColonIsRefused(String line) throws Exception {
    try (FaultBench bench =
        new FaultBench(
            FaultBench.raw(
                "HTTP/1.1 200 OK\r\n"
                    + line
                    + "\r\nAnother: Header\r\nContent-Length: 0\r\n\r\n"))) {
      assertThat(bench.getFails(ProtocolException.class)).hasMessageContaining("is not a header");
      bench.requireConnectionGone();
    }
  }
}
