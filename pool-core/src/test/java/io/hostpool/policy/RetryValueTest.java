package io.hostpool.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.HttpException;
import io.hostpool.error.NewConnectionException;
import io.hostpool.error.Phase;
import io.hostpool.error.Progress;
import io.hostpool.error.ReadTimeoutException;
import io.hostpool.policy.Retry.Decision.Again;
import io.hostpool.policy.Retry.Decision.GiveUp;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The policy as a value: text, history, equality, copies. Upstream: test_retry.py. */
class RetryValueTest {

  private static final HttpException REFUSED = new NewConnectionException("refused", null);

  /** Upstream: test_string. */
  @Test
  void textShowsTheCountsThatAreLeft() {
    Retry retry = Retry.builder().build();
    assertThat(retry)
        .hasToString(
            "Retry[total=10, connect=unlimited, read=unlimited, redirect=unlimited, "
                + "status=unlimited, other=unlimited]");

    for (int i = 0; i < 3; i++) {
      retry =
          ((Again) retry.afterError(Attempt.failed("GET", "/", REFUSED), REFUSED, false)).next();
    }

    assertThat(retry.toString()).startsWith("Retry[total=7, connect=unlimited");
  }

  /** Upstream: {@code Retry(False)} returns a redirect, {@code Retry(0)} raises because of it. */
  @Test
  void policyThatIsOffIsAnotherThanOneOfNoRetriesAndPrintedAsSuch() {
    Attempt redirect = Attempt.redirected("GET", "/", 302, "/x");

    assertThat(Retry.none()).isNotEqualTo(Retry.of(0));
    assertThat(Retry.none().afterRedirect(redirect, null)).isEqualTo(new GiveUp(false));
    assertThat(Retry.of(0).afterRedirect(redirect, null)).isEqualTo(new GiveUp(true));
    assertThat(Retry.none()).hasToString("Retry[none]");
    assertThat(Retry.none().toBuilder().backoffFactor(1).build()).hasToString("Retry[none]");
    assertThat(Retry.of(0).toString()).startsWith("Retry[total=0, ");
    assertThat(Retry.none().toBuilder().total(0).build().toString()).startsWith("Retry[total=0, ");
  }

  /** Upstream: test_history. */
  @Test
  void historyKeepsEachAttemptInItsOrder() {
    Retry retry =
        Retry.builder().allowedMethods(Set.of("GET", "POST")).statusForcelist(Set.of(500)).build();
    HttpException late = new ReadTimeoutException("late", Progress.sent(Phase.HEAD), null);
    Attempt first = Attempt.failed("GET", "/test1", REFUSED);
    Attempt second = Attempt.failed("POST", "/test2", late);
    Attempt third = Attempt.answered("GET", "/test3", 500);
    Attempt fourth = Attempt.redirected("GET", "/test4", 302, "/test5");
    assertThat(retry.history()).isEmpty();

    Retry one = ((Again) retry.afterError(first, REFUSED, false)).next();
    Retry two = ((Again) one.afterError(second, late, false)).next();
    Retry three = ((Again) two.afterStatus(third, null)).next();
    Retry four = ((Again) three.afterRedirect(fourth, null)).next();

    assertThat(retry.history()).isEmpty();
    assertThat(one.history()).containsExactly(first);
    assertThat(four.history()).containsExactly(first, second, third, fourth);
    assertThatThrownBy(() -> four.history().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(four.toBuilder().build().history()).isEmpty();
  }

  /** Upstream: test_retry_default_remove_headers_on_redirect, test_retry_set_remove_headers…. */
  @Test
  void headersToRemoveAreKeptInLowerCase() {
    assertThat(Retry.defaults().removeHeadersOnRedirect())
        .containsExactlyInAnyOrder("authorization", "proxy-authorization", "cookie");
    assertThat(
            Retry.builder()
                .removeHeadersOnRedirect(Set.of("X-API-Secret"))
                .build()
                .removeHeadersOnRedirect())
        .containsExactly("x-api-secret");
  }

  @Test
  void settingsAreCopiedIn() {
    Set<Integer> statuses = new HashSet<>(Set.of(500));
    Set<String> methods = new HashSet<>(Set.of("GET"));
    Retry retry = Retry.builder().statusForcelist(statuses).allowedMethods(methods).build();

    statuses.clear();
    methods.add("POST");

    assertThat(retry.afterStatus(Attempt.answered("GET", "/", 500), null))
        .isInstanceOf(Again.class);
    assertThat(retry.isMethodAllowed("POST")).isFalse();
  }

  @Test
  void equalSettingsAreEqualPolicies() {
    assertThat(full()).isEqualTo(full()).hasSameHashCodeAs(full());
    assertThat(full().toBuilder().build()).isEqualTo(full());
    assertThat(Retry.none().toBuilder().build()).isEqualTo(Retry.none());
    assertThat(Retry.of(0)).isNotEqualTo(Retry.none());
  }

  @Test
  void eachSettingMakesADifference() {
    Retry base = full();

    assertThat(
            Set.of(
                base,
                base.toBuilder().total(7).build(),
                base.toBuilder().connect(7).build(),
                base.toBuilder().read(7).build(),
                base.toBuilder().redirect(7).build(),
                base.toBuilder().status(7).build(),
                base.toBuilder().other(7).build(),
                base.toBuilder().allowedMethods(Set.of()).build(),
                base.toBuilder().allowAllMethods().build(),
                base.toBuilder().statusForcelist(Set.of()).build(),
                base.toBuilder().backoffFactor(7).build(),
                base.toBuilder().backoffMax(Duration.ofSeconds(7)).build(),
                base.toBuilder().backoffJitter(7).build(),
                base.toBuilder().respectRetryAfterHeader(true).build(),
                base.toBuilder().retryAfterMax(Duration.ofSeconds(7)).build(),
                base.toBuilder().raiseOnStatus(true).build(),
                base.toBuilder().raiseOnRedirect(true).build(),
                base.toBuilder().removeHeadersOnRedirect(Set.of()).build()))
        .hasSize(18);
  }

  @Test
  void attemptNeedsWhatItIsMadeOf() {
    assertThatThrownBy(() -> Attempt.failed("GET", "/", null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("error");
    assertThatThrownBy(() -> Attempt.redirected("GET", "/", 302, null)).hasMessage("location");
    assertThatThrownBy(() -> Attempt.answered(null, "/", 200)).hasMessage("method");
  }

  private static Retry full() {
    return Retry.builder()
        .total(1)
        .connect(2)
        .read(3)
        .redirect(4)
        .status(5)
        .other(6)
        .allowedMethods(Set.of("GET"))
        .statusForcelist(Set.of(500))
        .backoffFactor(1)
        .backoffMax(Duration.ofSeconds(2))
        .backoffJitter(3)
        .respectRetryAfterHeader(false)
        .retryAfterMax(Duration.ofSeconds(4))
        .raiseOnStatus(false)
        .raiseOnRedirect(false)
        .removeHeadersOnRedirect(Set.of("x"))
        .build();
  }
}
