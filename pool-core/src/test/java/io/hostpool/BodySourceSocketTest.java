package io.hostpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.HttpException;
import io.hostpool.error.RequestBodyException;
import io.hostpool.error.UnrewindableBodyException;
import io.hostpool.http.RequestBody;
import io.hostpool.policy.Retry;
import io.hostpool.pool.HttpConnectionPool;
import io.hostpool.testkit.Exchange;
import io.hostpool.testkit.LoopbackServer;
import io.hostpool.testkit.ReceivedRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are sent again, and those that cannot be sent; a permit is lost by none of them. */
@Timeout(60)
class BodySourceSocketTest {

  private final LoopbackServer server = LoopbackServer.start(BodySourceSocketTest::answer);
  private final HttpConnectionPool pool =
      HttpConnectionPool.builder("127.0.0.1")
          .port(server.port())
          .block(true)
          .poolTimeout(Duration.ZERO)
          .build();

  @TempDir Path directory;

  @AfterEach
  void poolStillServes() throws HttpException {
    assertThat(pool.stats().leased()).isZero();
    assertThat(pool.urlopen("GET", "/ok").text()).isEqualTo("ok");
    pool.close();
    server.close();
  }

  /** Upstream: TestFileBodiesOnRetryOrRedirect::test_retries_put_filehandle. */
  @Test
  void fileIsSentWholeOnEachAttempt() throws Exception {
    Path file = Files.writeString(directory.resolve("f"), "x".repeat(70_000) + "end");

    pool.urlopen("PUT", "/failsOnce", r -> r.body(RequestBody.of(file)).retries(forced()));

    assertThat(server.requests()).hasSize(2).allMatch(r -> r.body().length == 70_003);
    assertThat(server.requests().get(1).text()).endsWith("xend");
  }

  /** Upstream: TestFileBodiesOnRetryOrRedirect::test_redirect_put_file. */
  @Test
  void fileIsSentAgainAfterARedirect() throws Exception {
    Path file = Files.writeString(directory.resolve("f"), "content");

    pool.urlopen("PUT", "/redirect", r -> r.body(RequestBody.of(file)));

    assertThat(server.requests())
        .extracting(ReceivedRequest::text)
        .containsExactly("content", "content");
  }

  /** Upstream: TestFileBodiesOnRetryOrRedirect::test_redirect_with_failed_tell. */
  @Test
  void streamIsNotSentAgainAfterARedirect() {
    assertThatThrownBy(
            () ->
                pool.urlopen(
                    "PUT",
                    "/redirect",
                    r -> r.body(RequestBody.of(new ByteArrayInputStream(new byte[9])))))
        .isInstanceOf(UnrewindableBodyException.class);
    assertThat(server.requests()).hasSize(1);
  }

  /** Upstream: test_preserve_chunked_on_retry_after, …_on_redirect, …_on_broken_connection. */
  @ParameterizedTest
  @ValueSource(strings = {"/failsOnce", "/redirect", "/breaksOnce"})
  void bodyOfUnknownLengthIsChunkedEachTime(String target) throws Exception {
    pool.urlopen("PUT", target, r -> r.body(new Repeated("text/x")).retries(forced()));

    assertThat(server.requests())
        .hasSize(2)
        .allMatch(r -> "chunked".equals(r.header("Transfer-Encoding")))
        .allMatch(r -> r.header("Content-Length") == null)
        .allMatch(r -> r.text().equals("again"));
  }

  @Test
  void fileThatIsNotThereFailsBeforeAnythingIsSent() {
    assertThatThrownBy(
            () ->
                pool.urlopen(
                    "PUT", "/ok", r -> r.body(RequestBody.of(directory.resolve("absent")))))
        .isInstanceOf(RequestBodyException.class)
        .hasMessageContaining("absent");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void jsonWithoutACodecIsTheCallersMistake() {
    assertThatThrownBy(() -> pool.urlopen("POST", "/ok", r -> r.json("x")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("JsonCodec");
    assertThat(server.requests()).isEmpty();
  }

  /** A body of the application's own may say anything about itself; the head stays one head. */
  @Test
  void typeOfABodyCannotBringAnotherHeader() {
    try {
      pool.urlopen(
          "POST", "/ok", r -> r.body(new Repeated("text/x\r\nX-Evil: 1\r\n\r\nGET /evil")));
    } catch (IllegalArgumentException | HttpException refused) {
      // As good: nothing was sent.
    }

    assertThat(server.requests())
        .allMatch(r -> r.header("X-Evil") == null && !r.target().equals("/evil"));
  }

  /** Its pause is asked for while the body of the response is still on the connection. */
  @Test
  void backoffThatThrowsGivesAStreamedResponseBack() {
    Retry broken =
        forced().toBuilder()
            .backoff(
                failures -> {
                  throw new IllegalStateException("planted");
                })
            .build();

    assertThatThrownBy(() -> pool.urlopen("GET", "/failsOnce", r -> r.stream(true).retries(broken)))
        .isInstanceOf(IllegalStateException.class);
  }

  private static Retry forced() {
    return Retry.builder().total(3).statusForcelist(Set.of(500)).build();
  }

  private static void answer(Exchange exchange) throws Exception {
    boolean first = exchange.request().count() == 1;
    switch (exchange.target()) {
      case "/failsOnce" -> exchange.respond(first ? 500 : 200, "x");
      case "/redirect" -> exchange.respond(307, "", "Location: /ok");
      case "/breaksOnce" -> {
        if (exchange.request().connection() == 1) {
          exchange.fin();
        } else {
          exchange.respond(200, "x");
        }
      }
      default -> exchange.respond(200, "ok");
    }
  }

  /** A body of unknown length that can be sent any number of times. */
  private record Repeated(@Nullable String contentType) implements RequestBody {
    @Override
    public long contentLength() {
      return -1;
    }

    @Override
    public boolean isReplayable() {
      return true;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      out.write("again".getBytes(StandardCharsets.UTF_8));
    }
  }
}
