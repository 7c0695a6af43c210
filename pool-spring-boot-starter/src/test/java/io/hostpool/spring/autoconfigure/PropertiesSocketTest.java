package io.hostpool.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.Session;
import io.hostpool.error.BodyTooLargeException;
import io.hostpool.error.ConnectTimeoutException;
import io.hostpool.error.DeadlineExceededException;
import io.hostpool.error.EmptyPoolException;
import io.hostpool.error.MaxRetryException;
import io.hostpool.error.ReadTimeoutException;
import io.hostpool.error.TooManyRedirectsException;
import io.hostpool.http.Response;
import io.hostpool.stats.CloseReason;
import io.hostpool.testkit.Eventually;
import io.hostpool.testkit.LoopbackServer;
import io.hostpool.testkit.ReceivedRequest;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Properties that no getter shows, seen by what they do on a socket. */
@Timeout(60)
class PropertiesSocketTest {

  private final LoopbackServer server =
      LoopbackServer.start(
          exchange -> {
            if (exchange.target().startsWith("/silent")) {
              exchange.awaitClientClose();
            } else if (exchange.target().startsWith("/loop")) {
              exchange.respond(302, "", "Location: /loop");
            } else {
              exchange.respond(200, "ok");
            }
          });

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(HostpoolAutoConfiguration.class));

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void baseUrlAndHeadersReachTheServer() {
    runner
        .withPropertyValues(
            "hostpool.base-url=" + server.url("/api/"),
            "hostpool.headers.User-Agent=demo/1",
            "hostpool.headers.X-Team=a")
        .run(
            context -> {
              context.getBean(Session.class).get("users");

              ReceivedRequest request = server.requests().get(0);
              assertThat(request.target()).isEqualTo("/api/users");
              assertThat(request.header("User-Agent")).isEqualTo("demo/1");
              assertThat(request.header("X-Team")).isEqualTo("a");
            });
  }

  @Test
  void readTimeoutEndsAWaitForASilentServer() {
    runner
        .withPropertyValues("hostpool.read-timeout=40ms")
        .run(
            context ->
                assertThatThrownBy(() -> context.getBean(Session.class).get(server.url("/silent")))
                    .isInstanceOf(ReadTimeoutException.class)
                    .hasMessageEndingWith("nothing received for 40 ms"));
  }

  @Test
  void readTimeoutOfAMountGoesBeforeThatOfTheTop() {
    runner
        .withPropertyValues(
            "hostpool.read-timeout=20s",
            "hostpool.mounts.local.prefix=http://127.0.0.1",
            "hostpool.mounts.local.read-timeout=30ms")
        .run(
            context ->
                assertThatThrownBy(() -> context.getBean(Session.class).get(server.url("/silent")))
                    .hasMessageEndingWith("nothing received for 30 ms"));
  }

  @Test
  void totalTimeoutEndsTheRequest() {
    runner
        .withPropertyValues("hostpool.total-timeout=50ms")
        .run(
            context ->
                assertThatThrownBy(() -> context.getBean(Session.class).get(server.url("/silent")))
                    .isInstanceOf(DeadlineExceededException.class)
                    .hasMessageContaining("total time of 50 ms is over"));
  }

  @Test
  void connectTimeoutEndsADialThatNobodyAnswers() throws Exception {
    List<Socket> queue = new ArrayList<>();
    try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      // Once its backlog is full, the kernel answers no further connection.
      for (int i = 0; i < 2; i++) {
        queue.add(new Socket(deaf.getInetAddress(), deaf.getLocalPort()));
      }
      runner
          .withPropertyValues("hostpool.connect-timeout=60ms")
          .run(
              context ->
                  assertThatThrownBy(
                          () ->
                              context
                                  .getBean(Session.class)
                                  .get("http://127.0.0.1:" + deaf.getLocalPort() + "/"))
                      .isInstanceOf(ConnectTimeoutException.class)
                      .hasMessageContaining("not connected within 60 ms"));
    } finally {
      for (Socket socket : queue) {
        socket.close();
      }
    }
  }

  @Test
  void maxRetriesCountsAfterTheFirstAttempt() {
    server.stopListening();
    runner
        .withPropertyValues("hostpool.max-retries=2")
        .run(
            context -> {
              Session session = context.getBean(Session.class);

              assertThatThrownBy(() -> session.get(server.url("/")))
                  .isInstanceOf(MaxRetryException.class)
                  .hasMessageContaining("3 attempts of GET / failed");
              assertThat(session.pools().get(0).failedDials()).isEqualTo(3);
            });
  }

  @Test
  void idleTimeoutClosesWhatNobodyUses() {
    runner
        .withPropertyValues("hostpool.idle-timeout=20ms")
        .run(
            context -> {
              Session session = context.getBean(Session.class);
              session.get(server.url("/"));

              Eventually.until("it is closed", () -> session.pools().get(0).idle() == 0);
              assertThat(session.pools().get(0).closedBy()).containsOnlyKeys(CloseReason.IDLE);
            });
  }

  @Test
  void maxConnectionsBoundsAllPoolsTogether() {
    runner
        .withPropertyValues("hostpool.max-connections=1", "hostpool.when-exhausted=fail")
        .run(
            context -> {
              Session session = context.getBean(Session.class);
              try (Response out = session.get(server.url("/"), r -> r.stream(true))) {
                assertThatThrownBy(() -> session.get("http://127.0.0.2:" + server.port() + "/"))
                    .isInstanceOf(EmptyPoolException.class)
                    .hasMessageEndingWith("; all pools share maxConnections=1");
                assertThat(out.text()).isEqualTo("ok");
              }
            });
  }

  @Test
  void poolTimeoutBoundsTheWaitForMaxConnectionsInAPoolThatOverflows() {
    runner
        .withPropertyValues("hostpool.max-connections=1", "hostpool.pool-timeout=20ms")
        .run(
            context -> {
              Session session = context.getBean(Session.class);
              try (Response out = session.get(server.url("/"), r -> r.stream(true))) {
                assertThatThrownBy(() -> session.get("http://127.0.0.2:" + server.port() + "/"))
                    .isInstanceOf(EmptyPoolException.class)
                    .hasMessageContaining("maxConnections=1, none freed within 20 ms");
              }
            });
  }

  @Test
  void maxLifetimeClosesAConnectionThatIsOld() {
    runner
        .withPropertyValues("hostpool.max-lifetime=30ms")
        .run(
            context -> {
              Session session = context.getBean(Session.class);
              session.get(server.url("/"));

              Eventually.until("it is closed", () -> session.pools().get(0).idle() == 0);
              assertThat(session.pools().get(0).closedBy()).containsOnlyKeys(CloseReason.LIFETIME);
            });
  }

  @Test
  void maxUsesClosesAConnectionThatServedSoManyRequests() {
    runner
        .withPropertyValues("hostpool.max-uses=1")
        .run(
            context -> {
              Session session = context.getBean(Session.class);
              session.get(server.url("/"));
              session.get(server.url("/"));

              assertThat(server.requests())
                  .extracting(ReceivedRequest::connection)
                  .containsExactly(1, 2);
              assertThat(session.pools().get(0).closedBy()).containsOnlyKeys(CloseReason.USES);
            });
  }

  @Test
  void minIdleOfAMountOpensConnectionsBeforeTheFirstRequest() {
    runner
        .withPropertyValues(
            "hostpool.mounts.local.prefix=" + server.url("/"), "hostpool.mounts.local.min-idle=2")
        .run(
            context -> {
              Session session = context.getBean(Session.class);

              Eventually.until(
                  "two are idle", () -> session.pools().stream().anyMatch(p -> p.idle() == 2));
              assertThat(server.requests()).isEmpty();
            });
  }

  @Test
  void minIdleOfTheTopHoldsForAPoolThatHadARequest() {
    runner
        .withPropertyValues("hostpool.min-idle=3")
        .run(
            context -> {
              Session session = context.getBean(Session.class);
              session.get(server.url("/"));

              Eventually.until("three are idle", () -> session.pools().get(0).idle() == 3);
            });
  }

  @ParameterizedTest
  @CsvSource({"lifo, fifo, 1", "fifo, lifo, 2"})
  void reusePolicyOfAMountSaysWhichIdleConnectionIsUsedFirst(
      String top, String mount, int connection) {
    runner
        .withPropertyValues(
            "hostpool.reuse-policy=" + top,
            "hostpool.mounts.local.prefix=http://127.0.0.1",
            "hostpool.mounts.local.reuse-policy=" + mount)
        .run(
            context -> {
              Session session = context.getBean(Session.class);
              Response first = session.get(server.url("/"), r -> r.stream(true));
              Response second = session.get(server.url("/"), r -> r.stream(true));
              first.close();
              second.close();

              session.get(server.url("/"));

              assertThat(server.requests().get(2).connection()).isEqualTo(connection);
            });
  }

  @Test
  void unusedPoolTimeoutDropsAPoolThatIsEmptyAndUnused() {
    runner
        .withPropertyValues("hostpool.idle-timeout=20ms", "hostpool.unused-pool-timeout=40ms")
        .run(
            context -> {
              Session session = context.getBean(Session.class);
              session.get(server.url("/"));

              Eventually.until("the pool is dropped", () -> session.pools().isEmpty());
            });
  }

  @Test
  void leakDetectionThresholdReportsAResponseThatIsNotClosed() {
    runner
        .withPropertyValues("hostpool.leak-detection-threshold=30ms")
        .run(
            context -> {
              Session session = context.getBean(Session.class);
              try (Response held = session.get(server.url("/"), r -> r.stream(true))) {
                Eventually.until("it is told", () -> session.pools().get(0).leaked() == 1);
                assertThat(held.status()).isEqualTo(200);
              }
            });
  }

  @Test
  void maxBodySizeBoundsWhatIsHeldInMemory() {
    runner
        .withPropertyValues(
            "hostpool.max-body-size=1B",
            "hostpool.mounts.other.prefix=http://localhost",
            "hostpool.mounts.other.max-body-size=1KB")
        .run(
            context -> {
              Session session = context.getBean(Session.class);

              assertThatThrownBy(() -> session.get(server.url("/")))
                  .isInstanceOfSatisfying(
                      BodyTooLargeException.class, e -> assertThat(e.maxBodyBytes()).isEqualTo(1));
              assertThat(session.get("http://localhost:" + server.port() + "/").text())
                  .isEqualTo("ok");
            });
  }

  @Test
  void maxRedirectsBoundsWhatTheSessionFollows() {
    runner
        .withPropertyValues("hostpool.max-redirects=2")
        .run(
            context -> {
              assertThatThrownBy(() -> context.getBean(Session.class).get(server.url("/loop")))
                  .isInstanceOf(TooManyRedirectsException.class)
                  .hasMessageContaining("more than 2 redirects");
              assertThat(server.requests()).hasSize(3);
            });
  }
}
