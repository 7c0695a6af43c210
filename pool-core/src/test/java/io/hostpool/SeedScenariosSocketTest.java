package io.hostpool;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.hostpool.adapter.HttpAdapter;
import io.hostpool.http.Response;
import io.hostpool.stats.PoolStats;
import io.hostpool.testkit.Exchange;
import io.hostpool.testkit.LoopbackServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The five scenarios of "Requests' secret: pool_connections and pool_maxsize", with the counts that
 * the real requests gives. The two requests of a wave meet in the server, so they overlap for
 * certain.
 */
@Timeout(60)
class SeedScenariosSocketTest {

  private final ConcurrentHashMap<String, CyclicBarrier> waves = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private LoopbackServer a;
  private LoopbackServer b;
  private CapturedLog log;

  @BeforeEach
  void start() {
    a = LoopbackServer.builder(this::answer).host("127.0.0.1").start();
    b = LoopbackServer.builder(this::answer).host("127.0.0.2").start();
    log = CapturedLog.of("io.hostpool.pool", Level.DEBUG);
  }

  @AfterEach
  void stop() {
    log.close();
    a.close();
    b.close();
    threads.shutdownNow();
  }

  @Test
  void onePoolForTwoHostsDialsAgainForTheFirst() throws Exception {
    try (Session session = session(HttpAdapter.builder().poolConnections(1).build())) {
      session.get(a.url("/"));
      session.get(b.url("/"));
      session.get(a.url("/"));

      assertThat(a.accepted() + b.accepted()).isEqualTo(3);
      assertThat(log.messages())
          .containsExactly(
              "Starting new HTTP connection (1): 127.0.0.1:" + a.port(),
              "http://127.0.0.1:" + a.port() + " \"GET / HTTP/1.1\" 200 2",
              "Starting new HTTP connection (1): 127.0.0.2:" + b.port(),
              "http://127.0.0.2:" + b.port() + " \"GET / HTTP/1.1\" 200 2",
              "Starting new HTTP connection (1): 127.0.0.1:" + a.port(),
              "http://127.0.0.1:" + a.port() + " \"GET / HTTP/1.1\" 200 2");
    }
  }

  @Test
  void twoPoolsForTwoHostsKeepBothConnections() throws Exception {
    try (Session session = session(HttpAdapter.builder().poolConnections(2).build())) {
      session.get(a.url("/"));
      session.get(b.url("/"));
      session.get(a.url("/"));

      assertThat(a.accepted() + b.accepted()).isEqualTo(2);
      assertThat(log.count("Starting new HTTP connection (1)")).isEqualTo(2);
      assertThat(log.count("Starting new HTTP connection")).isEqualTo(2);
    }
  }

  @Test
  void twoConnectionsServeTwoWavesOfTwoThreads() throws Exception {
    try (Session session =
        session(HttpAdapter.builder().poolConnections(1).poolMaxsize(2).build())) {
      wave(session, "1");
      wave(session, "2");

      assertThat(a.accepted()).isEqualTo(2);
      assertThat(discarded(session)).isZero();
      assertThat(log.count("Starting new HTTP connection (1)")).isEqualTo(1);
      assertThat(log.count("Starting new HTTP connection (2)")).isEqualTo(1);
      assertThat(log.count("Starting new HTTP connection")).isEqualTo(2);
    }
  }

  @Test
  void oneConnectionDiscardsTheSecondOfEachWave() throws Exception {
    try (Session session =
        session(HttpAdapter.builder().poolConnections(1).poolMaxsize(1).build())) {
      wave(session, "1");
      wave(session, "2");

      assertThat(a.accepted()).isEqualTo(3);
      assertThat(discarded(session)).isEqualTo(2);
      assertThat(log.count("Starting new HTTP connection (3)")).isEqualTo(1);
      String fixed =
          "Connection pool is full, discarding connection: 127.0.0.1. Connection pool size: 1";
      assertThat(log.messages(Level.WARN)).hasSize(2).allMatch(line -> line.startsWith(fixed));
    }
  }

