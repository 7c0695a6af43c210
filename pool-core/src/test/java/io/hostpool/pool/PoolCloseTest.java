package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.ClosedPoolException;
import io.hostpool.internal.lease.ConnectionLease;
import io.hostpool.internal.socket.Liveness;
import io.hostpool.pool.TestPool.Call;
import io.hostpool.stats.CloseReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Closing a pool, once and more often. Upstream: test_pool_close, test_pool_close_twice. */
@Timeout(60)
class PoolCloseTest {

  @Test
  void poolClosedTwiceIsClosedOnce() throws Exception {
    try (TestPool test = TestPool.blocking(2)) {
      ConnectionLease idle = test.lease();
      idle.bodyEnded();
      ConnectionLease held = test.lease();
      held.bodyEnded();

      test.pool.close();
      test.pool.close();

      assertThat(test.factory.opened()).allMatch(connection -> connection.closes() == 1);
      assertThatThrownBy(test::lease).isInstanceOf(ClosedPoolException.class);
    }
  }

  @Test
  void connectionThatIsOpenedWhileThePoolIsClosedIsClosedToo() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      test.factory.beforeOpen = test.pool::close;

      assertThatThrownBy(test::lease).isInstanceOf(ClosedPoolException.class);

      assertThat(test.factory.opened()).hasSize(1).allMatch(FakeConnection::isClosed);
      assertThat(test.stats().closedBy())
          .containsExactlyEntriesOf(Map.of(CloseReason.SHUTDOWN, 1L));
      assertThat(test.stats().leased() + test.stats().dialing()).isZero();
    }
  }

  @Test
  void connectionThatIsFoundDeadWhileThePoolIsClosedIsNotReplaced() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      ConnectionLease kept = test.lease();
      kept.bodyEnded();
      TestPool.fake(kept).liveness = Liveness.CLOSED;
      TestPool.fake(kept).beforeProbe = test.pool::close;

      assertThatThrownBy(test::lease).isInstanceOf(ClosedPoolException.class);

      assertThat(test.factory.opened()).hasSize(1).allMatch(fake -> fake.closes() == 1);
      assertThat(test.stats().leased() + test.stats().dialing()).isZero();
    }
  }

  /** All closes meet at a barrier, and the leases come back in the same moment. */
  @Test
  void poolClosedByManyThreadsClosesEachConnectionOnce() throws Exception {
    for (int round = 0; round < 200; round++) {
      try (TestPool test = TestPool.blocking(4)) {
        List<ConnectionLease> leases = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          leases.add(test.lease());
        }
        leases.remove(0).bodyEnded();
        CyclicBarrier barrier = new CyclicBarrier(5);
        List<Call<Integer>> calls = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
          calls.add(
              test.inThread(
                  () -> {
                    int place = barrier.await(20, TimeUnit.SECONDS);
                    test.pool.close();
                    return place;
                  }));
        }
        for (ConnectionLease lease : leases) {
          calls.add(
              test.inThread(
                  () -> {
                    int place = barrier.await(20, TimeUnit.SECONDS);
                    lease.bodyEnded();
                    return place;
                  }));
        }
        for (Call<Integer> call : calls) {
          call.get();
        }

        assertThat(test.factory.opened())
            .hasSize(4)
            .allMatch(connection -> connection.closes() == 1);
        assertThat(test.stats().leased() + test.stats().idle()).isZero();
      }
    }
  }
}
