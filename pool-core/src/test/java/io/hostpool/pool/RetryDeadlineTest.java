package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.ClosedPoolException;
import io.hostpool.error.DeadlineExceededException;
import io.hostpool.error.HttpException;
import io.hostpool.error.HttpStatusException;
import io.hostpool.error.MaxRetryException;
import io.hostpool.error.NewConnectionException;
import io.hostpool.error.Phase;
import io.hostpool.error.Progress;
import io.hostpool.error.RequestInterruptedException;
import io.hostpool.error.UnrewindableBodyException;
import io.hostpool.http.Request;
import io.hostpool.http.RequestBody;
import io.hostpool.http.Response;
import io.hostpool.policy.Backoff;
import io.hostpool.policy.Retry;
import io.hostpool.pool.TestPool.Call;
import io.hostpool.stats.PoolStats;
import io.hostpool.testkit.Eventually;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Retries, their pauses and the total time together. The clock of the deadline stands still until a
 * test moves it; pauses are real ones, so the tests that pause for an hour end only if something
 * ends the pause.
 */
@Timeout(60)
class RetryDeadlineTest {

  private static final Duration HOUR = Duration.ofHours(1);

  private final TestPool test = TestPool.blocking(1);

  @AfterEach
  void nothingIsHeld() throws InterruptedException {
    PoolStats stats = test.stats();
    assertThat(stats.leased() + stats.dialing() + stats.pending()).isZero();
    test.close();
  }

  /** The pause of an hour would end after ten seconds: nobody waits for it in vain. */
  @ParameterizedTest
  @ValueSource(longs = {10, 3599, 3600})
  void backoffThatWouldEndAfterTheDeadlineFailsAtOnce(long totalSeconds) {
    test.factory.refuses = true;
    Retry retry = pausing(HOUR);

    assertThatThrownBy(() -> get(retry, Duration.ofSeconds(totalSeconds)))
        .isInstanceOfSatisfying(
            DeadlineExceededException.class,
            e -> {
              assertThat(e.phase()).isEqualTo(Phase.BACKOFF);
              assertThat(e.requestSent()).isFalse();
            })
        .hasCauseInstanceOf(NewConnectionException.class)
        .hasMessageContaining("does not allow another attempt")
        .hasMessageContaining("refused by the test");
    assertThat(test.stats().failedDials()).isEqualTo(1);
  }

  @Test
  void pauseThatFitsIsMade() {
    test.factory.refuses = true;

    assertThatThrownBy(() -> get(pausing(Duration.ofMillis(1)), Duration.ofMillis(2)))
        .isInstanceOf(MaxRetryException.class);
    assertThat(test.stats().failedDials()).isEqualTo(4);
  }

  /** Each dial takes 4 of 10 ms: the third ends after the deadline. */
  @Test
  void timeOfAllAttemptsCountsTogether() {
    test.factory.refuses = true;
    test.factory.beforeOpen = () -> test.ticker.advance(Duration.ofMillis(4));

    assertThatThrownBy(() -> get(pausing(Duration.ofMillis(1)), Duration.ofMillis(10)))
        .isInstanceOf(DeadlineExceededException.class)
        .satisfies(e -> assertThat(((HttpException) e).phase()).isEqualTo(Phase.BACKOFF));
    assertThat(test.stats().failedDials()).isEqualTo(3);
  }

  /** Without any pause too: a retry that cannot be in time is not tried. */
  @Test
  void retryAfterTheDeadlineIsNotTried() {
    test.factory.refuses = true;
    test.factory.beforeOpen = () -> test.ticker.advance(Duration.ofSeconds(1));

    assertThatThrownBy(() -> get(Retry.of(3), Duration.ofSeconds(1)))
        .isInstanceOf(DeadlineExceededException.class);
    assertThat(test.stats().failedDials()).isEqualTo(1);
  }

