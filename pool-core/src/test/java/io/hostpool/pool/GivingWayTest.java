package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.ClosedPoolException;
import io.hostpool.error.HttpException;
import io.hostpool.internal.lease.ConnectionLease;
import io.hostpool.internal.lease.LeaseConfig;
import io.hostpool.internal.lease.PendingAcquire;
import io.hostpool.internal.lease.PendingAcquire.State;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens while a thread lets others go first, before it joins the queue. */
@Timeout(60)
class GivingWayTest {

  private final AtomicInteger times = new AtomicInteger();
  private final AtomicReference<Runnable> others = new AtomicReference<>(() -> {});

  /** Does what a test says in place of other threads. */
  private final TestPool test =
      new TestPool(
          builder ->
              builder
                  .block(true)
                  .seams(
                      LeaseConfig.Seams.NONE.withGiveWay(
                          () -> {
                            times.incrementAndGet();
                            others.getAndSet(() -> {}).run();
                          })));

  @AfterEach
  void close() throws Exception {
    test.close();
  }

  @Test
  void connectionThatComesBackMeanwhileIsTakenWithoutWaiting() throws Exception {
    ConnectionLease out = test.lease();
    others.set(out::bodyEnded);

    ConnectionLease next = test.lease();

    assertThat(TestPool.fake(next)).isSameAs(TestPool.fake(out));
    assertThat(times).hasValue(1);
  }

  @Test
  void permitThatComesBackMeanwhileIsTakenWithoutWaiting() throws Exception {
    ConnectionLease out = test.lease();
    others.set(out::bodyFailed);

    assertThat(test.lease().isReused()).isFalse();
  }

  @Test
  void threadThatCameMeanwhileIsFirstInLine() throws Exception {
    ConnectionLease out = test.lease();
    AtomicReference<PendingAcquire> first = new AtomicReference<>();
    others.set(() -> first.set(queueUnchecked()));
    TestPool.Call<ConnectionLease> second = test.leaseInThread();
    test.awaitPending(2);

    out.bodyEnded();

    assertThat(first.get().state()).isEqualTo(State.SERVED);
    assertThat(second.isDone()).isFalse();
    test.pool.store().abandon(first.get());
    assertThat(second.get().isReused()).isTrue();
  }

  @Test
  void poolThatIsClosedMeanwhileIsRefused() throws Exception {
    ConnectionLease out = test.lease();
    others.set(test.pool::close);

    assertThatThrownBy(test::lease).isInstanceOf(ClosedPoolException.class);

    out.bodyEnded();
    assertThat(test.stats().leased() + test.stats().pending()).isZero();
  }

  @Test
  void threadThatIsServedOrTurnedAwayAtOnceDoesNotGiveWay() throws Exception {
    test.lease().bodyEnded();
    test.lease();
    test.pool.configure(test.pool.capacity().withMaxPending(0));

    assertThatThrownBy(test::lease).hasMessageContaining("host:80");

    assertThat(times).hasValue(0);
  }

  private PendingAcquire queueUnchecked() {
    try {
      return test.queue();
    } catch (HttpException e) {
      throw new IllegalStateException(e);
    }
  }
}
