package io.hostpool.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.BodyTooLargeException;
import io.hostpool.error.ConnectTimeoutException;
import io.hostpool.error.DeadlineExceededException;
import io.hostpool.error.DecodeException;
import io.hostpool.error.EmptyPoolException;
import io.hostpool.error.HttpException;
import io.hostpool.error.NameResolutionException;
import io.hostpool.error.NewConnectionException;
import io.hostpool.error.Phase;
import io.hostpool.error.Progress;
import io.hostpool.error.ProtocolException;
import io.hostpool.error.ProxyException;
import io.hostpool.error.ReadTimeoutException;
import io.hostpool.error.RequestBodyException;
import io.hostpool.error.RequestInterruptedException;
import io.hostpool.error.TlsException;
import io.hostpool.error.TooManyRedirectsException;
import io.hostpool.error.UnrewindableBodyException;
import io.hostpool.policy.Retry.Decision.Again;
import io.hostpool.policy.Retry.Decision.GiveUp;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which failure costs which count, and when the counts are used up. Upstream: test_retry.py. */
class RetryCountsTest {

  private static final HttpException CONNECT =
      new ConnectTimeoutException("connect timed out", Phase.CONNECT, null);
  private static final HttpException READ =
      new ReadTimeoutException("read timed out", Progress.sent(Phase.HEAD), null);
  private static final HttpException TLS =
      new TlsException("tls", Progress.unsent(Phase.TLS), null);

  /** Upstream: test_retry_both_specified. */
  @Test
  void totalWinsWhereItIsLower() {
    Retry retry = Retry.builder().connect(3).total(2).build();

    assertThat(retriesAfter(retry, "GET", CONNECT)).isEqualTo(2);
  }

  /** Upstream: test_retry_higher_total_loses, test_retry_higher_total_loses_vs_read. */
  @Test
  void ownCountWinsWhereItIsLower() {
    assertThat(retriesAfter(Retry.builder().connect(2).total(3).build(), "GET", CONNECT))
        .isEqualTo(2);
    assertThat(retriesAfter(Retry.builder().read(2).total(3).build(), "GET", READ)).isEqualTo(2);
  }

  /** Upstream: test_retry_total_none. */
  @Test
  void unlimitedTotalLeavesTheOwnCounts() {
    Retry retry = Retry.builder().connect(2).total(Retry.UNLIMITED).build();

    assertThat(retriesAfter(retry, "GET", CONNECT)).isEqualTo(2);
    Retry left = retry;
    for (int i = 0; i < 100; i++) {
      left = next(left.afterError(failed("GET", READ), READ, false));
    }
    assertThat(left.total()).isEqualTo(Retry.UNLIMITED);
  }

  /** Upstream: test_retry_default. */
  @Test
  void countsWithoutAnythingGivenAreThoseOfUrllib3() {
    assertThat(Retry.builder().build().total()).isEqualTo(10);
    assertThat(Retry.defaults().total()).isEqualTo(3);
    assertThat(retriesAfter(Retry.builder().connect(1).build(), "GET", CONNECT)).isEqualTo(1);
    assertThat(retriesAfter(Retry.builder().build(), "GET", CONNECT)).isEqualTo(10);
    assertThat(Retry.of(0).raiseOnRedirect()).isTrue();
    assertThat(Retry.none().raiseOnRedirect()).isFalse();
  }

  /** Upstream: test_retry_other. */
  @Test
  void failuresOfTlsAndProxiesHaveTheirOwnCount() {
    HttpException proxy = new ProxyException("proxy said no", Progress.unsent(Phase.TUNNEL), null);

    assertThat(retriesAfter(Retry.builder().connect(1).total(7).build(), "GET", TLS)).isEqualTo(7);
    assertThat(retriesAfter(Retry.builder().other(1).build(), "GET", TLS)).isEqualTo(1);
    assertThat(retriesAfter(Retry.builder().other(1).build(), "POST", proxy)).isEqualTo(1);
  }

  /** Upstream: test_proxy_connect_retry of test_proxymanager.py. */
  @Test
  void proxyThatCannotBeReachedCostsAConnect() {
    HttpException proxy =
        new ProxyException(
            "proxy refused",
            Progress.unsent(Phase.CONNECT),
            new NewConnectionException("refused", null));

    assertThat(retriesAfter(Retry.builder().connect(1).other(5).build(), "GET", proxy))
        .isEqualTo(1);
  }

  /** Upstream: test_retry_read_zero. */
  @Test
  void readsOfZeroGiveNoSecondChance() {
    Retry.Decision decision =
        Retry.builder().read(0).build().afterError(failed("GET", READ), READ, false);

    assertThat(decision).isEqualTo(new GiveUp(true));
  }

  /** Upstream: test_status_counter. */
  @Test
  void statusesHaveTheirOwnCount() {
    Retry retry = Retry.builder().status(2).statusForcelist(Set.of(400)).build();

    retry = next(retry.afterStatus(Attempt.answered("GET", "/", 400), null));
    retry = next(retry.afterStatus(Attempt.answered("GET", "/", 400), null));

    assertThat(retry.afterStatus(Attempt.answered("GET", "/", 400), null))
        .isEqualTo(new GiveUp(true));
  }

