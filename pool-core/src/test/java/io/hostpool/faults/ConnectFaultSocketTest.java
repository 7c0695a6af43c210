package io.hostpool.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hostpool.error.ConnectTimeoutException;
import io.hostpool.error.DeadlineExceededException;
import io.hostpool.error.HttpException;
import io.hostpool.error.MaxRetryException;
import io.hostpool.error.NameResolutionException;
import io.hostpool.error.NewConnectionException;
import io.hostpool.error.Phase;
import io.hostpool.error.ProtocolException;
import io.hostpool.error.ReadTimeoutException;
import io.hostpool.error.RequestInterruptedException;
import io.hostpool.error.TlsException;
import io.hostpool.net.Resolver;
import io.hostpool.net.TlsConfig;
import io.hostpool.policy.Retry;
import io.hostpool.policy.Timeout;
import io.hostpool.pool.HttpConnectionPool;
import io.hostpool.pool.HttpsConnectionPool;
import io.hostpool.testkit.Eventually;
import io.hostpool.testkit.LoopbackServer;
import io.hostpool.testkit.TestCa;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/** Rows 1 to 7, 13, 34 and 35 of docs/faults.md: what goes wrong before an answer begins. */
@org.junit.jupiter.api.Timeout(60)
class ConnectFaultSocketTest {

  private static final Duration SHORT = Duration.ofMillis(150);

  @Test
  void row01RefusedConnectionIsTriedAgainAndReturnsThePermit() throws Exception {
    int port = freePort();
    try (HttpConnectionPool pool = pool(port, Retry.of(2))) {
      assertThatThrownBy(() -> pool.urlopen("GET", "/"))
          .isInstanceOf(MaxRetryException.class)
          .hasCauseInstanceOf(NewConnectionException.class);

      assertThat(pool.stats().failedDials()).isEqualTo(3);
      assertThat(pool.stats().dialing() + pool.stats().leased()).isZero();
      try (LoopbackServer late =
          LoopbackServer.builder(exchange -> exchange.respond(200, "ok")).port(port).start()) {
        assertThat(pool.urlopen("GET", "/").text()).isEqualTo("ok");
        assertThat(late.accepted()).isEqualTo(1);
      }
    }
  }

  @Test
  void row02ConnectThatNobodyAnswersTimesOut() throws Exception {
    try (Deaf deaf = new Deaf();
        HttpConnectionPool pool = pool(deaf.port(), Retry.none())) {
      assertThatThrownBy(() -> pool.urlopen("GET", "/", r -> r.timeout(Timeout.of(SHORT, SHORT))))
          .isInstanceOf(ConnectTimeoutException.class)
          .hasMessageEndingWith("not connected within 150 ms (phase CONNECT)");
      assertThat(pool.stats().dialing()).isZero();
    }
  }

  @Test
  void row02DeadlineEndsAConnectToo() throws Exception {
    try (Deaf deaf = new Deaf();
        HttpConnectionPool pool = pool(deaf.port(), Retry.none())) {
      Timeout total = Timeout.builder().total(SHORT).build();

      DeadlineExceededException e =
          catchThrowableOfType(
              DeadlineExceededException.class,
              () -> pool.urlopen("GET", "/", r -> r.timeout(total)));

      assertThat(e.phase()).isEqualTo(Phase.CONNECT);
      assertThat(e.requestSent()).isFalse();
    }
  }

  @Test
  void row03ResetRightAfterAcceptIsTriedAgainForIdempotentRequestsOnly() throws Exception {
    try (FaultBench bench = new FaultBench(exchange -> exchange.reset(), Retry.of(2))) {
      assertThat(bench.getFails(MaxRetryException.class))
          .hasCauseInstanceOf(ProtocolException.class);
      assertThat(bench.attempts()).isEqualTo(3);

      bench.postFails(ProtocolException.class);

      assertThat(bench.attempts()).isEqualTo(4);
      bench.requireConnectionGone();
    }
  }

  @Test
  void row04SilenceAfterAcceptTimesOutAndCostsTheConnection() throws Exception {
    try (FaultBench bench = new FaultBench(exchange -> exchange.awaitClientClose())) {
      ReadTimeoutException e = bench.getFails(ReadTimeoutException.class);

      assertThat(e.phase()).isEqualTo(Phase.HEAD);
      assertThat(bench.attempts()).isEqualTo(1);
      bench.requireConnectionGone();
    }
  }

