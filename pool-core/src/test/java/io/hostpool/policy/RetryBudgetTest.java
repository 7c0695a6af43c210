package io.hostpool.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {

  @Test
  void equalSettingsAreEqualValues() {
    RetryBudget budget =
        RetryBudget.builder().ratio(0.5).minPerSecond(2).window(Duration.ofSeconds(5)).build();

    assertThat(budget)
        .isEqualTo(budget.toBuilder().build())
        .hasSameHashCodeAs(budget.toBuilder().build());
    assertThat(budget).isNotEqualTo(budget.toBuilder().ratio(0.4).build());
    assertThat(budget).isNotEqualTo(budget.toBuilder().minPerSecond(3).build());
    assertThat(budget).isNotEqualTo(budget.toBuilder().window(Duration.ofSeconds(6)).build());
    assertThat(budget).hasToString("RetryBudget[ratio=0.5, minPerSecond=2.0, window=5 s]");
  }

  @Test
  void shareOfTheRequestsIsAllowedAndAFewBesides() {
    assertThat(RetryBudget.defaults().allowed(0)).isEqualTo(10);
    assertThat(RetryBudget.defaults().allowed(1000)).isEqualTo(210);
    assertThat(RetryBudget.of(0).allowed(1000)).isEqualTo(10);
    assertThat(RetryBudget.of(0.3).ratio()).isEqualTo(0.3);
    assertThat(RetryBudget.of(0.3).minPerSecond()).isEqualTo(1);
    assertThat(RetryBudget.of(0.3).window()).isEqualTo(Duration.ofSeconds(10));
  }
}