  @Test
  void warningOfAFullPoolNamesPoolMountAndSetting() throws Exception {
    try (Session session = Session.create()) {
      session.mount("http://127.0.0.1", HttpAdapter.builder().poolMaxsize(1).build());
      wave(session, "1");

      assertThat(log.messages(Level.WARN))
          .containsExactly(
              "Connection pool is full, discarding connection: 127.0.0.1. Connection pool size: 1."
                  + " Pool: http://127.0.0.1:"
                  + a.port()
                  + ", mount: http://127.0.0.1. To keep more, raise pool-maxsize (poolMaxsize)");
    }
  }

  @Test
  void warningOfAFullPoolNamesEveryMountOfItsAdapterOnce() throws Exception {
    HttpAdapter adapter = HttpAdapter.builder().poolMaxsize(1).build();
    try (Session session = Session.builder().mount("http://", adapter).build()) {
      session.mount("http://127.0.0.1/wave", adapter);
      session.mount("http://127.0.0.1/wave", adapter);
      wave(session, "1");

      assertThat(log.messages(Level.WARN))
          .singleElement()
          .asString()
          .contains(", mount: http:// http://127.0.0.1/wave. ");
    }
  }

  @Test
  void adaptersUnderTwoPrefixesDoNotShareTheirSettings() throws Exception {
    try (Session session =
        session(HttpAdapter.builder().poolConnections(1).poolMaxsize(2).build())) {
      session.mount(
          "http://127.0.0.2", HttpAdapter.builder().poolConnections(1).poolMaxsize(1).build());
      wave(session, "1");
      wave(session, "2");

      assertThat(a.accepted()).isEqualTo(2);
      assertThat(discarded(session)).isZero();
      assertThat(session.mounts())
          .extracting(Mount::prefix)
          .containsExactly("http://127.0.0.2", "https://", "http://");
    }
  }

  @Test
  void bothAdaptersUsedByOverlappingThreadsDiscardByTheirOwnSizes() throws Exception {
    try (Session session =
        session(HttpAdapter.builder().poolConnections(1).poolMaxsize(2).build())) {
      session.mount(
          "http://127.0.0.2", HttpAdapter.builder().poolConnections(1).poolMaxsize(1).build());
      String target = "/wave/all/4";
      run(
          () -> session.get(a.url(target)),
          () -> session.get(a.url(target)),
          () -> session.get(b.url(target)),
          () -> session.get(b.url(target)));

      assertThat(a.accepted() + b.accepted()).isEqualTo(4);
      assertThat(discarded(session)).isEqualTo(1);
    }
  }

  private static Session session(HttpAdapter adapter) {
    Session session = Session.create();
    session.mount("http://", adapter);
    return session;
  }

  private void wave(Session session, String name) throws Exception {
    String target = "/wave/" + name + "/2";
    run(() -> session.get(a.url(target)), () -> session.get(a.url(target)));
  }

  @SafeVarargs
  private void run(Callable<Response>... calls) throws Exception {
    List<Future<Response>> responses = new ArrayList<>();
    for (Callable<Response> call : calls) {
      responses.add(threads.submit(call));
    }
    for (Future<Response> response : responses) {
      assertThat(response.get().status()).isEqualTo(200);
    }
  }

  private static long discarded(Session session) {
    return session.pools().stream().mapToLong(PoolStats::discarded).sum();
  }

  /** {@code /wave/name/n} waits until n requests of that name are here. */
  private void answer(Exchange exchange) throws Exception {
    if (exchange.target().startsWith("/wave/")) {
      String[] parts = exchange.target().split("/");
      int size = Integer.parseInt(parts[3]);
      exchange.meet(waves.computeIfAbsent(parts[2], name -> new CyclicBarrier(size)));
    }
    exchange.respond(200, "ok");
  }
}
