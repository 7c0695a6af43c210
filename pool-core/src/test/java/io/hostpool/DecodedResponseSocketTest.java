package io.hostpool;

import static io.hostpool.internal.coding.Samples.TEXT;
import static io.hostpool.internal.coding.Samples.bytes;
import static io.hostpool.internal.coding.Samples.gzip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.hostpool.error.DecodeException;
import io.hostpool.http.Response;
import io.hostpool.internal.coding.Samples;
import io.hostpool.pool.HttpConnectionPool;
import io.hostpool.stats.PoolStats;
import io.hostpool.testkit.LoopbackServer;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked for, and what a caller sees of a body that was coded. */
@Timeout(60)
class DecodedResponseSocketTest {

  private static final String GZIP = "Content-Encoding: gzip";

  @Test
  void sessionOffersWhatItCanDecodeUnlessItIsToldWhatToOffer() throws Exception {
    try (LoopbackServer server = echo("Accept-Encoding");
        Session session = Session.create();
        Session plain = Session.builder().header("accept-encoding", "identity").build()) {
      String url = server.url("/");

      assertThat(session.get(url).text()).isEqualTo("gzip, deflate, br, zstd");
      assertThat(session.get(url, r -> r.header("Accept-Encoding", "br")).text()).isEqualTo("br");
      assertThat(plain.get(url).text()).isEqualTo("identity");
    }
  }

  /** As urllib3, whose pools ask for nothing to be coded; what is coded all the same is decoded. */
  @Test
  void barePoolAsksForIdentity() throws Exception {
    try (LoopbackServer server = echo("Accept-Encoding");
        HttpConnectionPool pool = HttpConnectionPool.fromUrl(server.url("/"))) {
      assertThat(pool.urlopen("GET", "/").text()).isEqualTo("identity");
      assertThat(pool.urlopen("GET", "/", r -> r.header("Accept-Encoding", "gzip")).text())
          .isEqualTo("gzip");
    }
  }

  @ParameterizedTest
  @CsvSource({"gzip", "x-gzip", "br", "zstd"})
  void bodyIsDecodedAndHeadersTellOfTheWire(String coding) throws Exception {
    byte[] coded =
        switch (coding) {
          case "br" -> Samples.BROTLI;
          case "zstd" -> Zstd.compress(bytes(TEXT));
          default -> gzip(TEXT);
        };
    try (LoopbackServer server =
            LoopbackServer.start(e -> e.respond(200, coded, "Content-Encoding: " + coding));
        Session session = Session.create()) {
      Response buffered = session.get(server.url("/"));
      Response streamed = session.get(server.url("/"), r -> r.stream(true));

      assertThat(buffered.text()).isEqualTo(TEXT);
      assertThat(streamed.body().readAllBytes()).isEqualTo(bytes(TEXT));
      assertThat(buffered.isDecoded()).isTrue();
      assertThat(buffered.headers().get("Content-Encoding")).isEqualTo(coding);
      assertThat(buffered.headers().get("Content-Length")).isEqualTo("" + coded.length);
      requireBack(session, server);
    }
  }

  @Test
  void bodyIsLeftCodedWhereTheRequestSaysSo() throws Exception {
    byte[] coded = gzip(TEXT);
    try (LoopbackServer server = LoopbackServer.start(e -> e.respond(200, coded, GZIP));
        Session session = Session.create()) {
      for (boolean stream : new boolean[] {false, true}) {
        Response raw = session.get(server.url("/"), r -> r.decodeContent(false).stream(stream));

        assertThat(raw.bytes()).isEqualTo(coded);
        assertThat(raw.isDecoded()).isFalse();
      }
      requireBack(session, server);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 204, 304})
  void answerWithoutABodyIsEmptyWhateverItsHeadersSay(int status) throws Exception {
    try (LoopbackServer server =
            LoopbackServer.start(
                e -> {
                  boolean head = e.request().method().equals("HEAD");
                  e.respond(status, head ? gzip(TEXT) : new byte[0], GZIP);
                });
        Session session = Session.create()) {
      for (boolean stream : new boolean[] {false, true}) {
        assertThat(session.head(server.url("/"), r -> r.stream(stream)).bytes()).isEmpty();
        assertThat(session.get(server.url("/"), r -> r.stream(stream)).bytes()).isEmpty();
      }
      requireBack(session, server);
    }
  }

  @Test
  void interimResponsesBeforeACodedOneAreSkipped() throws Exception {
    byte[] coded = gzip(TEXT);
    try (LoopbackServer server =
            LoopbackServer.start(
                e ->
                    e.send("HTTP/1.1 103 Early\r\nContent-Encoding: gzip\r\n\r\n")
                        .respond(200, coded, GZIP));
        Session session = Session.create()) {
      assertThat(session.get(server.url("/")).text()).isEqualTo(TEXT);
      requireBack(session, server);
    }
  }

  @Test
  void redirectWithACodingThatIsBrokenIsFollowed() throws Exception {
    try (LoopbackServer server =
            LoopbackServer.start(
                e -> {
                  if (e.target().equals("/from")) {
                    e.respond(302, "rubbish", "Location: /to", GZIP);
                  } else {
                    e.respond(200, "there");
                  }
                });
        Session session = Session.create()) {
      Response response = session.get(server.url("/from"));

      assertThat(response.text()).isEqualTo("there");
      assertThatThrownBy(() -> response.history().get(0).text())
          .isInstanceOf(DecodeException.class);
      Response notFollowed = session.get(server.url("/from"), r -> r.followRedirects(false));
      assertThatThrownBy(notFollowed::text).isInstanceOf(DecodeException.class);
      requireBack(session, server);
    }
  }

  /** The server flushes its encoder, sends no more, and waits until the client has seen it. */
  @Test
  void streamShowsWhatWasFlushedBeforeTheRestArrives() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    try (LoopbackServer server =
            LoopbackServer.start(
                e -> {
                  e.send("HTTP/1.1 200 OK\r\n" + GZIP + "\r\nTransfer-Encoding: chunked\r\n\r\n");
                  ByteArrayOutputStream out = new ByteArrayOutputStream();
                  GZIPOutputStream encoder = new GZIPOutputStream(out, 512, true);
                  encoder.write(bytes("first"));
                  encoder.flush();
                  chunk(e, out);
                  e.await(seen);
                  encoder.write(bytes(" last"));
                  encoder.close();
                  chunk(e, out);
                  e.send("0\r\n\r\n");
                });
        Session session = Session.create()) {
      try (Response response = session.get(server.url("/"), r -> r.stream(true))) {
        InputStream body = response.body();
        assertThat(body.readNBytes(5)).isEqualTo(bytes("first"));
        seen.countDown();
        assertThat(body.readAllBytes()).isEqualTo(bytes(" last"));
      }
      requireBack(session, server);
    }
  }

  private static void chunk(io.hostpool.testkit.Exchange exchange, ByteArrayOutputStream out)
      throws Exception {
    exchange.send(Integer.toHexString(out.size()) + "\r\n");
    exchange.send(out.toByteArray()).send("\r\n");
    out.reset();
  }

  private static LoopbackServer echo(String header) {
    return LoopbackServer.start(e -> e.respond(200, String.valueOf(e.request().header(header))));
  }

  /** One connection did it all, and it lies in its pool. */
  private static void requireBack(Session session, LoopbackServer server) {
    PoolStats stats = session.pools().get(0);
    assertThat(stats.leased()).isZero();
    assertThat(stats.idle()).isEqualTo(1);
    assertThat(server.accepted()).isEqualTo(1);
  }
}