  @Test
  void redirectsHaveTheirOwnCountAndCostTheTotalToo() {
    Attempt attempt = Attempt.redirected("GET", "/a", 302, "/b");

    Retry own = next(Retry.builder().redirect(1).build().afterRedirect(attempt, null));
    Retry all = next(Retry.of(1).afterRedirect(attempt, null));

    assertThat(own.total()).isEqualTo(9);
    assertThat(own.afterRedirect(attempt, null)).isEqualTo(new GiveUp(true));
    assertThat(all.afterRedirect(attempt, null)).isEqualTo(new GiveUp(true));
  }

  @Test
  void countOfOneKindIsNotTouchedByAnother() {
    Retry retry =
        Retry.builder()
            .total(20)
            .connect(1)
            .read(1)
            .redirect(1)
            .status(1)
            .other(1)
            .statusForcelist(Set.of(500))
            .build();

    retry = next(retry.afterError(failed("GET", CONNECT), CONNECT, false));
    retry = next(retry.afterError(failed("GET", READ), READ, false));
    retry = next(retry.afterError(failed("GET", TLS), TLS, false));
    retry = next(retry.afterStatus(Attempt.answered("GET", "/", 500), null));
    retry = next(retry.afterRedirect(Attempt.redirected("GET", "/", 302, "/b"), null));

    assertThat(retry)
        .hasToString("Retry[total=15, connect=0, read=0, redirect=0, status=0, other=0]");
  }

