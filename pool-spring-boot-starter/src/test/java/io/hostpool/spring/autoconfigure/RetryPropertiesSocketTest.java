package io.hostpool.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.Session;
import io.hostpool.adapter.HttpAdapter;
import io.hostpool.error.MaxRetryException;
import io.hostpool.http.RequestBody;
import io.hostpool.http.Response;
import io.hostpool.testkit.LoopbackServer;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The properties under {@code hostpool.retry}, seen by what a server gets. */
@Timeout(60)
class RetryPropertiesSocketTest {

  private final LoopbackServer server =
      LoopbackServer.start(
          exchange -> {
            switch (exchange.target()) {
              case "/loop" -> exchange.respond(302, "", "Location: /loop");
              case "/cut" -> exchange.closeConnection();
              case "/later" -> exchange.respond(503, "", "Retry-After: 0");
              case "/much-later" -> exchange.respond(503, "", "Retry-After: 3600");
              default -> exchange.respond(503, "busy");
            }
          });

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(HostpoolAutoConfiguration.class));

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          retry.total=2   |                                          | /cut         | 3
          max-retries=2   |                                          | /cut         | 3
          max-retries=2   | retry.total=2                            | /cut         | 3
          retry.total=9   | retry.read=1                             | /cut         | 2
          max-retries=9   | retry.read=1                             | /cut         | 2
          retry.total=2   | retry.status-forcelist=500,503           | /            | 3
          retry.total=9   | retry.status-forcelist=503 retry.status=1 | /           | 2
          retry.total=2   | retry.status-forcelist=500               | /            | 1
          retry.total=2   |                                          | /later       | 3
          retry.total=2   | retry.respect-retry-after=false          | /later       | 1
          retry.total=1   | retry.retry-after-max=1ms                | /much-later  | 2
          retry.total=2   | retry.allowed-methods=POST               | /cut         | 1
          """)
  void requestIsRepeatedAsOftenAsTheSettingsSay(
      String first, String more, String target, int requests) {
    String[] others = more == null ? new String[0] : more.split(" ");
    ApplicationContextRunner configured = runner.withPropertyValues("hostpool." + first);
    for (String other : others) {
      configured = configured.withPropertyValues("hostpool." + other);
    }
    configured.run(
        context -> {
          try {
            context.getBean(Session.class).get(server.url(target));
          } catch (io.hostpool.error.HttpException whenTheyRunOut) {
            assertThat(requests).isPositive();
          }

          assertThat(server.requests()).hasSize(requests);
        });
  }

  @Test
  void asteriskAmongTheMethodsRepeatsEveryOne() {
    runner
        .withPropertyValues("hostpool.retry.total=1", "hostpool.retry.allowed-methods=*")
        .run(
            context -> {
              assertThatThrownBy(
                      () ->
                          context
                              .getBean(Session.class)
                              .post(server.url("/cut"), RequestBody.of("x")))
                  .isInstanceOf(MaxRetryException.class);
              assertThat(server.requests()).hasSize(2);
            });
  }

  @Test
  void lastResponseIsReturnedWhereItsStatusIsNotRaised() {
    runner
        .withPropertyValues(
            "hostpool.retry.total=1",
            "hostpool.retry.status-forcelist=503",
            "hostpool.retry.raise-on-status=false")
        .run(
            context -> {
              Response last = context.getBean(Session.class).get(server.url("/"));

              assertThat(last.status()).isEqualTo(503);
              assertThat(server.requests()).hasSize(2);
            });
  }

  @Test
  void backOffPausesFromTheSecondRetryOn() {
    runner
        .withPropertyValues(
            "hostpool.retry.total=2",
            "hostpool.retry.backoff-factor=100",
            "hostpool.retry.backoff-max=80ms")
        .run(
            context -> {
              long start = System.nanoTime();
              assertThatThrownBy(() -> context.getBean(Session.class).get(server.url("/cut")))
                  .isInstanceOf(MaxRetryException.class);

              assertThat(Duration.ofNanos(System.nanoTime() - start))
                  .isBetween(Duration.ofMillis(75), Duration.ofSeconds(30));
            });
  }

  @Test
  void connectCountsWhatWasNotSent() {
    server.stopListening();
    runner
        .withPropertyValues("hostpool.retry.total=9", "hostpool.retry.connect=1")
        .run(
            context -> {
              Session session = context.getBean(Session.class);

              assertThatThrownBy(() -> session.get(server.url("/")))
                  .isInstanceOf(MaxRetryException.class);
              assertThat(session.pools().get(0).failedDials()).isEqualTo(2);
            });
  }

  @Test
  void redirectCountsWhatThePoolManagerOfTheAdapterFollows() {
    runner
        .withPropertyValues("hostpool.retry.total=9", "hostpool.retry.redirect=1")
        .run(
            context -> {
              Session session = context.getBean(Session.class);
              String url = server.url("/loop");
              HttpAdapter adapter = (HttpAdapter) session.adapterFor(url);

              assertThatThrownBy(() -> adapter.poolManager().request("GET", url))
                  .isInstanceOf(MaxRetryException.class);
              assertThat(server.requests()).hasSize(2);
            });
  }

  @Test
  void numberOfAMountReplacesThatOfTheTopAndTheRestIsInherited() {
    runner
        .withPropertyValues(
            "hostpool.max-retries=7",
            "hostpool.retry.status-forcelist=503",
            "hostpool.mounts.local.prefix=http://127.0.0.1",
            "hostpool.mounts.local.retry.total=1")
        .run(
            context -> {
              assertThatThrownBy(() -> context.getBean(Session.class).get(server.url("/")))
                  .isInstanceOf(MaxRetryException.class);
              assertThat(server.requests()).hasSize(2);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          retry.budget.ratio=2  | retry.budget.min-per-second=0                              | 3
          retry.budget.ratio=0  | retry.budget.min-per-second=0.1 retry.budget.window=30s    | 4
          retry.budget.ratio=0  | retry.budget.window=2s                                     | 3
          retry.budget.ratio=0  | retry.budget.min-per-second=0 mounts.a.retry.budget.ratio=2 | 3
          """)
  void budgetBoundsTheRetriesOfAllRequests(String ratio, String more, int requests) {
    runner
        .withPropertyValues(
            "hostpool.mounts.a.prefix=http://127.0.0.1",
            "hostpool.retry.total=9",
            "hostpool.retry.status-forcelist=503",
            "hostpool." + ratio)
        .withPropertyValues(
            Arrays.stream(more.split(" ")).map("hostpool."::concat).toArray(String[]::new))
        .run(
            context -> {
              assertThatThrownBy(() -> context.getBean(Session.class).get(server.url("/")))
                  .isInstanceOf(MaxRetryException.class);
              assertThat(server.requests()).hasSize(requests);
            });
  }

  @Test
  void settingsOfTheTopMayBeMeantForTheMountsThatRetry() {
    runner
        .withPropertyValues(
            "hostpool.retry.status-forcelist=503",
            "hostpool.mounts.local.prefix=http://127.0.0.1",
            "hostpool.mounts.local.max-retries=1")
        .run(
            context -> {
              assertThatThrownBy(() -> context.getBean(Session.class).get(server.url("/")))
                  .isInstanceOf(MaxRetryException.class);
              assertThat(server.requests()).hasSize(2);
            });
  }
}
