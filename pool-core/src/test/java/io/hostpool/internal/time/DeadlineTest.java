package io.hostpool.internal.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The one point in time that all steps share. Upstream: test_timeout, test_timeout_elapsed. */
class DeadlineTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final FakeTicker ticker = new FakeTicker();

  @Test
  void timeLeftShrinksToZeroAndNoFurther() {
    Deadline deadline = Deadline.after(ticker, 3 * SECOND);
    assertThat(deadline.remainingNanos()).isEqualTo(3 * SECOND);

    ticker.advance(Duration.ofSeconds(2));
    assertThat(deadline.remainingNanos()).isEqualTo(SECOND);
    assertThat(deadline.isExpired()).isFalse();

    ticker.advance(Duration.ofSeconds(1));
    assertThat(deadline.isExpired()).isTrue();

    ticker.advance(Duration.ofDays(1));
    assertThat(deadline.remainingNanos()).isZero();
  }

  @Test
  void stepGetsTheShorterOfItsLimitAndTheTimeLeft() {
    Deadline deadline = Deadline.after(ticker, 3 * SECOND);
    ticker.advance(Duration.ofSeconds(1));

    assertThat(deadline.bound(SECOND)).isEqualTo(SECOND);
    assertThat(deadline.bound(9 * SECOND)).isEqualTo(2 * SECOND);
    assertThat(deadline.bound(Durations.NO_LIMIT)).isEqualTo(2 * SECOND);
  }

  @Test
  void deadlineCountsFromTheStartOfTheCall() {
    long start = ticker.nanos();
    ticker.advance(Duration.ofSeconds(2));

    Deadline deadline = Deadline.since(ticker, start, 3 * SECOND);

    assertThat(deadline.remainingNanos()).isEqualTo(SECOND);
    assertThat(deadline.budgetNanos()).isEqualTo(3 * SECOND);
  }

  @Test
  void noLimitNeverEnds() {
    Deadline deadline = Deadline.after(ticker, Durations.NO_LIMIT);
    ticker.advance(Duration.ofDays(36_500));

    assertThat(deadline).isSameAs(Deadline.none());
    assertThat(deadline.isExpired()).isFalse();
    assertThat(deadline.bound(7)).isEqualTo(7);
    assertThat(deadline).hasToString("Deadline[none]");
  }

  /** The origin of the monotonic clock is arbitrary; it may pass the end of a long. */
  @Test
  void clockThatWrapsAroundDoesNotMatter() {
    long[] now = {Long.MAX_VALUE - SECOND};
    Deadline deadline = Deadline.after(() -> now[0], 3 * SECOND);

    now[0] += 2 * SECOND;

    assertThat(now[0]).isNegative();
    assertThat(deadline.remainingNanos()).isEqualTo(SECOND);
    assertThat(deadline).hasToString("Deadline[3 s]");
  }
}
