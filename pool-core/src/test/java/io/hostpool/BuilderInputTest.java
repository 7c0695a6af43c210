package io.hostpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.adapter.HttpAdapter;
import io.hostpool.net.TlsConfig;
import io.hostpool.policy.RetryBudget;
import io.hostpool.pool.HttpConnectionPool;
import io.hostpool.pool.PoolManager;
import io.hostpool.stats.PoolListener;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the builders refuse, in words that hold the value. */
class BuilderInputTest {

  private static final Duration NEGATIVE = Duration.ofSeconds(-1);

  static Stream<Arguments> badValues() {
    HttpAdapter.Builder adapter = HttpAdapter.builder();
    PoolManager.Builder manager = PoolManager.builder();
    return Stream.of(
        bad("poolConnections", "0", () -> adapter.poolConnections(0)),
        bad("poolConnections", "-7", () -> adapter.poolConnections(-7)),
        bad("poolMaxsize", "0", () -> adapter.poolMaxsize(0)),
        bad("maxsize", "1000001", () -> adapter.poolMaxsize(1_000_001)),
        bad("poolTimeout", "PT-1S", () -> adapter.poolTimeout(NEGATIVE)),
        bad("maxPending", "-1", () -> adapter.maxPending(-1)),
        bad("total", "-1", () -> adapter.maxRetries(-1)),
        bad("idleTimeout", "PT0S", () -> adapter.idleTimeout(Duration.ZERO)),
        bad("idleTimeout", "PT-1S", () -> adapter.idleTimeout(NEGATIVE)),
        bad("maxLifetime", "PT-1S", () -> adapter.maxLifetime(Duration.ofSeconds(-1))),
        bad("maxUses", "0", () -> adapter.maxUses(0)),
        bad("minIdle", "-1", () -> adapter.minIdle(-1)),
        bad("unusedPoolTimeout", "PT0S", () -> adapter.unusedPoolTimeout(Duration.ZERO)),
        bad("ratio", "-0.1", () -> RetryBudget.of(-0.1)),
        bad("ratio", "NaN", () -> RetryBudget.of(Double.NaN)),
        bad("minPerSecond", "-1.0", () -> RetryBudget.builder().minPerSecond(-1)),
        bad("window", "PT0.5S", () -> RetryBudget.builder().window(Duration.ofMillis(500))),
        bad("maxConnections", "0", () -> adapter.maxConnections(0)),
        bad("leakDetectionThreshold", "PT0S", () -> adapter.leakDetectionThreshold(Duration.ZERO)),
        bad("numPools", "0", () -> manager.numPools(0)),
        bad("numPools", "-1", () -> PoolManager.create(-1)),
        bad("maxsize", "0", () -> manager.maxsize(0)),
        bad("maxsize", "-3", () -> manager.maxsize(-3)),
        bad("total", "-2", () -> manager.retries(-2)),
        bad("Bad Name", "token", () -> manager.headers(Map.of("Bad Name", "v"))),
        bad("maxRedirects", "-1", () -> Session.builder().maxRedirects(-1)),
        bad("no/base", "absolute", () -> Session.builder().baseUrl("no/base")),
        bad("a b", "token", () -> Session.builder().header("a b", "v")),
        bad("port", "0", () -> HttpConnectionPool.builder("h").port(0).build()),
        bad("port", "65536", () -> HttpConnectionPool.builder("h").port(65_536).build()),
        bad("host", "", () -> HttpConnectionPool.builder("").build()),
        bad("scheme", "gopher", () -> manager.build().connectionFromHost("h", 80, "gopher")));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("badValues")
  void badValueIsNamed(String name, String value, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(value);
  }

  static Stream<Arguments> absentValues() {
    HttpAdapter.Builder adapter = HttpAdapter.builder();
    PoolManager.Builder manager = PoolManager.builder();
    return Stream.of(
        bad("whenExhausted", "", () -> adapter.whenExhausted(null)),
        bad("poolTimeout", "", () -> adapter.poolTimeout(null)),
        bad("maxRetries", "", () -> adapter.maxRetries(null)),
        bad("timeout", "", () -> adapter.timeout(null)),
        bad("idleTimeout", "", () -> adapter.idleTimeout(null)),
        bad("maxLifetime", "", () -> adapter.maxLifetime(null)),
        bad("reusePolicy", "", () -> adapter.reusePolicy(null)),
        bad("retryBudget", "", () -> adapter.retryBudget(null)),
        bad("tls", "", () -> adapter.tls(null)),
        bad("resolver", "", () -> adapter.resolver(null)),
        bad("limits", "", () -> adapter.limits(null)),
        bad("listener", "", () -> adapter.listener(null)),
        bad("capacity", "", () -> manager.capacity(null)),
        bad("retries", "", () -> manager.retries(null)),
        bad("auth", "", () -> Session.builder().auth(null)),
        bad("json", "", () -> Session.builder().json(null)),
        bad("adapter", "", () -> Session.builder().mount("http://", null)),
        bad("url", "", () -> Session.builder().baseUrl(null)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("absentValues")
  void absentValueIsNamed(String name, String empty, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining(name + empty);
  }

  /** Values at the edge that are meant: no waiting, no queue, no redirects. */
  @Test
  void tlsOfASessionThatReachesNoAdapterIsRefused() {
    Session.Builder session =
        Session.builder().tls(TlsConfig.defaults()).mount("https://", HttpAdapter.create());

    assertThatThrownBy(session::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "tls has no effect: adapters are mounted under https://; set it on those adapters");
  }

  @Test
  void listenerOfASessionThatReachesNoAdapterIsRefused() {
    Session.Builder session =
        Session.builder()
            .listener(new PoolListener() {})
            .mount("https://", HttpAdapter.create())
            .mount("http://", HttpAdapter.create());

    assertThatThrownBy(session::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "listener has no effect: adapters are mounted under https:// and http://; set it on"
                + " those adapters");
  }

  @Test
  void settingsOfASessionAreAcceptedBesideOtherMounts() {
    Session.Builder session =
        Session.builder()
            .tls(TlsConfig.defaults())
            .listener(new PoolListener() {})
            .mount("http://", HttpAdapter.create())
            .mount("https://a.example.com/", HttpAdapter.create());

    try (Session built = session.build()) {
      assertThat(built.mounts()).hasSize(3);
    }
  }

  @Test
  void smallestValuesAreAccepted() {
    try (HttpAdapter adapter =
            HttpAdapter.builder()
                .poolConnections(1)
                .poolMaxsize(1)
                .poolTimeout(Duration.ZERO)
                .maxPending(0)
                .maxRetries(0)
                .idleTimeout(Duration.ofNanos(1))
                .maxConnections(1)
                .build();
        Session session = Session.builder().maxRedirects(0).build()) {
      assertThat(adapter.poolManager().numPools()).isEqualTo(1);
      assertThat(session.mounts()).hasSize(2);
    }
  }

  private static Arguments bad(String name, String value, ThrowingCallable call) {
    return Arguments.of(name, value, call);
  }
}
