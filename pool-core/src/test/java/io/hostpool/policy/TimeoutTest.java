package io.hostpool.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.internal.time.Durations;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Time limits as a value. Upstream: test_invalid_timeouts, test_timeout* of test_util.py. */
class TimeoutTest {

  /** Upstream: test_invalid_timeouts; what is no duration does not compile here. */
  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  void limitThatIsNotLongerThanZeroIsRefusedByName(long seconds) {
    Duration bad = Duration.ofSeconds(seconds);
    Timeout.Builder builder = Timeout.builder();

    assertThatThrownBy(() -> builder.connect(bad))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("connect timeout must be longer than 0: " + bad);
    assertThatThrownBy(() -> builder.read(bad))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("read timeout must be longer than 0: " + bad);
    assertThatThrownBy(() -> builder.total(bad))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("total timeout must be longer than 0: " + bad);
    assertThatThrownBy(() -> builder.total(null)).hasMessage("total timeout");
  }

  @Test
  void limitsThatAreNotGivenAreFinite() {
    assertThat(Timeout.defaults().connect()).contains(Duration.ofSeconds(5));
    assertThat(Timeout.defaults().read()).contains(Duration.ofSeconds(30));
    assertThat(Timeout.defaults().total()).isEmpty();
    assertThat(Timeout.builder().build()).isEqualTo(Timeout.defaults());
  }

  /** Upstream: test_timeout, test_timeout_default_resolve. */
  @Test
  void noneMeansNoLimit() {
    Timeout none = Timeout.none();

    assertThat(none.connect()).isEmpty();
    assertThat(none.read()).isEmpty();
    assertThat(none.total()).isEmpty();
    assertThat(none.readNanos()).isEqualTo(Durations.NO_LIMIT);
    assertThat(none.toBuilder().connect(Duration.ofSeconds(1)).build().read()).isEmpty();
  }

  @Test
  void limitTooLongToCountIsNone() {
    Timeout timeout = Timeout.builder().read(Duration.ofSeconds(Long.MAX_VALUE)).build();

    assertThat(timeout.read()).isEmpty();
  }

  @Test
  void smallestLimitIsKept() {
    assertThat(Timeout.builder().read(Duration.ofNanos(1)).build().readNanos()).isEqualTo(1);
  }

  /** Upstream: test_timeout_str. */
  @Test
  void textNamesTheThreeLimits() {
    assertThat(Timeout.of(Duration.ofMillis(1500), Duration.ofSeconds(2)))
        .hasToString("Timeout[connect=1500 ms, read=2 s, total=no limit]");
    assertThat(Timeout.builder().total(Duration.ofNanos(7)).build().toString())
        .endsWith("total=7 ns]");
  }

  @Test
  void equalLimitsAreEqualValues() {
    Duration one = Duration.ofSeconds(1);
    Duration two = Duration.ofSeconds(2);

    assertThat(Timeout.of(one, two))
        .isEqualTo(Timeout.of(one, two))
        .hasSameHashCodeAs(Timeout.of(one, two))
        .isNotEqualTo(Timeout.of(two, one))
        .isNotEqualTo(Timeout.of(one, two).toBuilder().total(two).build());
    assertThat(Timeout.of(one, two).toBuilder().build()).isEqualTo(Timeout.of(one, two));
  }
}
