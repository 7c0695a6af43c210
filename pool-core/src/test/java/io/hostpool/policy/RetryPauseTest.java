package io.hostpool.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.HttpException;
import io.hostpool.error.NewConnectionException;
import io.hostpool.policy.Retry.Decision.Again;
import io.hostpool.policy.Retry.Decision.GiveUp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a policy pauses: back-off and {@code Retry-After}. Upstream: test_retry.py. */
class RetryPauseTest {

  private static final HttpException REFUSED = new NewConnectionException("refused", null);
  private static final Duration HOUR = Duration.ofHours(1);

  /** Upstream: test_backoff, test_configurable_backoff_max. */
  @Test
  void pausesDoubleFromTheSecondFailureUpToTheirLimit() {
    Retry retry = Retry.builder().total(100).backoffFactor(0.2).build();

    assertThat(millis(pauses(retry, 4))).containsExactly(0L, 400L, 800L, 1600L);
    assertThat(pauses(retry, 14).get(13)).isEqualTo(Duration.ofMinutes(2));
    assertThat(millis(pauses(retry.toBuilder().backoffMax(Duration.ofSeconds(1)).build(), 5)))
        .containsExactly(0L, 400L, 800L, 1000L, 1000L);
  }

  /** Upstream: test_backoff_jitter. */
  @Test
  void jitterIsAddedBelowTheLimit() {
    Retry retry =
        Retry.builder()
            .total(100)
            .backoffFactor(0.2)
            .backoffMax(Duration.ofSeconds(1))
            .backoffJitter(0.4)
            .build();

    for (int i = 0; i < 200; i++) {
      List<Long> pauses = millis(pauses(retry, 4));
      assertThat(pauses.get(0)).isZero();
      assertThat(pauses.get(1)).isBetween(400L, 800L);
      assertThat(pauses.get(2)).isBetween(800L, 1000L);
      assertThat(pauses.get(3)).isEqualTo(1000);
    }
  }

  /** Upstream: test_zero_backoff, test_sleep. */
  @Test
  void withoutAFactorThereIsNoPause() {
    assertThat(pauses(Retry.of(20), 20)).containsOnly(Duration.ZERO);
  }

  /** Upstream: test_backoff_reset_after_redirect. */
  @Test
  void redirectStartsTheBackoffAnew() {
    Retry retry = Retry.builder().total(100).redirect(5).backoffFactor(0.2).build();

    Again second = fail(fail(retry).next());
    Again redirected =
        (Again) second.next().afterRedirect(Attempt.redirected("GET", "/", 302, "/test"), null);
    Again first = fail(redirected.next());

    assertThat(second.pause()).isEqualTo(Duration.ofMillis(400));
    assertThat(redirected.pause()).isZero();
    assertThat(first.pause()).isZero();
    assertThat(fail(first.next()).pause()).isEqualTo(Duration.ofMillis(400));
  }