  /** As when the retries run out: a forced status is an error, whatever brought it. */
  @ParameterizedTest
  @CsvSource({"500,", "503,3600", "503,'Fri, 31 Dec 2999 23:59:59 GMT'"})
  void forcedStatusWithoutTimeForAnotherAttemptIsAnError(int status, String retryAfter) {
    answer(status, retryAfter);
    Retry retry = pausing(HOUR).toBuilder().statusForcelist(Set.of(status)).build();

    assertThatThrownBy(() -> get(retry, Duration.ofSeconds(10)))
        .isInstanceOfSatisfying(
            DeadlineExceededException.class,
            e -> {
              assertThat(e.phase()).isEqualTo(Phase.BACKOFF);
              assertThat(e.requestSent()).isTrue();
              assertThat(e)
                  .cause()
                  .isInstanceOfSatisfying(
                      HttpStatusException.class,
                      last ->
                          assertThat(last.headers().containsKey("retry-after"))
                              .isEqualTo(retryAfter != null));
            })
        .hasMessageContaining("total time of 10 s")
        .hasMessageContaining(Integer.toString(status));
    assertThat(test.stats().requests()).isEqualTo(1);
    assertThat(test.stats().idle()).isEqualTo(1);
  }

  /** As when the retries run out: the caller learns most from the response itself. */
  @ParameterizedTest
  @ValueSource(strings = {"3600", "Fri, 31 Dec 2999 23:59:59 GMT", "99999999999999999999"})
  void retryAfterThatWouldEndAfterTheDeadlineIsTheAnswerAtOnce(String retryAfter) throws Exception {
    answer(503, retryAfter);

    Response response = get(Retry.of(3), Duration.ofSeconds(10));

    assertThat(response.status()).isEqualTo(503);
    assertThat(response.headers().get("Retry-After")).isEqualTo(retryAfter);
    assertThat(test.stats().requests()).isEqualTo(1);
  }

  @Test
  void forcedStatusIsTheAnswerWhereThePolicySaysSo() throws Exception {
    answer(500, null);
    Retry retry =
        pausing(HOUR).toBuilder().statusForcelist(Set.of(500)).raiseOnStatus(false).build();

    assertThat(get(retry, Duration.ofSeconds(10)).status()).isEqualTo(500);
  }

