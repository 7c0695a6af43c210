package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.MaxRetryException;
import io.hostpool.error.NewConnectionException;
import io.hostpool.internal.time.FakeTicker;
import io.hostpool.policy.Retry;
import io.hostpool.policy.RetryBudget;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Repetitions of all requests together stay within their share. */
@Timeout(60)
class RetryTallyTest {

  private final FakeTicker ticker = new FakeTicker();

  private RetryTally tally(double ratio, double minPerSecond) {
    return new RetryTally(
        RetryBudget.builder().ratio(ratio).minPerSecond(minPerSecond).build(), ticker);
  }

  private static int repetitions(RetryTally tally) {
    int count = 0;
    while (tally.tryRepeat()) {
      count++;
    }
    return count;
  }

  @Test
  void shareOfTheRequestsMayBeRepeated() {
    RetryTally tally = tally(0.2, 0);
    for (int i = 0; i < 100; i++) {
      tally.requested();
    }

    assertThat(repetitions(tally)).isEqualTo(20);
  }

  @Test
  void fewRequestsMayBeRepeatedTooWhereThatIsAllowed() {
    assertThat(repetitions(tally(0, 2))).isEqualTo(20);
    assertThat(repetitions(tally(0, 0))).isZero();
  }

  @Test
  void requestsOfDifferentTimesStopToCountOneAfterTheOther() {
    ticker.advance(Duration.ofDays(1));
    RetryTally tally = tally(0.1, 0);
    ticker.advance(Duration.ofSeconds(20));
    for (int second = 0; second < 10; second++) {
      for (int i = 0; i < 20; i++) {
        tally.requested();
      }
      ticker.advance(Duration.ofSeconds(1));
    }
    ticker.advance(Duration.ofSeconds(4));

    assertThat(repetitions(tally)).as("for those of the last five seconds").isEqualTo(10);
    ticker.advance(Duration.ofSeconds(6));
    assertThat(repetitions(tally)).isZero();
  }

  @Test
  void requestsCountForTheLengthOfTheWindow() {
    RetryTally tally = tally(0.1, 0);
    for (int i = 0; i < 100; i++) {
      tally.requested();
    }
    ticker.advance(Duration.ofSeconds(9));
    assertThat(repetitions(tally)).isEqualTo(10);

    ticker.advance(Duration.ofSeconds(1));
    assertThat(repetitions(tally)).isZero();
  }

  @Test
  void repetitionsCountForTheLengthOfTheWindow() {
    RetryTally tally = tally(0, 1);
    assertThat(repetitions(tally)).isEqualTo(10);
    ticker.advance(Duration.ofSeconds(9));
    assertThat(repetitions(tally)).isZero();

    ticker.advance(Duration.ofSeconds(1));
    assertThat(repetitions(tally)).isEqualTo(10);
  }

  @Test
  void longPauseForgetsEverything() {
    RetryTally tally = tally(1, 0);
    tally.requested();
    ticker.advance(Duration.ofDays(30));

    assertThat(repetitions(tally)).isZero();
    tally.requested();
    assertThat(repetitions(tally)).isEqualTo(1);
  }

  @Test
  void brownOutIsNotMultiplied() throws Exception {
    FakeConnectionFactory factory = new FakeConnectionFactory();
    factory.refuses = true;
    try (PoolManager manager =
        PoolManager.builder()
            .connectionFactory(endpoint -> factory)
            .retries(Retry.of(3))
            .retryBudget(RetryBudget.builder().ratio(0.1).minPerSecond(0).build())
            .build()) {
      for (int i = 0; i < 100; i++) {
        assertThatThrownBy(() -> manager.request("GET", "http://a/"))
            .isInstanceOfAny(NewConnectionException.class, MaxRetryException.class);
      }

      assertThat(manager.connectionFromUrl("http://a/").stats().failedDials()).isEqualTo(110);
    }
  }

  @Test
  void statusIsAnswerOrErrorAsWhereTheRetriesAreUsedUp() throws Exception {
    FakeConnectionFactory factory = new FakeConnectionFactory();
    factory.answer = FakeConnection.answer(503);
    Retry retry = Retry.builder().total(3).statusForcelist(java.util.Set.of(503)).build();
    RetryBudget none = RetryBudget.builder().ratio(0).minPerSecond(0).build();
    try (PoolManager manager =
        PoolManager.builder()
            .connectionFactory(endpoint -> factory)
            .retries(retry)
            .retryBudget(none)
            .build()) {
      assertThatThrownBy(() -> manager.request("GET", "http://a/"))
          .isInstanceOf(MaxRetryException.class);
      Retry lenient = retry.toBuilder().raiseOnStatus(false).build();
      assertThat(manager.request("GET", "http://a/", r -> r.retries(lenient)).status())
          .isEqualTo(503);
      assertThat(manager.connectionFromUrl("http://a/").stats().requests()).isEqualTo(2);
    }
  }
}
