package io.hostpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.adapter.HttpAdapter;
import io.hostpool.error.HttpException;
import io.hostpool.error.NameResolutionException;
import io.hostpool.error.NewConnectionException;
import io.hostpool.error.Phase;
import io.hostpool.error.RequestBodyException;
import io.hostpool.error.TlsException;
import io.hostpool.http.RequestBody;
import io.hostpool.pool.HttpConnectionPool;
import io.hostpool.pool.PoolManager;
import io.hostpool.pool.RecentlyUsedContainer;
import io.hostpool.stats.PoolStats;
import io.hostpool.testkit.LoopbackServer;
import io.hostpool.testkit.TestCa;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad input gets an error that names it, and leaves nothing behind. */
@Timeout(60)
class BadInputSocketTest {

  private final LoopbackServer server =
      LoopbackServer.start(exchange -> exchange.respond(200, "ok"));
  private final Session session = Session.create();

  @AfterEach
  void nothingIsHeld() {
    assertThat(session.pools()).allMatch(pool -> pool.idle() + pool.leased() == 0);
    session.close();
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          example.com/x        | not an absolute URL (scheme://host/…): "example.com/x"
          http:/example.com    | not an absolute URL
          http://              | empty host in URL "http://"
          http:///path         | empty host in URL "http:///path"
          http://h:port/       | port must be 1 to 65535 in URL "http://h:port/"
          http://h:0/          | port must be 1 to 65535
          http://h:65536/      | port must be 1 to 65535
          http://[::1/         | malformed IPv6 host
          http://exa mple.com/ | malformed host
          http://a..b/         | host label empty
          """)
  void malformedUrlIsNamed(String url, String message) {
    assertThatThrownBy(() -> session.get(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void schemeWithoutAnAdapterNamesTheMountedPrefixes() {
    assertThatThrownBy(() -> session.get("ftp://example.com/x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no adapter is mounted for ftp://example.com/x; mounted: [https://, http://]");
  }

  @Test
  void schemeThatPoolsDoNotSpeakIsNamed() {
    session.mount("ftp://", HttpAdapter.create());

    assertThatThrownBy(() -> session.get("ftp://example.com/x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("scheme must be http or https: \"ftp\"");
    assertThatThrownBy(() -> PoolManager.create(1).request("GET", "ftp://example.com/"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void hostThatDoesNotResolveIsNamed() throws Exception {
    HttpAdapter adapter =
        HttpAdapter.builder()
            .resolver(
                host -> {
                  throw new UnknownHostException(host);
                })
            .build();
    session.mount("http://", adapter);

    assertThatThrownBy(() -> session.get("http://nowhere.test/"))
        .isInstanceOf(NameResolutionException.class)
        .hasMessage("nowhere.test:80: host name has no address: nowhere.test")
        .satisfies(e -> assertThat(((HttpException) e).phase()).isEqualTo(Phase.RESOLVE))
        .satisfies(e -> assertThat(((HttpException) e).requestSent()).isFalse());
    assertThat(adapter.pools().get(0).failedDials()).isEqualTo(1);
  }

  @Test
  void refusedPortIsNamed() throws Exception {
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      closed = socket.getLocalPort();
    }

    assertThatThrownBy(() -> session.get("http://127.0.0.1:" + closed + "/"))
        .isInstanceOf(NewConnectionException.class)
        .hasMessageContaining("127.0.0.1:" + closed)
        .hasMessageContaining("Connection refused")
        .satisfies(e -> assertThat(((HttpException) e).requestSent()).isFalse());
    assertThat(session.pools()).extracting(PoolStats::failedDials).containsExactly(1L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nX: y", "a\nb", "a\u0000b", "a\u007fb", "\u20ac", " a", "a "})
  void valueThatCouldSplitARequestIsRefusedBeforeAnythingIsSent(String value) {
    assertThatThrownBy(() -> session.get(server.url("/"), r -> r.header("X-Test", value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("value of header X-Test");
    assertThat(server.accepted()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:b", "a\r\nb", "\u00e4", "a\u0000"})
  void nameThatIsNoTokenIsRefused(String name) {
    assertThatThrownBy(() -> session.get(server.url("/"), r -> r.header(name, "x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("header name is not a token");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET /x", "GE\r\nT", "G\u0000", "\u00e4"})
  void methodThatIsNoTokenIsRefused(String method) {
    try (HttpConnectionPool pool = HttpConnectionPool.fromUrl(server.url("/"))) {
      assertThatThrownBy(() -> pool.urlopen(method, "/"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("method is not a token");
    }
    assertThat(server.accepted()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a\r\nX: y", "/a\u0000", "/?q=a\nb", "/\u007f", "/#a\rb"})
  void controlCharacterInATargetIsRefused(String target) {
    assertThatThrownBy(() -> session.get(server.url(target)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("control character");
    assertThat(server.accepted()).isZero();
  }

  @Test
  void negativeAndZeroSizesAreNamed() {
    assertThatThrownBy(() -> HttpAdapter.builder().poolConnections(0))
        .hasMessage("poolConnections must be 1 or more: 0");
    assertThatThrownBy(() -> HttpAdapter.builder().poolMaxsize(-1))
        .hasMessage("poolMaxsize must be 1 or more: -1");
    assertThatThrownBy(() -> HttpAdapter.builder().maxRetries(-1))
        .hasMessage("retry total must be 0 or more: -1");
    assertThatThrownBy(() -> HttpAdapter.builder().poolTimeout(Duration.ofSeconds(-1)))
        .hasMessage("poolTimeout must not be negative: PT-1S");
    assertThatThrownBy(() -> PoolManager.create(0)).hasMessage("numPools must be 1 or more: 0");
    assertThatThrownBy(() -> HttpConnectionPool.builder("h").maxsize(0))
        .hasMessage("maxsize must be 1 to 1000000: 0");
    assertThatThrownBy(() -> HttpConnectionPool.builder("h").port(70_000))
        .hasMessage("port must be 1 to 65535: 70000");
    assertThatThrownBy(() -> new RecentlyUsedContainer<>(-1, value -> {}))
        .hasMessage("maxsize must be 0 or more: -1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "a b", "a@b", "a?b"})
  void hostThatIsNoneIsRefused(String host) {
    assertThatThrownBy(() -> HttpConnectionPool.builder(host))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a host name");
  }

  @Test
  void certificateOfAnotherHostIsRefusedBeforeTheRequestIsSent() throws Exception {
    TestCa ca = TestCa.create();
    try (LoopbackServer secure =
        LoopbackServer.builder(exchange -> exchange.respond(200, "ok"))
            .tls(ca.serverContext("127.0.0.1"))
            .start()) {
      assertThatThrownBy(() -> session.get(secure.url("/")))
          .isInstanceOf(TlsException.class)
          .hasMessageContaining("127.0.0.1:" + secure.port())
          .satisfies(e -> assertThat(((HttpException) e).requestSent()).isFalse());
      assertThat(secure.requests()).isEmpty();
    }
  }

  @Test
  void bodyThatIsShorterThanItSaidCostsTheConnectionAndIsNamed() {
    RequestBody liar = RequestBody.of(new ByteArrayInputStream(new byte[3]), 5);

    assertThatThrownBy(() -> session.post(server.url("/"), liar))
        .isInstanceOf(RequestBodyException.class)
        .hasMessageContaining("declared 5 bytes and wrote 3");
  }

  @Test
  void bodyWhoseSourceFailsIsNamed() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("disk on fire");
          }
        };

    assertThatThrownBy(() -> session.post(server.url("/"), RequestBody.of(broken)))
        .isInstanceOf(RequestBodyException.class)
        .hasMessageContaining("disk on fire");
    assertThatThrownBy(
            () -> session.post(server.url("/"), RequestBody.of(Path.of("no", "such", "file"))))
        .isInstanceOf(RequestBodyException.class)
        .hasMessageContaining("no/such/file");
  }

  @Test
  void mountPrefixWithoutASchemeIsRefused() {
    for (String prefix : List.of("", "example.com", "//example.com", "http:/x", "http://h/?q")) {
      assertThatThrownBy(() -> session.mount(prefix, HttpAdapter.create()))
          .as(prefix)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
