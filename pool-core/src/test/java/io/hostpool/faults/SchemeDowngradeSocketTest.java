package io.hostpool.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostpool.Session;
import io.hostpool.adapter.HttpAdapter;
import io.hostpool.error.HttpException;
import io.hostpool.http.Auth;
import io.hostpool.http.Request;
import io.hostpool.http.Response;
import io.hostpool.net.TlsConfig;
import io.hostpool.pool.PoolManager;
import io.hostpool.stats.PoolStats;
import io.hostpool.testkit.TestCa;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Reactor Netty CVE-2026-41715: a redirect from https to http on the same host and port sent the
 * credentials in the clear.
 */
@Timeout(60)
class SchemeDowngradeSocketTest {

  private static final Consumer<Request.Builder> SECRETS =
      r ->
          r.header("Cookie", "id=secret")
              .header("Proxy-Authorization", "secret")
              .header("X-Kept", "kept")
              .auth(Auth.bearer("secret"));

  private final TestCa ca = TestCa.create();
  private final TlsConfig trusting = TlsConfig.builder().sslContext(ca.clientContext()).build();

  /** Sends the request to the first URL; returns the pools afterwards. */
  @FunctionalInterface
  private interface Client {
    List<PoolStats> get(String url) throws HttpException;
  }

  @Test
  void sessionSendsNoCredentialsFromHttpsToHttpOnOnePort() throws Exception {
    requireNoSecrets(
        url -> {
          try (HttpAdapter adapter = HttpAdapter.builder().tls(trusting).build();
              Session session =
                  Session.builder().mount("https://", adapter).mount("http://", adapter).build()) {
            requireAnswer(session.get(url, SECRETS));
            return session.pools();
          }
        });
  }

  @Test
  void managerSendsNoCredentialsFromHttpsToHttpOnOnePort() throws Exception {
    requireNoSecrets(
        url -> {
          try (PoolManager manager = PoolManager.builder().tls(trusting).build()) {
            requireAnswer(manager.request("GET", url, SECRETS));
            return manager.pools();
          }
        });
  }

  private void requireNoSecrets(Client client) throws Exception {
    CompletableFuture<String> secure = new CompletableFuture<>();
    CompletableFuture<String> clear = new CompletableFuture<>();
    AtomicInteger connections = new AtomicInteger();
    try (RawListener listener =
        new RawListener(
            socket -> {
              if (connections.incrementAndGet() == 1) {
                Socket tls = ca.handshake(socket);
                secure.complete(head(tls));
                String here = "http://127.0.0.1:" + socket.getLocalPort() + "/clear";
                answer(tls, "302 Found\r\nLocation: " + here + "\r\nConnection: close");
              } else {
                clear.complete(head(socket));
                answer(socket, "200 OK\r\nConnection: close");
              }
            })) {
      List<PoolStats> pools = client.get("https://127.0.0.1:" + listener.port() + "/");

      assertThat(secure.get(20, TimeUnit.SECONDS))
          .contains("Authorization: Bearer secret", "id=secret");
      assertThat(clear.get(20, TimeUnit.SECONDS))
          .startsWith("GET /clear ")
          .contains("X-Kept: kept")
          .doesNotContain("secret", "Authorization", "Cookie");
      String authority = "127.0.0.1:" + listener.port();
      assertThat(pools)
          .extracting(PoolStats::key)
          .containsExactlyInAnyOrder("https://" + authority, "http://" + authority);
    }
  }

  private static void requireAnswer(Response response) {
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.history()).hasSize(1);
  }

  private static String head(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = socket.getInputStream().read();
      if (b < 0) {
        throw new IOException("ended early");
      }
      head.append((char) b);
    }
    return head.toString();
  }

  private static void answer(Socket socket, String head) throws IOException {
    String answer = "HTTP/1.1 " + head + "\r\nContent-Length: 0\r\n\r\n";
    socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
  }
}
