package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.hostpool.CapturedLog;
import io.hostpool.error.HostChangedException;
import io.hostpool.error.HttpException;
import io.hostpool.http.Headers;
import io.hostpool.http.Response;
import io.hostpool.internal.connection.WireResponse;
import io.hostpool.internal.lease.PooledConnection;
import io.hostpool.policy.Retry;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one request does besides being sent: with its connection, its time and its log. */
@Timeout(60)
class AttemptsTest {

  private final TestPool test = TestPool.overflowing(1);

  @AfterEach
  void close() throws InterruptedException {
    test.close();
  }

  /** The body of a streamed response is still to be read when its status asks for another try. */
  @Test
  void streamedResponseThatIsTriedAgainGivesItsConnectionBackFirst() throws Exception {
    test.factory.answer = FakeConnection.answer(500);
    test.factory.withBody = true;
    int[] leased = new int[1];
    Retry retry =
        Retry.builder()
            .total(1)
            .statusForcelist(Set.of(500))
            .raiseOnStatus(false)
            .backoff(
                failures -> {
                  leased[0] = test.stats().leased();
                  return Duration.ZERO;
                })
            .build();

    try (Response last = streamed(retry)) {
      assertThat(last.status()).isEqualTo(500);
      assertThat(test.stats().leased()).isEqualTo(1);
    }

    assertThat(leased[0]).as("while the back-off is asked").isEqualTo(1);
    assertThat(test.stats().requests()).isEqualTo(2);
    assertThat(test.stats().leased()).isZero();
    assertThat(test.factory.opened()).hasSize(1);
  }

  @Test
  void backoffThatThrowsGivesTheConnectionOfAStreamedResponseBack() {
    test.factory.answer = FakeConnection.answer(500);
    test.factory.withBody = true;
    Retry retry =
        Retry.builder()
            .statusForcelist(Set.of(500))
            .backoff(
                failures -> {
                  throw new IllegalStateException("planted");
                })
            .build();

    assertThatThrownBy(() -> streamed(retry)).hasMessage("planted");

    assertThat(test.stats().leased()).isZero();
  }

  /** Less a second, at most a fifth. */
  @ParameterizedTest
  @CsvSource({"5, 4000", "60, 59000", "2, 1600"})
  void promiseOfTheServerToKeepTheConnectionIsRemembered(long seconds, long used) throws Exception {
    long promised = Duration.ofSeconds(seconds).toNanos();
    test.factory.answer =
        new WireResponse(200, "OK", "HTTP/1.1", Headers.received(new String[0]), null, 0, promised);
    test.pool.urlopen("GET", "/");

    assertThat(test.sweepIdleAfter(Duration.ofMillis(used - 1))).isEqualTo(1);
    assertThat(test.sweepIdleAfter(Duration.ofMillis(1))).isZero();
  }

  @Test
  void lifetimeEndsWithItsLastMoment() {
    PooledConnection connection =
        new PooledConnection(
            test.pool.store(), new FakeConnection(1, () -> {}), 7, 100, Integer.MAX_VALUE);

    assertThat(connection.isOutlived(106)).isFalse();
    assertThat(connection.isOutlived(107)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "/a, true",
    "http://host/a, true",
    "https://host/a, false",
    "http://host:81/a, false",
    "http://other/a, false"
  })
  void poolServesPathsAndUrlsOfItsHost(String target, boolean isServed) throws Exception {
    assertThat(test.pool.isSameHost(target)).isEqualTo(isServed);
    if (isServed) {
      assertThat(test.pool.urlopen("GET", target).request().url().toString())
          .isEqualTo("http://host/a");
    } else {
      assertThatThrownBy(() -> test.pool.urlopen("GET", target))
          .isInstanceOf(HostChangedException.class)
          .hasMessageContaining("this pool does not serve " + target);
    }
  }

  @Test
  void elapsedTimeCountsFromTheBeginningOfTheCall() throws Exception {
    test.factory.beforeOpen = () -> test.ticker.advance(Duration.ofMillis(70));

    assertThat(test.pool.urlopen("GET", "/").elapsed()).isEqualTo(Duration.ofMillis(70));
  }

  @ParameterizedTest
  @CsvSource({"/a, 0, /a, 0", "/a?token=secret, -1, /a?…, None", "/a, 1, /a, 1"})
  void exchangeIsLoggedWithoutItsQuery(String target, long length, String path, String said)
      throws Exception {
    test.factory.answer =
        new WireResponse(
            204, "No", "HTTP/1.1", Headers.received(new String[0]), null, length, Long.MAX_VALUE);
    try (CapturedLog log = CapturedLog.of("io.hostpool.pool", Level.DEBUG)) {
      test.pool.urlopen("GET", target);

      assertThat(log.messages())
          .contains("http://host:80 \"GET " + path + " HTTP/1.1\" 204 " + said);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "0"})
  void retryAfterThatIsMalformedIsWarnedOf(String value) throws Exception {
    test.factory.answer = FakeConnection.answer(503, "Retry-After", value);
    try (CapturedLog log = CapturedLog.of("io.hostpool.pool", Level.WARN)) {
      test.pool.urlopen("GET", "/", request -> request.retries(Retry.of(0)));

      assertThat(log.count("ignoring a Retry-After")).isEqualTo(value.equals("soon") ? 1 : 0);
    }
  }

  private Response streamed(Retry retry) throws HttpException {
    return test.pool.urlopen("GET", "/", request -> request.retries(retry).stream(true));
  }
}
