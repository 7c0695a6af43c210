package io.hostpool.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.DeadlineExceededException;
import io.hostpool.error.IncompleteReadException;
import io.hostpool.error.Phase;
import io.hostpool.error.ReadTimeoutException;
import io.hostpool.error.TlsException;
import io.hostpool.http.RequestBody;
import io.hostpool.http.Response;
import io.hostpool.net.TlsConfig;
import io.hostpool.policy.Retry;
import io.hostpool.policy.Timeout;
import io.hostpool.pool.HttpsConnectionPool;
import io.hostpool.stats.CloseReason;
import io.hostpool.testkit.LoopbackServer;
import io.hostpool.testkit.TestCa;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What TLS does besides carrying data, and how it can break. */
@org.junit.jupiter.api.Timeout(60)
class TlsSocketTest {

  private static final int END_OF_HEAD = 0x0d0a0d0a;
  private static final int ALERT_RECORD = 21;
  private static final byte[] UNTIL_CLOSE =
      "HTTP/1.1 200 OK\r\n\r\nuntil the end".getBytes(StandardCharsets.US_ASCII);

  private final TestCa ca = TestCa.create();
  private final CountDownLatch idle = new CountDownLatch(1);
  private final CountDownLatch sent = new CountDownLatch(1);

  @Test
  void keyUpdateOnAnIdleConnectionDoesNotCostIt() throws Exception {
    try (RawListener listener =
            new RawListener(
                socket -> {
                  SSLSocket tls = ca.handshake(socket, "TLSv1.3");
                  answer(tls, "one");
                  idle.await();
                  tls.startHandshake();
                  sent.countDown();
                  answer(tls, "two");
                });
        HttpsConnectionPool pool = pool(listener.port())) {
      assertThat(pool.urlopen("GET", "/").text()).isEqualTo("one");
      idle.countDown();
      sent.await();

      assertThat(pool.urlopen("GET", "/").text()).isEqualTo("two");
      assertThat(pool.stats().opened()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void closeNotifyOnAnIdleConnectionIsItsEnd(String version) throws Exception {
    try (RawListener listener =
            new RawListener(
                socket -> {
                  SSLSocket tls = ca.handshake(socket, version);
                  answer(tls, "answer");
                  if (sent.getCount() > 0) {
                    idle.await();
                    tls.shutdownOutput();
                    sent.countDown();
                  }
                  untilClosed(socket);
                });
        HttpsConnectionPool pool = pool(listener.port())) {
      pool.urlopen("GET", "/");
      idle.countDown();
      sent.await();

      assertThat(pool.urlopen("POST", "/").text()).isEqualTo("answer");
      assertThat(pool.stats().closedBy()).containsEntry(CloseReason.STALE, 1L);
    }
  }

  @Test
  void unsolicitedResponseOnAnIdleConnectionReachesNoCaller() throws Exception {
    try (RawListener listener =
            new RawListener(
                socket -> {
                  SSLSocket tls = ca.handshake(socket, "TLSv1.3");
                  boolean first = sent.getCount() > 0;
                  answer(tls, first ? "first" : "second");
                  if (first) {
                    idle.await();
                    tls.getOutputStream().write(response("unsolicited"));
                    sent.countDown();
                  }
                  untilClosed(socket);
                });
        HttpsConnectionPool pool = pool(listener.port())) {
      pool.urlopen("GET", "/");
      idle.countDown();
      sent.await();

      assertThat(pool.urlopen("GET", "/").text()).isEqualTo("second");
      assertThat(pool.stats().closedBy()).containsEntry(CloseReason.UNSOLICITED, 1L);
    }
  }

  @Test
  void secondAnswerInTheSameRecordReachesNobody() throws Exception {
    try (LoopbackServer server =
            LoopbackServer.builder(
                    exchange -> {
                      String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
                      exchange.send(exchange.target().equals("/one") ? answer + answer : answer);
                    })
                .tls(ca.serverContext("127.0.0.1"))
                .start();
        HttpsConnectionPool pool = pool(server.port())) {
      pool.urlopen("GET", "/one");

      assertThat(pool.stats().idle()).isZero();
      assertThat(pool.stats().closedBy()).containsEntry(CloseReason.UNSOLICITED, 1L);
      assertThat(pool.urlopen("GET", "/two").text()).isEqualTo("ok");
    }
  }

  @Test
  void serverMayNegotiateAnewBeforeItAnswers() throws Exception {
    try (RawListener listener =
            new RawListener(
                socket -> {
                  SSLSocket tls = ca.handshake(socket, "TLSv1.2");
                  readHead(tls);
                  tls.startHandshake();
                  tls.getOutputStream().write(response("negotiated anew"));
                  answer(tls, "and used again");
                });
        HttpsConnectionPool pool = pool(listener.port())) {
      assertThat(pool.urlopen("GET", "/").text()).isEqualTo("negotiated anew");
      // The rest of the handshake comes when it likes; if a part of it has come, the connection
      // goes.
      assertThat(pool.urlopen("GET", "/").text()).isIn("and used again", "negotiated anew");
    }
  }

  @Test
  void recordsThatComeByteByByteAreRead() throws Exception {
    try (LoopbackServer server = echo();
        RawListener drip = forwarder(server, new ArrayList<>(), 1);
        HttpsConnectionPool pool = pool(drip.port())) {
      for (int i = 0; i < 3; i++) {
        String text = "body " + i;
        assertThat(pool.urlopen("POST", "/", r -> r.body(RequestBody.of(text))).text())
            .isEqualTo(text);
      }
      assertThat(pool.stats().opened()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 16_384, 100_000})
  void largeBodiesArriveWholeInWhatPiecesTheyAreRead(int piece) throws Exception {
    byte[] body = new byte[300_000];
    new Random(piece).nextBytes(body);
    try (LoopbackServer server = echo();
        HttpsConnectionPool pool = pool(server.port());
        Response response =
            pool.urlopen("POST", "/", r -> r.body(RequestBody.of(body)).stream(true))) {
      byte[] seen = new byte[body.length];
      int count = 0;
      InputStream in = response.body();
      while (count < seen.length) {
        int n = in.read(seen, count, Math.min(piece, seen.length - count));
        assertThat(n).isPositive();
        count += n;
      }

      assertThat(in.read()).isEqualTo(-1);
      assertThat(seen).isEqualTo(body);
      assertThat(pool.stats().idle()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bodyThatEndsWithTheConnectionIsWholeAfterCloseNotify(String version) throws Exception {
    try (RawListener listener =
            new RawListener(
                socket -> {
                  SSLSocket tls = ca.handshake(socket, version);
                  readHead(tls);
                  tls.getOutputStream().write(UNTIL_CLOSE);
                  tls.close();
                });
        HttpsConnectionPool pool = pool(listener.port())) {
      assertThat(pool.urlopen("GET", "/").text()).isEqualTo("until the end");
      assertThat(pool.stats().closedBy()).containsEntry(CloseReason.SERVER, 1L);
    }
  }

  // RFC 9112 section 9.8
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bodyThatEndsWithTheConnectionIsIncompleteWithoutCloseNotify(String version)
      throws Exception {
    try (RawListener listener =
            new RawListener(
                socket -> {
                  SSLSocket tls = ca.handshake(socket, version);
                  readHead(tls);
                  tls.getOutputStream().write(UNTIL_CLOSE);
                  socket.shutdownOutput();
                  untilClosed(socket);
                });
        HttpsConnectionPool pool = pool(listener.port())) {
      assertThatThrownBy(() -> pool.urlopen("GET", "/"))
          .isInstanceOf(IncompleteReadException.class)
          .hasMessageContaining("without close_notify");
      assertThat(pool.stats().leased() + pool.stats().idle()).isZero();
    }
  }

  @Test
  void connectionThatEndsWithinARecordEndsTheAnswerEarly() throws Exception {
    try (RawListener listener =
            new RawListener(
                socket -> {
                  SSLSocket tls = ca.handshake(socket, "TLSv1.3");
                  readHead(tls);
                  tls.getOutputStream().write(head("Content-Length: 100", "a piece"));
                  socket.getOutputStream().write(pieceOfARecord());
                });
        HttpsConnectionPool pool = pool(listener.port())) {
      assertThatThrownBy(() -> pool.urlopen("GET", "/"))
          .isInstanceOfSatisfying(
              IncompleteReadException.class, e -> assertThat(e.bytesRead()).isEqualTo(7))
          .hasMessageContaining("within a TLS record");
      assertThat(pool.stats().leased() + pool.stats().idle()).isZero();
    }
  }

  @Test
  void reusedConnectionThatEndsWithinItsFirstRecordIsReplacedFreeOfCharge() throws Exception {
    try (RawListener listener =
            new RawListener(
                socket -> {
                  SSLSocket tls = ca.handshake(socket, "TLSv1.3");
                  boolean first = sent.getCount() > 0;
                  answer(tls, "answer");
                  if (first) {
                    sent.countDown();
                    readHead(tls);
                    socket.getOutputStream().write(pieceOfARecord());
                  }
                });
        HttpsConnectionPool pool = pool(listener.port())) {
      pool.urlopen("GET", "/");

      assertThat(pool.urlopen("GET", "/").text()).isEqualTo("answer");
      assertThat(pool.stats().redialed()).isEqualTo(1);
    }
  }

  @Test
  void dataThatCameWithTheHandshakeReachesNobody() throws Exception {
    try (RawListener listener =
            new RawListener(
                socket -> {
                  SSLSocket tls = ca.handshake(socket, "TLSv1.2");
                  if (sent.getCount() > 0) {
                    tls.getOutputStream().write(response("unsolicited"));
                    sent.countDown();
                    untilClosed(socket);
                  } else {
                    answer(tls, "answer");
                  }
                });
        HttpsConnectionPool pool = pool(listener.port())) {
      pool.prewarm(1);
      sent.await();

      assertThat(pool.urlopen("GET", "/").text()).isEqualTo("answer");
      assertThat(pool.stats().closedBy()).containsEntry(CloseReason.UNSOLICITED, 1L);
    }
  }

  @Test
  void recordThatDripsDoesNotOutlastTheDeadlineOfAnExpectation() throws Exception {
    try (RawListener listener =
            new RawListener(
                socket -> {
                  readHead(ca.handshake(socket, "TLSv1.3"));
                  socket.getOutputStream().write(new byte[] {23, 3, 3, 64, 0});
                  for (int i = 0; i < 1000; i++) {
                    socket.getOutputStream().write(i);
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                  }
                });
        HttpsConnectionPool pool = pool(listener.port())) {
      Timeout timeout = Timeout.builder().total(Duration.ofMillis(700)).build();

      assertThatThrownBy(
              () ->
                  pool.urlopen(
                      "POST",
                      "/",
                      r ->
                          r.body(RequestBody.of("text"))
                              .header("Expect", "100-continue")
                              .timeout(timeout)))
          .isInstanceOf(DeadlineExceededException.class);
      assertThat(pool.stats().leased() + pool.stats().idle()).isZero();
    }
  }

  @Test
  void trustManagerThatThrowsIsATlsFailure() throws Exception {
    SSLContext throwing = SSLContext.getInstance("TLS");
    throwing.init(null, new TrustManager[] {new Throwing()}, null);
    try (LoopbackServer server = echo();
        HttpsConnectionPool pool =
            HttpsConnectionPool.builder("127.0.0.1")
                .port(server.port())
                .tls(TlsConfig.builder().sslContext(throwing).build())
                .retries(Retry.none())
                .build()) {
      assertThatThrownBy(() -> pool.urlopen("GET", "/"))
          .isInstanceOf(TlsException.class)
          .hasStackTraceContaining("thrown by the test");
      assertThat(pool.stats().dialing()).isZero();
    }
  }

  @Test
  void recordThatDoesNotGoOnIsAReadTimeout() throws Exception {
    try (RawListener listener =
            new RawListener(
                socket -> {
                  readHead(ca.handshake(socket, "TLSv1.3"));
                  socket.getOutputStream().write(pieceOfARecord());
                  untilClosed(socket);
                });
        HttpsConnectionPool pool = pool(listener.port())) {
      Timeout timeout = Timeout.of(Duration.ofSeconds(20), Duration.ofMillis(300));

      assertThatThrownBy(() -> pool.urlopen("GET", "/", r -> r.timeout(timeout)))
          .isInstanceOf(ReadTimeoutException.class);
      assertThat(pool.stats().leased() + pool.stats().idle()).isZero();
    }
  }

  @Test
  void serverThatEndsTheConnectionDuringTheHandshakeIsATlsFailure() throws Exception {
    try (RawListener listener = new RawListener(socket -> socket.getInputStream().read());
        HttpsConnectionPool pool = pool(listener.port())) {
      assertThatThrownBy(() -> pool.urlopen("GET", "/"))
          .isInstanceOfSatisfying(
              TlsException.class, e -> assertThat(e.phase()).isEqualTo(Phase.TLS));
      assertThat(pool.stats().dialing()).isZero();
    }
  }

  @Test
  void closingAnIdleConnectionSendsCloseNotify() throws Exception {
    CompletableFuture<Integer> record = new CompletableFuture<>();
    try (RawListener listener =
        new RawListener(
            socket -> {
              answer(ca.handshake(socket, "TLSv1.2"), "answer");
              record.complete(socket.getInputStream().read());
            })) {
      try (HttpsConnectionPool pool = pool(listener.port())) {
        pool.urlopen("GET", "/");
      }

      assertThat(record.get(20, TimeUnit.SECONDS)).isEqualTo(ALERT_RECORD);
    }
  }

  @Test
  void laterConnectionsResumeTheSession() throws Exception {
    List<Integer> counts = Collections.synchronizedList(new ArrayList<>());
    try (LoopbackServer server =
            LoopbackServer.builder(
                    exchange -> exchange.respond(200, "ok", "Connection: close").fin())
                .tls(ca.serverContext("127.0.0.1"))
                .start();
        RawListener counter = forwarder(server, counts, 8192);
        HttpsConnectionPool pool = pool(counter.port())) {
      pool.urlopen("GET", "/");
      pool.urlopen("GET", "/");
      pool.urlopen("GET", "/");
    }

    // A handshake in full brings a certificate and a signature.
    assertThat(counts.get(1)).isLessThan(counts.get(0) - 500);
    assertThat(counts.get(2)).isLessThan(counts.get(0) - 500);
  }

  /** Hands on what both sides send; notes how many bytes each connection of the server sent. */
  private static RawListener forwarder(LoopbackServer server, List<Integer> counts, int piece)
      throws IOException {
    return new RawListener(
        client -> {
          try (Socket upstream = new Socket(server.host(), server.port())) {
            upstream.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
            Thread requests = new Thread(() -> pump(client, upstream, 8192), "testkit-forwarder");
            requests.start();
            counts.add(pump(upstream, client, piece));
            client.shutdownOutput();
            requests.join();
          }
        });
  }

  private static int pump(Socket from, Socket to, int piece) {
    byte[] buffer = new byte[piece];
    int count = 0;
    try {
      InputStream in = from.getInputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        to.getOutputStream().write(buffer, 0, n);
        count += n;
      }
      to.shutdownOutput();
    } catch (IOException oneSideWentAway) {
      // The other one is told by the end of the script.
    }
    return count;
  }

  private LoopbackServer echo() {
    return LoopbackServer.builder(exchange -> exchange.respond(200, exchange.request().body()))
        .tls(ca.serverContext("127.0.0.1"))
        .start();
  }

  private static void answer(SSLSocket tls, String body) throws IOException {
    readHead(tls);
    tls.getOutputStream().write(response(body));
  }

  private static void readHead(SSLSocket tls) throws IOException {
    int last = 0;
    while (last != END_OF_HEAD) {
      int b = tls.getInputStream().read();
      if (b < 0) {
        throw new EOFException();
      }
      last = last << 8 | b;
    }
  }

  private static byte[] response(String body) {
    return head("Content-Length: " + body.length(), body);
  }

  private static byte[] head(String header, String start) {
    return ("HTTP/1.1 200 OK\r\n" + header + "\r\n\r\n" + start)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** The head of a record of 256 bytes, and ten of them. */
  private static byte[] pieceOfARecord() {
    return new byte[] {23, 3, 3, 1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  }

  private static void untilClosed(Socket socket) throws IOException {
    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
  }

  private HttpsConnectionPool pool(int port) {
    return HttpsConnectionPool.builder("127.0.0.1")
        .port(port)
        .tls(TlsConfig.builder().sslContext(ca.clientContext()).build())
        .retries(Retry.none())
        .build();
  }

  private static final class Throwing implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {
      throw new IllegalStateException("thrown by the test");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {
      throw new IllegalStateException("thrown by the test");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
