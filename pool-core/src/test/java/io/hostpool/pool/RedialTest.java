package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.HttpException;
import io.hostpool.error.Phase;
import io.hostpool.error.Progress;
import io.hostpool.error.ProtocolException;
import io.hostpool.http.Request;
import io.hostpool.http.RequestBody;
import io.hostpool.http.Response;
import io.hostpool.policy.Retry;
import io.hostpool.stats.CloseReason;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A kept connection that the server had dropped costs a request nothing where it may be repeated.
 * No test lets a request be retried, so whatever is repeated is so for free.
 */
@Timeout(60)
class RedialTest {

  private final TestPool test = TestPool.overflowing(1);
  private FakeConnection kept;

  @BeforeEach
  void keepAConnection() throws Exception {
    send(Request.builder("GET", "http://host/"));
    kept = test.factory.opened().get(0);
    assertThat(test.stats().idle()).isEqualTo(1);
  }

  @AfterEach
  void nothingIsHeld() throws InterruptedException {
    assertThat(kept.isClosed()).isTrue();
    assertThat(test.stats().leased() + test.stats().dialing()).isZero();
    test.close();
  }

  @Test
  void requestOnAKeptConnectionThatIsDeadIsRepeatedForFree() throws Exception {
    kept.failure = died(true);

    assertThat(send(Request.builder("GET", "http://host/")).status()).isEqualTo(200);

    assertThat(test.factory.opened()).hasSize(2);
    assertThat(test.stats().redialed()).isEqualTo(1);
    assertThat(test.stats().closedBy()).containsEntry(CloseReason.STALE, 1L);
    assertThat(test.stats().idle()).isEqualTo(1);
  }

  @Test
  void requestWhoseResponseHadStartedIsNotRepeated() {
    kept.failure = died(true);
    kept.isResponseStarted = true;

    requireFailure(Request.builder("GET", "http://host/"));

    assertThat(test.factory.opened()).hasSize(1);
  }

  /** The connection was opened for this request, so its end is no news of the past. */
  @Test
  void requestOnAFreshConnectionIsNotRepeated() {
    kept.close();
    test.factory.failure = died(true);

    requireFailure(Request.builder("GET", "http://host/"));

    assertThat(test.factory.opened()).hasSize(2).allMatch(FakeConnection::isClosed);
  }

  @Test
  void requestIsRepeatedForFreeOnceOnly() {
    kept.failure = died(true);
    test.factory.failure = died(true);

    requireFailure(Request.builder("GET", "http://host/"));

    assertThat(test.factory.opened()).hasSize(2).allMatch(FakeConnection::isClosed);
  }

  @Test
  void postThatTheServerMayHaveSeenIsNotRepeated() {
    kept.failure = died(true);

    requireFailure(Request.builder("POST", "http://host/"));

    assertThat(test.factory.opened()).hasSize(1);
  }

  @Test
  void postThatTheServerCannotHaveSeenIsRepeated() throws Exception {
    kept.failure = died(false);

    assertThat(send(Request.builder("POST", "http://host/")).status()).isEqualTo(200);
  }

  @Test
  void postWithAnIdempotencyKeyIsRepeated() throws Exception {
    kept.failure = died(true);
    Request.Builder post = Request.builder("POST", "http://host/").header("Idempotency-Key", "1");

    assertThat(send(post).status()).isEqualTo(200);
  }

  @Test
  void bodyThatCannotBeReadAgainIsNotRepeated() throws Exception {
    kept.failure = died(false);
    RequestBody once = RequestBody.of(new ByteArrayInputStream(new byte[1]));
    once.writeTo(OutputStream.nullOutputStream());

    requireFailure(Request.builder("PUT", "http://host/").body(once));

    assertThat(test.factory.opened()).hasSize(1);
  }

  private static HttpException died(boolean isSent) {
    return new ProtocolException("died", new Progress(Phase.SEND, isSent, true), null);
  }

  private void requireFailure(Request.Builder request) {
    assertThatThrownBy(() -> send(request)).isInstanceOf(ProtocolException.class);
  }

  private Response send(Request.Builder request) throws HttpException {
    CallOptions call = new CallOptions(test.ticker.nanos(), null);
    return test.pool.send(request.retries(Retry.of(0)).build(), call);
  }
}
