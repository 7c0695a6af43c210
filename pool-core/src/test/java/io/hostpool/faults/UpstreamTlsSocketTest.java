package io.hostpool.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.HttpException;
import io.hostpool.error.ReadTimeoutException;
import io.hostpool.error.TlsException;
import io.hostpool.http.Response;
import io.hostpool.net.TlsConfig;
import io.hostpool.policy.Retry;
import io.hostpool.policy.Timeout;
import io.hostpool.pool.HttpsConnectionPool;
import io.hostpool.testkit.LoopbackServer;
import io.hostpool.testkit.TestCa;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenarios of urllib3's test_socketlevel.py over TLS; docs/conformance.md has all. */
@org.junit.jupiter.api.Timeout(60)
class UpstreamTlsSocketTest {

  private final TestCa ca = TestCa.create();

  // TestSNI.test_hostname_in_first_request_packet, TestALPN.test_alpn_protocol_in_first_…
  @Test
  void firstPacketNamesTheHostAndHttp11() throws Exception {
    CompletableFuture<String> hello = new CompletableFuture<>();
    try (RawListener listener =
            new RawListener(
                socket -> {
                  byte[] packet = new byte[16_384];
                  int n = socket.getInputStream().read(packet);
                  hello.complete(new String(packet, 0, n, StandardCharsets.ISO_8859_1));
                });
        HttpsConnectionPool pool =
            HttpsConnectionPool.builder("named.example")
                .port(listener.port())
                .resolver(host -> List.of(InetAddress.getLoopbackAddress()))
                .retries(Retry.none())
                .build()) {
      assertThatThrownBy(() -> pool.urlopen("GET", "/")).isInstanceOf(HttpException.class);

      assertThat(hello.get(20, TimeUnit.SECONDS))
          .contains("named.example", "http/1.1")
          .doesNotContain("h2");
    }
  }

  // TestSSL.test_ssl_failure_midway_through_conn
  @Test
  void plainTextInTheMiddleOfTlsIsATlsFailure() throws Exception {
    try (RawListener listener = new RawListener(this::plainTextAfterTheHandshake);
        HttpsConnectionPool pool = pool(listener.port(), Retry.none())) {
      assertThatThrownBy(() -> pool.urlopen("GET", "/")).isInstanceOf(TlsException.class);
      assertThat(pool.stats().leased() + pool.stats().idle()).isZero();
    }
  }

  // TestSSL.test_retry_ssl_error
  @Test
  void tlsFailureIsTriedAgainOnANewConnection() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    try (RawListener listener =
            new RawListener(
                socket -> {
                  if (connections.incrementAndGet() == 1) {
                    plainTextAfterTheHandshake(socket);
                  } else {
                    SSLSocket tls = ca.handshake(socket);
                    tls.getOutputStream().write(response("Success"));
                    tls.getInputStream().read();
                  }
                });
        HttpsConnectionPool pool = pool(listener.port(), Retry.of(1))) {
      assertThat(pool.urlopen("GET", "/").text()).isEqualTo("Success");
      assertThat(pool.stats().idle()).isEqualTo(1);
    }
  }

  // TestSSL.test_ssl_read_timeout
  @Test
  void encryptedBodyThatStopsIsAReadTimeoutAndCostsTheConnection() throws Exception {
    try (LoopbackServer server =
            LoopbackServer.builder(
                    exchange ->
                        exchange
                            .send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nHi-")
                            .awaitClientClose())
                .tls(ca.serverContext("127.0.0.1"))
                .start();
        HttpsConnectionPool pool = pool(server.port(), Retry.none())) {
      Response response =
          pool.urlopen(
              "GET",
              "/",
              r ->
                  r.stream(true)
                      .timeout(Timeout.of(Duration.ofSeconds(20), Duration.ofMillis(700))));

      assertThatThrownBy(response::bytes).isInstanceOf(ReadTimeoutException.class);
      assertThat(pool.stats().leased() + pool.stats().idle()).isZero();
    }
  }

  // TestSSL.test_ssl_custom_validation_failure_terminates
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void refusedCertificateClosesTheConnection(String version) throws Exception {
    CompletableFuture<IOException> seen = new CompletableFuture<>();
    try (RawListener listener =
            new RawListener(
                new OneFlightListener(),
                socket -> {
                  try {
                    ca.handshake(socket, version).getInputStream().read();
                    seen.complete(new IOException("it went on"));
                  } catch (IOException e) {
                    seen.complete(e);
                  }
                });
        HttpsConnectionPool pool =
            HttpsConnectionPool.builder("127.0.0.1")
                .port(listener.port())
                .tls(TlsConfig.builder().sslContext(TestCa.create().clientContext()).build())
                .retries(Retry.none())
                .build()) {
      assertThatThrownBy(() -> pool.urlopen("GET", "/")).isInstanceOf(TlsException.class);

      assertThat(seen.get(20, TimeUnit.SECONDS)).hasMessageContaining("fatal alert");
      assertThat(pool.stats().dialing() + pool.stats().leased()).isZero();
    }
  }

  private void plainTextAfterTheHandshake(Socket socket) throws Exception {
    SSLSocket tls = ca.handshake(socket);
    tls.getInputStream().read(new byte[4096]);
    // Long enough: read as TLS, it starts with a record of 20 KiB.
    socket.getOutputStream().write(response("Fail".repeat(8000)));
    // Until the client has had enough; closing before would let the text be lost.
    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
  }

  private static byte[] response(String body) {
    return ("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private HttpsConnectionPool pool(int port, Retry retries) {
    return HttpsConnectionPool.builder("127.0.0.1")
        .port(port)
        .tls(TlsConfig.builder().sslContext(ca.clientContext()).build())
        .retries(retries)
        .build();
  }
}