  @Test
  void anyStrategyCanTakeThePlaceOfTheFormula() {
    Retry retry =
        Retry.builder().backoffFactor(9).backoff(failures -> Duration.ofSeconds(failures)).build();

    assertThat(pauses(retry, 3))
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3));
    assertThat(pauses(retry.toBuilder().build(), 1)).containsExactly(Duration.ofSeconds(1));
    assertThat(pauses(retry.toBuilder().backoffFactor(0).build(), 2))
        .containsExactly(Duration.ZERO, Duration.ZERO);
  }

  /** What waits for the pause counts it in nanoseconds. */
  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, -5, Long.MIN_VALUE})
  void strategyThatAnswersNonsenseIsBounded(long seconds) {
    Retry retry = Retry.builder().backoff(failures -> Duration.ofSeconds(seconds)).build();

    Duration pause = fail(retry).pause();

    assertThat(pause.toNanos()).isEqualTo(seconds < 0 ? 0 : Long.MAX_VALUE);
  }

  @Test
  void halfOfTheCallsForFullJitterPauseLessThanHalfOfTheCeiling() {
    Backoff backoff = Backoff.fullJitter(Duration.ofSeconds(1), Duration.ofSeconds(10));
    int low = 0;
    for (int i = 0; i < 2000; i++) {
      Duration pause = backoff.pause(3);
      assertThat(pause).isBetween(Duration.ZERO, Duration.ofSeconds(4));
      low += pause.compareTo(Duration.ofSeconds(2)) < 0 ? 1 : 0;
    }

    // Ten standard deviations off the mean: never, unless the spread is wrong.
    assertThat(low).isBetween(776, 1224);
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 1025, 5000, Integer.MAX_VALUE})
  void manyFailuresInARowStayWithinTheLimit(int failures) {
    Duration max = Duration.ofSeconds(3);

    assertThat(Backoff.fullJitter(Duration.ofMillis(1), max).pause(failures))
        .isBetween(Duration.ZERO, max);
    assertThat(Backoff.exponential(0.1, max, 0).pause(failures)).isEqualTo(max);
    assertThat(Backoff.exponential(0, max, 0).pause(failures)).isZero();
    assertThat(Backoff.none().pause(failures)).isZero();
  }

  @Test
  void jitterAloneStillPausesAfterThousandsOfFailures() {
    Backoff backoff = Backoff.exponential(0, Duration.ofSeconds(3), 2);
    Duration longest = Duration.ZERO;
    for (int i = 0; i < 100; i++) {
      Duration pause = backoff.pause(5000);
      longest = pause.compareTo(longest) > 0 ? pause : longest;
    }

    assertThat(longest).isBetween(Duration.ofMillis(100), Duration.ofSeconds(2));
  }

  @Test
  void equalBackoffsAreEqual() {
    Duration second = Duration.ofSeconds(1);

    assertThat(Backoff.exponential(1, second, 0)).isEqualTo(Backoff.exponential(1, second, 0));
    assertThat(Backoff.fullJitter(second, second)).isEqualTo(Backoff.fullJitter(second, second));
    assertThat(Backoff.none()).isEqualTo(Backoff.none());
    assertThat(Retry.builder().backoff(Backoff.fullJitter(second, second)).build())
        .isEqualTo(Retry.builder().backoff(Backoff.fullJitter(second, second)).build());
  }

  @Test
  void backoffThatIsNoneIsRefusedByName() {
    Retry.Builder retry = Retry.builder();
    assertRefused(() -> Backoff.exponential(-1, HOUR, 0), "backoff factor", "-1.0");
    assertRefused(() -> retry.backoffFactor(-0.1), "backoff factor", "-0.1");
    assertRefused(() -> retry.backoffFactor(Double.NaN), "backoff factor", "NaN");
    assertRefused(() -> retry.backoffJitter(-1), "backoff jitter", "-1.0");
    assertRefused(
        () -> retry.backoffJitter(Double.POSITIVE_INFINITY), "backoff jitter", "Infinity");
    assertRefused(() -> retry.backoffMax(Duration.ofSeconds(-1)), "backoff max", "PT-1S");
    assertThat(retry.build()).isEqualTo(Retry.builder().build());
    assertRefused(
        () -> Backoff.fullJitter(Duration.ZERO, Duration.ofSeconds(1)), "backoff base", "PT0S");
  }

  /** Upstream: test_respect_retry_after_header_sleep. */
  @Test
  void pauseThatTheServerAsksForGoesBeforeTheBackoff() {
    Retry retry = Retry.builder().backoffFactor(1).build();

    assertThat(asked(retry, HOUR).pause()).isEqualTo(HOUR);
    assertThat(asked(asked(retry, HOUR).next(), Duration.ZERO).pause())
        .isEqualTo(Duration.ofSeconds(2));
  }

  /** Upstream: test_configurable_retry_after_max. */
  @Test
  void pauseThatTheServerAsksForIsCapped() {
    assertThat(asked(Retry.of(1), Duration.ofHours(6)).pause()).isEqualTo(Duration.ofHours(6));
    assertThat(asked(Retry.of(1), Duration.ofDays(9)).pause()).isEqualTo(Duration.ofHours(6));
    Retry short1 = Retry.builder().retryAfterMax(Duration.ofSeconds(1)).build();
    assertThat(asked(short1, Duration.ofSeconds(1)).pause()).isEqualTo(Duration.ofSeconds(1));
    assertThat(asked(short1, Duration.ofSeconds(2)).pause()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void capThatIsNoneStillFitsIntoNanoseconds() {
    Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
    Retry retry = Retry.builder().retryAfterMax(forever).build();

    assertThat(asked(retry, forever).pause().toNanos()).isEqualTo(Long.MAX_VALUE);
  }

  /** Upstream: test_respect_retry_after_header_propagated. */
  @Test
  void policyThatDoesNotListenIgnoresWhatTheServerAsksFor() {
    Retry deaf =
        Retry.builder().respectRetryAfterHeader(false).statusForcelist(Set.of(500)).build();

    assertThat(deaf.afterStatus(Attempt.answered("GET", "/", 503), HOUR))
        .isEqualTo(new GiveUp(false));
    assertThat(((Again) deaf.afterStatus(Attempt.answered("GET", "/", 500), HOUR)).pause())
        .isZero();
    assertThat(deaf.toBuilder().build()).isEqualTo(deaf);
  }

  @ParameterizedTest
  @CsvSource({"413,true", "429,true", "503,true", "500,false", "200,false", "301,false"})
  void statusesThatCarryARetryAfterAreTriedAgain(int status, boolean again) {
    assertThat(
            Retry.of(1).afterStatus(Attempt.answered("GET", "/", status), Duration.ZERO)
                instanceof Again)
        .isEqualTo(again);
  }

  /** As urllib3: the last response is then the answer, not an error. */
  @Test
  void retryAfterOfTheLastAttemptIsNoReasonToFail() {
    Attempt busy = Attempt.answered("GET", "/", 503);

    assertThat(Retry.of(0).afterStatus(busy, HOUR)).isEqualTo(new GiveUp(false));
    assertThat(Retry.builder().total(Retry.UNLIMITED).build().afterStatus(busy, HOUR))
        .isEqualTo(new GiveUp(false));
  }

  /** The pool of urllib3 waits before it follows such a redirect; its manager does not. */
  @Test
  void redirectMayAskForAPauseToo() {
    Attempt moved = Attempt.redirected("GET", "/", 301, "/b");

    assertThat(((Again) Retry.of(1).afterRedirect(moved, HOUR)).pause()).isEqualTo(HOUR);
    assertThat(((Again) Retry.of(1).afterRedirect(moved, Duration.ofDays(1))).pause())
        .isEqualTo(Retry.DEFAULT_RETRY_AFTER_MAX);
  }

  private static List<Duration> pauses(Retry first, int count) {
    List<Duration> pauses = new ArrayList<>();
    Retry retry = first;
    for (int i = 0; i < count; i++) {
      Again again = fail(retry);
      pauses.add(again.pause());
      retry = again.next();
    }
    return pauses;
  }

  private static Again fail(Retry retry) {
    return (Again) retry.afterError(Attempt.failed("GET", "/", REFUSED), REFUSED, false);
  }

  private static Again asked(Retry retry, Duration wait) {
    return (Again) retry.afterStatus(Attempt.answered("GET", "/", 503), wait);
  }

  private static List<Long> millis(List<Duration> pauses) {
    return pauses.stream().map(Duration::toMillis).toList();
  }

  private static void assertRefused(Runnable call, String name, String value) {
    assertThatThrownBy(call::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(value);
  }
}
