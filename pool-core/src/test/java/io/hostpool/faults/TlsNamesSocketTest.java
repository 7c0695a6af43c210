package io.hostpool.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.Phase;
import io.hostpool.error.TlsException;
import io.hostpool.net.TlsConfig;
import io.hostpool.policy.Retry;
import io.hostpool.pool.HttpsConnectionPool;
import io.hostpool.testkit.LoopbackServer;
import io.hostpool.testkit.TestCa;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which host a TLS server is asked for, and whose certificate it must have. */
@Timeout(60)
class TlsNamesSocketTest {

  private final TestCa ca = TestCa.create();

  /** JSSE by itself names hosts of two labels and more that have no underscore. */
  @ParameterizedTest
  @CsvSource({
    "backend, backend",
    "localhost, localhost",
    "BackEnd, backend",
    "api.example.com, api.example.com",
    "api.example.com., api.example.com",
    "my_service, my_service",
    "a_b.example.com, a_b.example.com",
    "_dns.a--b.example.com, _dns.a--b.example.com",
    "-a-.example.com, -a-.example.com",
    "bücher.example, xn--bcher-kva.example"
  })
  void everyHostThatIsANameIsAskedForByIt(String host, String serverName) throws Exception {
    try (LoopbackServer server = server(ca.serverContext(serverName));
        HttpsConnectionPool pool = pool(host, server.port(), ca.clientContext())) {
      assertThat(pool.urlopen("GET", "/").text()).isEqualTo("ok");

      assertThat(server.serverNames()).containsExactly(serverName);
    }
  }

  /** RFC 6066 section 3: literal addresses are not permitted. */
  @Test
  void addressIsNotAskedFor() throws Exception {
    try (LoopbackServer server = server(ca.serverContext("127.0.0.1"));
        HttpsConnectionPool pool = pool("127.0.0.1", server.port(), ca.clientContext())) {
      assertThat(pool.urlopen("GET", "/").text()).isEqualTo("ok");

      assertThat(server.serverNames()).containsExactly("");
    }
  }

  /** JSSE refuses to compare such names at all. */
  @ParameterizedTest
  @CsvSource({
    "my_service, my_service, true",
    "my_service, myservice, false",
    "my_service, my-service, false",
    "a_b.example.com, a_b.example.com, true",
    "a_b.example.com, A_B.example.com, true",
    "a_b.example.com, *.example.com, true",
    "a_b.example.com, c_d.example.com, false",
    "a_b.example.com, a*.example.com, false",
    "a_b.example.com, example.com, false"
  })
  void certificateOfAHostWithAnUnderscoreIsComparedWithIt(
      String host, String certified, boolean accepted) throws Exception {
    requireVerdict(host, ca.serverContext(certified), ca.clientContext(), accepted);
  }

  @Test
  void commonNameDoesNotCountForAHostWithAnUnderscore() throws Exception {
    requireVerdict(
        "my_service", ca.commonNameServerContext("my_service"), ca.clientContext(), false);
  }

  /** A trust manager that pins, or trusts all, is asked for the chain only. */
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1, true",
    "127.0.0.1, 127.0.0.2, false",
    "127.0.0.1, other.example, false",
    "127.0.0.1, ::1, false",
    "localhost, localhost, true",
    "localhost, other.example, false",
    "localhost, 127.0.0.1, false",
    "api.example.com, api.example.com, true",
    "api.example.com, *.example.com, true",
    "api.example.com, evil.example.com, false",
    "my_service, other_service, false"
  })
  void hostIsVerifiedWhateverTheTrustManagerOfTheCallerChecks(
      String host, String certified, boolean accepted) throws Exception {
    SSLContext server = ca.serverContext(certified);
    for (TrustManager trusting : List.of(new TrustsAll(), new TrustsAllOfSockets())) {
      requireVerdict(host, server, trusting(trusting), accepted);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "my_service"})
  void commonNameDoesNotCountForATrustManagerThatTrustsAll(String host) throws Exception {
    requireVerdict(host, ca.commonNameServerContext(host), trusting(new TrustsAll()), false);
  }

  /** A name that looks like an address is none. */
  @Test
  void addressAsADnsNameDoesNotCount() throws Exception {
    SSLContext client = trusting(new TrustsAll());

    requireVerdict("127.0.0.1", ca.serverContext("dns:127.0.0.1"), client, false);
  }

  /** JSSE keeps the session, and asks no trust manager when it is resumed. */
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "my_service", "localhost"})
  void serverThatWasRefusedIsRefusedWhenItsSessionIsResumed(String host) throws Exception {
    SSLContext client = trusting(new TrustsAll());
    try (LoopbackServer server = server(ca.serverContext("other.example"));
        HttpsConnectionPool pool = pool(host, server.port(), client)) {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> pool.urlopen("GET", "/"))
            .isInstanceOf(TlsException.class)
            .hasMessageContaining(host);
      }
      assertThat(server.requests()).isEmpty();
    }
  }

  private static void requireVerdict(
      String host, SSLContext serverContext, SSLContext clientContext, boolean accepted)
      throws Exception {
    try (LoopbackServer server = server(serverContext);
        HttpsConnectionPool pool = pool(host, server.port(), clientContext)) {
      if (accepted) {
        assertThat(pool.urlopen("GET", "/").text()).isEqualTo("ok");
        return;
      }
      assertThatThrownBy(() -> pool.urlopen("GET", "/"))
          .isInstanceOfSatisfying(
              TlsException.class,
              e -> {
                assertThat(e.phase()).isEqualTo(Phase.TLS);
                assertThat(e.requestSent()).isFalse();
              });
      assertThat(server.requests()).isEmpty();
      assertThat(pool.stats().dialing() + pool.stats().leased() + pool.stats().idle()).isZero();
    }
  }

  private static SSLContext trusting(TrustManager manager) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {manager}, null);
    return context;
  }

  private static LoopbackServer server(SSLContext context) {
    return LoopbackServer.builder(exchange -> exchange.respond(200, "ok")).tls(context).start();
  }

  private static HttpsConnectionPool pool(String host, int port, SSLContext context) {
    return HttpsConnectionPool.builder(host)
        .port(port)
        .resolver(name -> List.of(InetAddress.getByName("127.0.0.1")))
        .tls(TlsConfig.builder().sslContext(context).build())
        .retries(Retry.none())
        .build();
  }

  /** JSSE leaves the host to it, as it knows the engine. */
  private static final class TrustsAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** JSSE compares the host itself after it, where it takes the name. */
  private static final class TrustsAllOfSockets implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