  @Test
  void row05CloseBeforeAnyByteIsSaidInThoseWords() throws Exception {
    try (FaultBench bench = new FaultBench(FaultBench::finWithoutAnswer)) {
      assertThat(bench.getFails(ProtocolException.class))
          .hasMessageEndingWith("connection closed without a response");
      assertThat(bench.attempts()).isEqualTo(1);
      bench.requireConnectionGone();
    }
  }

  @Test
  void row06CloseOrResetOnAnIdleConnectionFailsNobody() throws Exception {
    try (FaultBench bench = new FaultBench(exchange -> exchange.respond(200, "ok"))) {
      for (boolean reset : new boolean[] {false, true}) {
        bench.requireRecovered();
        if (reset) {
          bench.server().resetConnections();
        } else {
          bench.server().closeConnections();
        }
        Eventually.until("the server has closed", () -> bench.server().open() == 0);

        assertThat(bench.send("POST", r -> {}).status()).isEqualTo(200);
      }
      assertThat(bench.attempts()).isEqualTo(2);
    }
  }

  /** The server closes at any moment around the next request: each POST is seen at most once. */
  @Test
  void row07CloseThatRacesTheNextRequestNeverSendsAPostTwice() throws Exception {
    try (LoopbackServer server =
            LoopbackServer.start(
                exchange -> {
                  exchange.respond(200, exchange.target());
                  int number = Integer.parseInt(exchange.target().substring(2));
                  for (int spin = 0; spin < number % 50 * 200; spin++) {
                    Thread.onSpinWait();
                  }
                  exchange.fin();
                });
        HttpConnectionPool pool = pool(server.port(), Retry.none())) {
      int posts = 0;
      for (int i = 0; i < 400; i++) {
        String target = (i % 2 == 0 ? "/g" : "/p") + i;
        if (i % 2 == 0) {
          assertThat(pool.urlopen("GET", target).text()).isEqualTo(target);
        } else {
          try {
            assertThat(pool.urlopen("POST", target).text()).isEqualTo(target);
            posts++;
          } catch (ProtocolException e) {
            assertThat(e.connectionReused()).isTrue();
            assertThat(e.requestSent()).isTrue();
          }
        }
      }

      assertThat(posts).isPositive();
      assertThat(server.requests().stream().filter(r -> r.method().equals("POST")))
          .extracting(request -> request.target())
          .doesNotHaveDuplicates();
      assertThat(pool.stats().leased()).isZero();
    }
  }