  /** Upstream: TestRetryPoolSize::test_pool_size_retry. */
  @Test
  void pauseHoldsNoConnection() throws Exception {
    answer(503, "3600");
    Call<Response> call = pausedCall(Retry.of(3));

    assertThat(test.stats().leased()).isZero();
    assertThat(test.stats().idle()).isEqualTo(1);

    call.thread().interrupt();
    assertThat(call.failure()).isInstanceOf(RequestInterruptedException.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void interruptEndsAPauseAndKeepsTheFlag(boolean byServer) throws Exception {
    boolean[] flag = new boolean[1];
    if (byServer) {
      answer(503, "3600");
    } else {
      test.factory.refuses = true;
    }
    Call<Response> call =
        test.inThread(
            () -> {
              try {
                return get(pausing(HOUR), null);
              } finally {
                flag[0] = Thread.currentThread().isInterrupted();
              }
            });
    awaitPause(call);

    call.thread().interrupt();

    assertThat(call.failure())
        .isInstanceOfSatisfying(
            RequestInterruptedException.class, e -> assertThat(e.phase()).isEqualTo(Phase.BACKOFF))
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(flag[0]).isTrue();
  }

  /** An interrupt that comes before the pause ends it before it begins. */
  @Test
  void interruptDuringAnAttemptEndsThePauseAfterIt() {
    test.factory.refuses = true;
    test.factory.beforeOpen = () -> Thread.currentThread().interrupt();

    try {
      assertThatThrownBy(() -> get(pausing(HOUR), null))
          .isInstanceOf(RequestInterruptedException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(test.stats().failedDials()).isEqualTo(1);
  }

  @Test
  void closeEndsEveryPause() throws Exception {
    answer(503, "3600");
    Call<Response> first = pausedCall(Retry.of(3));
    Call<Response> second = pausedCall(Retry.of(3));

    test.pool.close();

    assertThat(first.failure())
        .isInstanceOf(ClosedPoolException.class)
        .hasMessageContaining("pool is closed");
    assertThat(second.failure()).isInstanceOf(ClosedPoolException.class);
  }

  @Test
  void closeOfTheManagerEndsAPauseToo() throws Exception {
    PoolManager.Builder builder = PoolManager.builder();
    builder.connectionFactory(endpoint -> test.factory);
    answer(503, "3600");
    try (PoolManager manager = builder.build()) {
      Call<Response> call =
          test.inThread(() -> manager.request("GET", "http://host/", r -> r.retries(Retry.of(3))));
      awaitPause(call);

      manager.close();

      assertThat(call.failure()).isInstanceOf(ClosedPoolException.class);
    }
  }

  /** A strategy of the application's own may break; that must not cost a permit. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void backoffThatThrowsHoldsNothing(boolean byStatus) {
    if (byStatus) {
      answer(500, null);
    } else {
      test.factory.refuses = true;
    }
    Retry retry =
        Retry.builder()
            .statusForcelist(Set.of(500))
            .backoff(
                failures -> {
                  throw new IllegalStateException("planted");
                })
            .build();

    assertThatThrownBy(() -> get(retry, null)).isInstanceOf(IllegalStateException.class);
  }

  /** Upstream: UnrewindableBodyError; the pause is not made for nothing. */
  @Test
  void bodyThatCannotBeSentAgainFailsBeforeThePause() throws Exception {
    ByteArrayInputStream source = new ByteArrayInputStream(new byte[1]);
    Request request =
        Request.builder("PUT", "http://host/")
            .body(RequestBody.of(source))
            .retries(pausing(HOUR))
            .build();
    request.body().writeTo(OutputStream.nullOutputStream());
    test.factory.refuses = true;

    assertThatThrownBy(() -> test.pool.send(request, new CallOptions(test.ticker.nanos(), null)))
        .isInstanceOf(UnrewindableBodyException.class)
        .hasCauseInstanceOf(NewConnectionException.class);
  }

  /** MaxRetryException is for retries that ran out, not for what retries cannot mend. */
  @ParameterizedTest
  @ValueSource(strings = {"deadline", "interrupt", "close"})
  void failureThatIsNeverRepeatedStaysWhatItIsAlsoInALaterAttempt(String fault) {
    int[] dials = new int[1];
    test.factory.refuses = true;
    test.factory.beforeOpen =
        () -> {
          if (++dials[0] == 2) {
            throw switch (fault) {
              case "deadline" ->
                  new DeadlineExceededException("late", Progress.unsent(Phase.CONNECT), null);
              case "interrupt" ->
                  new RequestInterruptedException("stop", Progress.unsent(Phase.CONNECT), null);
              default -> new ClosedPoolException("closed");
            };
          }
        };

    assertThatThrownBy(() -> get(Retry.of(3), null))
        .isExactlyInstanceOf(
            switch (fault) {
              case "deadline" -> DeadlineExceededException.class;
              case "interrupt" -> RequestInterruptedException.class;
              default -> ClosedPoolException.class;
            });
    assertThat(dials[0]).isEqualTo(2);
  }

  private Call<Response> pausedCall(Retry retry) {
    Call<Response> call = test.inThread(() -> get(retry, null));
    awaitPause(call);
    return call;
  }

  /** Nothing else in the way of a request over fakes waits with a limit. */
  private static void awaitPause(Call<Response> call) {
    Eventually.until(
        "the call pauses", () -> call.thread().getState() == Thread.State.TIMED_WAITING);
  }

  private void answer(int status, String retryAfter) {
    test.factory.answer =
        retryAfter == null
            ? FakeConnection.answer(status)
            : FakeConnection.answer(status, "Retry-After", retryAfter);
  }

  private static Retry pausing(Duration pause) {
    Backoff backoff = failures -> pause;
    return Retry.builder().total(3).backoff(backoff).build();
  }

  private Response get(Retry retry, Duration total) throws HttpException {
    Consumer<Request.Builder> spec =
        request -> {
          request.retries(retry);
          if (total != null) {
            request.timeout(io.hostpool.policy.Timeout.builder().total(total).build());
          }
        };
    return test.pool.urlopen("GET", "/", spec);
  }
}
