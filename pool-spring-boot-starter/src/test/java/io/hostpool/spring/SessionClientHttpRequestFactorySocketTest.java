package io.hostpool.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.Session;
import io.hostpool.error.NewConnectionException;
import io.hostpool.stats.PoolStats;
import io.hostpool.testkit.LoopbackServer;
import io.hostpool.testkit.ReceivedRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.util.StreamUtils;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

@Timeout(60)
class SessionClientHttpRequestFactorySocketTest {

  private static final String TEXT = "some text ".repeat(1000);

  private final LoopbackServer server =
      LoopbackServer.start(
          exchange -> {
            switch (exchange.target()) {
              case "/missing" -> exchange.respond(404, "no such thing");
              case "/large" -> exchange.respond(200, new byte[1_000_000], "X-A: 1", "x-a: 2");
              case "/blank" -> exchange.respond(307, "nowhere", "Location: ");
              case "/gzip" -> exchange.respond(200, gzip(TEXT), "Content-Encoding: gzip");
              default ->
                  exchange.respond(200, exchange.request().method() + exchange.request().text());
            }
          });
  private final Session session = Session.create();
  private final RestClient client =
      RestClient.builder()
          .baseUrl(server.url(""))
          .requestFactory(new SessionClientHttpRequestFactory(session))
          .build();

  @AfterEach
  void stop() {
    assertThat(session.pools()).allMatch(pool -> pool.leased() == 0);
    session.close();
    server.close();
  }

  @Test
  void requestsGoOverOneKeptConnection() {
    assertThat(client.get().uri("/a").retrieve().body(String.class)).isEqualTo("GET");
    assertThat(client.post().uri("/b").body("text").retrieve().body(String.class))
        .isEqualTo("POSTtext");
    assertThat(client.delete().uri("/c").retrieve().toBodilessEntity().getStatusCode().value())
        .isEqualTo(200);

    assertThat(server.accepted()).isEqualTo(1);
    assertThat(session.pools()).extracting(PoolStats::idle).containsExactly(1);
  }

  @Test
  void redirectWithABlankLocationIsTheAnswerAfterOneRequest() {
    assertThat(client.post().uri("/blank").body("text").retrieve().body(String.class))
        .isEqualTo("nowhere");

    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void headersGoBothWays() {
    HttpHeaders headers =
        client
            .post()
            .uri("/large")
            .contentType(MediaType.TEXT_PLAIN)
            .header("X-Two", "1", "2")
            .body("x")
            .retrieve()
            .toEntity(byte[].class)
            .getHeaders();

    ReceivedRequest request = server.requests().get(0);
    assertThat(request.headerNames().stream().filter("X-Two"::equals)).hasSize(2);
    assertThat(request.header("Content-Type")).startsWith("text/plain");
    assertThat(request.headerNames().stream().filter("Content-Type"::equalsIgnoreCase)).hasSize(1);
    assertThat(headers.get("X-A")).containsExactly("1", "2");
  }

  /** Spring's other clients send null as nothing and trim; elsewhere both are refused. */
  @Test
  void valueThatIsNullIsSentEmptyAndBlanksAtItsEdgesAreNotSent() {
    client
        .get()
        .uri("/")
        .headers(
            headers -> {
              headers.put("X-Null", Collections.singletonList(null));
              headers.put("X-Blanks", List.of(" \t a b\t ", "  "));
            })
        .retrieve()
        .toBodilessEntity();

    assertThat(server.requests().get(0).headers())
        .filteredOn(header -> header.getKey().startsWith("X-"))
        .extracting(header -> header.getKey() + "=" + header.getValue())
        .containsExactly("X-Null=", "X-Blanks=a b", "X-Blanks=");
  }

  /** A CR or LF at an edge is no blank. */
  @ParameterizedTest
  @ValueSource(strings = {"a\r\n", "\na", "a\r\nX-Other: 1", "\u00a0\u0000"})
  void valueThatCouldSplitARequestIsRefused(String value) {
    assertThatThrownBy(
            () -> client.get().uri("/").header("X-Test", value).retrieve().toBodilessEntity())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("value of header X-Test");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void connectIsRefusedByName() {
    assertThatThrownBy(
            () ->
                client.method(HttpMethod.valueOf("CONNECT")).uri("/").retrieve().toBodilessEntity())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CONNECT asks a proxy for a tunnel");
  }

  /** Spring's converters read no more than Content-Length says. */
  @Test
  void decodedBodyIsReadToItsEnd() {
    assertThat(client.get().uri("/gzip").retrieve().body(String.class)).isEqualTo(TEXT);
    assertThat(client.get().uri("/gzip").retrieve().body(byte[].class)).hasSize(TEXT.length());
    HttpHeaders headers = client.get().uri("/gzip").retrieve().toEntity(String.class).getHeaders();

    assertThat(headers.headerNames()).doesNotContain("Content-Encoding", "Content-Length");
    assertThat(server.requests().get(0).header("Accept-Encoding")).startsWith("gzip, deflate");
    assertThat(server.accepted()).isEqualTo(1);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void bodyOfKnownLengthIsSentWithIt() {
    client
        .post()
        .uri("/")
        .body(new ByteArrayResource(new byte[100_000]))
        .retrieve()
        .toBodilessEntity();

    assertThat(server.requests().get(0).header("Content-Length")).isEqualTo("100000");
  }

  @Test
  void bodyOfUnknownLengthIsStreamedInChunks() {
    AtomicInteger writes = new AtomicInteger();
    StreamingHttpOutputMessage.Body body =
        out -> {
          writes.incrementAndGet();
          StreamUtils.copy("in parts", StandardCharsets.UTF_8, out);
        };

    String answer = client.post().uri("/").body(body::writeTo).retrieve().body(String.class);

    assertThat(answer).isEqualTo("POSTin parts");
    assertThat(server.requests().get(0).header("Transfer-Encoding")).isEqualTo("chunked");
    assertThat(writes.get()).isEqualTo(1);
  }

  @Test
  void responseThatIsNotReadGivesItsConnectionBack() {
    Integer status =
        client
            .get()
            .uri("/small")
            .exchange((request, response) -> response.getStatusCode().value());

    assertThat(status).isEqualTo(200);
    assertThat(session.pools()).extracting(PoolStats::idle).containsExactly(1);
  }

  @Test
  void errorStatusIsAnErrorOfSpring() {
    assertThatThrownBy(() -> client.get().uri("/missing").retrieve().body(String.class))
        .isInstanceOf(HttpClientErrorException.NotFound.class)
        .hasMessageContaining("no such thing");
    assertThat(session.pools()).extracting(PoolStats::idle).containsExactly(1);
  }

  @Test
  void failureOfTheConnectionKeepsItsType() {
    server.stopListening();

    assertThatThrownBy(() -> client.get().uri("/").retrieve().body(String.class))
        .isInstanceOf(ResourceAccessException.class)
        .hasCauseInstanceOf(NewConnectionException.class);
  }
}