  /** Upstream: test_exhausted, test_disabled; a negative count cannot be made here. */
  @Test
  void policyOfZeroIsExhaustedByTheFirstFailure() {
    assertThat(Retry.of(0).afterError(failed("GET", CONNECT), CONNECT, false))
        .isEqualTo(new GiveUp(true));
    assertThat(next(Retry.of(1).afterError(failed("GET", CONNECT), CONNECT, false)).total())
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, Integer.MIN_VALUE})
  void negativeCountIsRefusedByName(int count) {
    Retry.Builder builder = Retry.builder();

    assertRefused(() -> builder.total(count), "retry total must be 0 or more: " + count);
    assertRefused(() -> builder.connect(count), "retry connect must be 0 or more: " + count);
    assertRefused(() -> builder.read(count), "retry read must be 0 or more: " + count);
    assertRefused(() -> builder.redirect(count), "retry redirect must be 0 or more: " + count);
    assertRefused(() -> builder.status(count), "retry status must be 0 or more: " + count);
    assertRefused(() -> builder.other(count), "retry other must be 0 or more: " + count);
  }

  /** Upstream: test_retry_method_not_allowed. */
  @Test
  void requestThatWasSentIsRepeatedForAllowedMethodsOnly() {
    Retry retry = Retry.builder().build();

    assertThat(retry.afterError(failed("POST", READ), READ, false)).isEqualTo(new GiveUp(false));
    assertThat(retry.afterError(failed("PATCH", READ), READ, false)).isEqualTo(new GiveUp(false));
    for (String method : Retry.DEFAULT_ALLOWED_METHODS) {
      assertThat(retry.afterError(failed(method, READ), READ, false)).isInstanceOf(Again.class);
    }
  }

  @Test
  void requestThatSaysItMayBeRepeatedIsRepeated() {
    assertThat(Retry.of(1).afterError(failed("POST", READ), READ, true)).isInstanceOf(Again.class);
  }

  @Test
  void requestThatWasNotSentIsRepeatedWhateverItsMethod() {
    HttpException unsent = new ProtocolException("gone", Progress.unsent(Phase.SEND), null);

    for (HttpException error : new HttpException[] {CONNECT, TLS, unsent}) {
      assertThat(Retry.of(1).afterError(failed("POST", error), error, false))
          .isInstanceOf(Again.class);
    }
  }

  /** Upstream: test_allowed_methods_with_status_forcelist. */
  @Test
  void methodAndStatusMustBothBeAllowed() {
    Retry any = Retry.builder().statusForcelist(Set.of(500)).allowAllMethods().build();
    Retry post = any.toBuilder().allowedMethods(Set.of("POST")).build();

    assertThat(any.afterStatus(Attempt.answered("GET", "/", 500), null)).isInstanceOf(Again.class);
    assertThat(any.afterStatus(Attempt.answered("POST", "/", 500), null)).isInstanceOf(Again.class);
    assertThat(post.afterStatus(Attempt.answered("GET", "/", 500), null))
        .isEqualTo(new GiveUp(false));
    assertThat(post.afterStatus(Attempt.answered("POST", "/", 500), null))
        .isInstanceOf(Again.class);
  }

  @Test
  void emptySetOfMethodsAllowsNone() {
    Retry none = Retry.builder().statusForcelist(Set.of(500)).allowedMethods(Set.of()).build();

    assertThat(none.isMethodAllowed("GET")).isFalse();
    assertThat(none.afterStatus(Attempt.answered("GET", "/", 500), null))
        .isEqualTo(new GiveUp(false));
    assertThat(none.toBuilder().allowAllMethods().build().isMethodAllowed("POST")).isTrue();
  }

  /** urllib3 compares methods in upper case on both sides. */
  @ParameterizedTest
  @CsvSource({"get,GET", "GET,get", "purge,purge", "Purge,PURGE"})
  void letterCaseOfAMethodDoesNotMatter(String allowed, String method) {
    Retry retry = Retry.builder().allowedMethods(Set.of(allowed)).build();

    assertThat(retry.isMethodAllowed(method)).isTrue();
  }

  /** Upstream: test_status_forcelist; text in place of a number does not compile here. */
  @ParameterizedTest
  @CsvSource({"200,false", "400,false", "418,true", "500,true", "599,true"})
  void statusIsTriedAgainWhereItIsForced(int status, boolean again) {
    Retry retry = Retry.builder().statusForcelist(Set.of(418, 500, 599)).build();

    assertThat(retry.afterStatus(Attempt.answered("GET", "/", status), null) instanceof Again)
        .isEqualTo(again);
  }

  @ParameterizedTest
  @ValueSource(ints = {-500, 0, 99, 600, 5000})
  void numberThatIsNoStatusIsRefused(int status) {
    assertRefused(
        () -> Retry.builder().statusForcelist(Set.of(status)),
        "status-forcelist: not a status code: " + status);
  }

  /** As measured with urllib3: whichever error, a policy only repeats what it knows. */
  @ParameterizedTest
  @MethodSource("failuresThatAreNeverRepeated")
  void failureThatRepetitionCannotMendIsNotRepeated(HttpException error) {
    assertThat(Retry.of(5).afterError(failed("GET", error), error, true))
        .isEqualTo(new GiveUp(false));
  }

  static Stream<HttpException> failuresThatAreNeverRepeated() {
    Progress sent = Progress.sent(Phase.BODY);
    return Stream.of(
        new BodyTooLargeException("large", sent, 7),
        new DeadlineExceededException("late", Progress.unsent(Phase.CONNECT), null),
        new DecodeException("bad gzip", sent, null),
        new EmptyPoolException("empty"),
        new RequestBodyException("no file", sent, null),
        new RequestInterruptedException("stop", Progress.unsent(Phase.ACQUIRE), null),
        new TooManyRedirectsException("loop"),
        new UnrewindableBodyException("once", sent, null));
  }

  @ParameterizedTest
  @MethodSource("failuresToConnect")
  void everyFailureToConnectCostsAConnect(HttpException error) {
    assertThat(retriesAfter(Retry.builder().connect(2).build(), "POST", error)).isEqualTo(2);
  }

  static Stream<HttpException> failuresToConnect() {
    return Stream.of(
        new NewConnectionException("refused", null),
        new NameResolutionException("no such host", null),
        new ConnectTimeoutException("slow", Phase.TLS, null));
  }

  /** Upstream: Retry(False) of test_retry_default; AttemptTableSocketTest has it over sockets. */
  @Test
  void policyOfNoneGivesUpOnEverythingAndWrapsNothing() {
    Retry none = Retry.none();

    assertThat(none.isDisabled()).isTrue();
    assertThat(none.raiseOnStatus()).isFalse();
    assertThat(none.afterError(failed("GET", CONNECT), CONNECT, true)).isEqualTo(new GiveUp(false));
    assertThat(none.afterStatus(Attempt.answered("GET", "/", 503), null))
        .isEqualTo(new GiveUp(false));
    assertThat(none.afterRedirect(Attempt.redirected("GET", "/", 302, "/b"), null))
        .isEqualTo(new GiveUp(false));
  }

  @Test
  void countSetOnNoneMakesItRepeatAgain() {
    Retry retry = Retry.none().toBuilder().total(2).build();

    assertThat(retry.isDisabled()).isFalse();
    assertThat(retriesAfter(retry, "GET", CONNECT)).isEqualTo(2);
  }

  /** Returns how often {@code retry} repeats before it is used up by {@code error}. */
  private static int retriesAfter(Retry retry, String method, HttpException error) {
    int retries = 0;
    Retry.Decision decision = retry.afterError(failed(method, error), error, false);
    while (decision instanceof Again again) {
      retries++;
      decision = again.next().afterError(failed(method, error), error, false);
    }
    assertThat(decision).isEqualTo(new GiveUp(true));
    return retries;
  }

  private static Attempt failed(String method, HttpException error) {
    return Attempt.failed(method, "http://host/", error);
  }

  private static Retry next(Retry.Decision decision) {
    assertThat(decision).isInstanceOf(Again.class);
    return ((Again) decision).next();
  }

  private static void assertRefused(Runnable call, String message) {
    assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