  /** A peer that vanished looks alive until the first read from it times out. */
  @Test
  void row13PeerThatVanishedIsSeenByTheFirstReadAndReplaced() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (FaultBench bench =
        new FaultBench(
            exchange -> {
              if (exchange.request().connection() == 1) {
                exchange.await(never);
              }
              exchange.respond(200, "ok");
            },
            Retry.of(1))) {
      bench.requireRecovered();

      assertThat(bench.get().text()).isEqualTo("ok");

      assertThat(bench.attempts()).isEqualTo(2);
      assertThat(bench.connections()).isEqualTo(2);
      never.countDown();
      bench.requireRecovered();
    }
  }

  @Test
  void row34NameWithoutAddressIsNotARead() throws Exception {
    Resolver none =
        host -> {
          throw new UnknownHostException(host);
        };
    try (HttpConnectionPool pool =
        pool(none, Retry.builder().total(5).read(0).connect(1).build())) {
      assertThatThrownBy(() -> pool.urlopen("GET", "/"))
          .isInstanceOf(MaxRetryException.class)
          .hasCauseInstanceOf(NameResolutionException.class);
      assertThat(pool.stats().failedDials()).isEqualTo(2);
    }
  }

  @Test
  void row34SlowResolverIsWaitedForNoLongerThanTheConnectTimeout() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Resolver slow =
        host -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            throw new UnknownHostException(host);
          }
          return List.of();
        };
    try (HttpConnectionPool pool = pool(slow, Retry.none())) {
      ConnectTimeoutException e =
          catchThrowableOfType(
              ConnectTimeoutException.class,
              () -> pool.urlopen("GET", "/", r -> r.timeout(Timeout.of(SHORT, SHORT))));

      assertThat(e.phase()).isEqualTo(Phase.RESOLVE);
      assertThat(pool.stats().dialing()).isZero();
    }
  }

  @Test
  void row34ResolverThatBreaksIsANameFailureWithItsCause() throws Exception {
    Resolver broken =
        host -> {
          throw new IllegalStateException("broken by the test");
        };
    try (HttpConnectionPool pool = pool(broken, Retry.none())) {
      assertThatThrownBy(() -> pool.urlopen("GET", "/"))
          .isInstanceOf(NameResolutionException.class)
          .hasRootCauseMessage("broken by the test");
    }
  }

  @Test
  void everyAddressOfAHostIsTriedInTurn() throws Exception {
    try (LoopbackServer server = LoopbackServer.start(exchange -> exchange.respond(200, "ok"))) {
      Resolver several = host -> List.of(address("127.0.0.3"), address("127.0.0.1"));
      try (HttpConnectionPool pool =
          HttpConnectionPool.builder("several.test")
              .port(server.port())
              .resolver(several)
              .retries(Retry.none())
              .build()) {
        assertThat(pool.urlopen("GET", "/").text()).isEqualTo("ok");
        assertThat(server.requests().get(0).header("Host"))
            .isEqualTo("several.test:" + server.port());
      }
    }
  }

  /** The first address may not eat up the time of the second. */
  @Test
  void addressesShareTheConnectTimeout() throws Exception {
    try (Deaf deaf = new Deaf("127.0.0.3");
        LoopbackServer server =
            LoopbackServer.builder(exchange -> exchange.respond(200, "ok"))
                .port(deaf.port())
                .start()) {
      Resolver several = host -> List.of(address("127.0.0.3"), address("127.0.0.1"));
      try (HttpConnectionPool pool =
          HttpConnectionPool.builder("several.test")
              .port(server.port())
              .resolver(several)
              .retries(Retry.none())
              .timeout(Timeout.of(Duration.ofSeconds(2), Duration.ofSeconds(5)))
              .build()) {
        assertThat(pool.urlopen("GET", "/").text()).isEqualTo("ok");
      }
    }
  }

  @Test
  void row35CertificateThatIsOverUntrustedOrOfAnotherHostIsRefused() throws Exception {
    TestCa ca = TestCa.create();
    SSLContext trusting = ca.clientContext();
    requireTlsFailure(ca.expiredServerContext("127.0.0.1"), trusting, "validity check failed");
    requireTlsFailure(ca.serverContext("127.0.0.9"), trusting, "127.0.0.1");
    requireTlsFailure(
        TestCa.create().serverContext("127.0.0.1"), trusting, "PKIX path validation failed");
    requireTlsFailure(ca.commonNameServerContext("127.0.0.1"), trusting, "subject");
  }

  /** JSSE takes the common name where no DNS name is among the alternative ones. */
  @Test
  void row35CommonNameDoesNotCountBesideOtherKindsOfNames() throws Exception {
    TestCa ca = TestCa.create();
    Resolver loopback = host -> List.of(InetAddress.getByName("127.0.0.1"));
    try (LoopbackServer server =
            LoopbackServer.builder(exchange -> exchange.respond(200, "secret"))
                .tls(ca.mailServerContext("api.example.com"))
                .start();
        HttpsConnectionPool pool =
            HttpsConnectionPool.builder("api.example.com")
                .port(server.port())
                .resolver(loopback)
                .retries(Retry.none())
                .tls(TlsConfig.builder().sslContext(ca.clientContext()).build())
                .build()) {
      assertThatThrownBy(() -> pool.urlopen("GET", "/"))
          .isInstanceOf(TlsException.class)
          .hasMessageContaining("has no DNS name as subjectAltName");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void row35HandshakeThatStallsOrDripsIsBounded() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (RawListener stalls = new RawListener(socket -> never.await());
        RawListener drips =
            new RawListener(
                socket -> {
                  // A TLS record that claims 16 KiB and comes a byte at a time.
                  socket.getOutputStream().write(new byte[] {22, 3, 3, 64, 0});
                  while (!never.await(20, TimeUnit.MILLISECONDS)) {
                    socket.getOutputStream().write(0);
                  }
                })) {
      for (RawListener listener : List.of(stalls, drips)) {
        try (HttpsConnectionPool pool =
            HttpsConnectionPool.builder("127.0.0.1").port(listener.port()).build()) {
          assertThatThrownBy(
                  () ->
                      pool.urlopen(
                          "GET",
                          "/",
                          r -> r.retries(Retry.none()).timeout(Timeout.of(SHORT, SHORT))))
              .isInstanceOf(ConnectTimeoutException.class)
              .hasMessageEndingWith("not connected within 150 ms (phase TLS)");
          assertThat(pool.stats().dialing()).isZero();
        }
      }
      never.countDown();
    }
  }

  @Test
  void row35PlainHttpOnATlsPortIsATlsFailure() throws Exception {
    byte[] answer = "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    try (RawListener http = new RawListener(socket -> socket.getOutputStream().write(answer))) {
      requireTlsFailure(http.port(), SSLContext.getDefault(), "");
    }
  }

  @Test
  void row38InterruptEndsAConnect() throws Exception {
    try (Deaf deaf = new Deaf();
        HttpConnectionPool pool = pool(deaf.port(), Retry.none())) {
      AtomicReference<Throwable> failure = new AtomicReference<>();
      AtomicReference<Boolean> flag = new AtomicReference<>();
      Thread caller =
          new Thread(
              () -> {
                try {
                  pool.urlopen("GET", "/");
                } catch (HttpException e) {
                  failure.set(e);
                  flag.set(Thread.currentThread().isInterrupted());
                }
              });
      caller.start();
      Eventually.until("it dials", () -> pool.stats().dialing() == 1);

      caller.interrupt();
      caller.join();

      assertThat(failure.get()).isInstanceOf(RequestInterruptedException.class);
      assertThat(flag.get()).isTrue();
      assertThat(pool.stats().dialing()).isZero();
    }
  }

  private static void requireTlsFailure(SSLContext server, SSLContext client, String message)
      throws Exception {
    try (LoopbackServer secure =
        LoopbackServer.builder(exchange -> exchange.respond(200, "ok")).tls(server).start()) {
      requireTlsFailure(secure.port(), client, message);
      assertThat(secure.requests()).isEmpty();
    }
  }

  private static void requireTlsFailure(int port, SSLContext client, String message)
      throws Exception {
    try (HttpsConnectionPool pool =
        HttpsConnectionPool.builder("127.0.0.1")
            .port(port)
            .tls(TlsConfig.builder().sslContext(client).build())
            .retries(Retry.none())
            .build()) {
      TlsException e = catchThrowableOfType(TlsException.class, () -> pool.urlopen("GET", "/"));

      assertThat(e).hasMessageContaining("TLS handshake failed").hasMessageContaining(message);
      assertThat(e.phase()).isEqualTo(Phase.TLS);
      assertThat(e.requestSent()).isFalse();
      assertThat(pool.stats().dialing() + pool.stats().leased() + pool.stats().idle()).isZero();
    }
  }

  private static HttpConnectionPool pool(int port, Retry retries) {
    return HttpConnectionPool.builder("127.0.0.1").port(port).block(true).retries(retries).build();
  }

  private static HttpConnectionPool pool(Resolver resolver, Retry retries) {
    return HttpConnectionPool.builder("name.test")
        .block(true)
        .resolver(resolver)
        .retries(retries)
        .build();
  }

  private static InetAddress address(String text) throws UnknownHostException {
    return InetAddress.getByName(text);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  /** Listens, but its backlog is full: the kernel answers no further connection. */
  private static final class Deaf implements AutoCloseable {
    private final ServerSocket listener;
    private final List<Socket> queue = new ArrayList<>();

    Deaf() throws IOException {
      this("127.0.0.1");
    }

    Deaf(String host) throws IOException {
      listener = new ServerSocket(0, 1, InetAddress.getByName(host));
      for (int i = 0; i < 2; i++) {
        queue.add(new Socket(listener.getInetAddress(), listener.getLocalPort()));
      }
    }

    int port() {
      return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      for (Socket socket : queue) {
        socket.close();
      }
      listener.close();
    }
  }
}
