package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostpool.internal.lease.ConnectionStore;
import io.hostpool.internal.lease.PendingAcquire;
import io.hostpool.internal.lease.PendingAcquire.State;
import io.hostpool.internal.lease.PooledConnection;
import io.hostpool.internal.lease.Use;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many threads on few connections, simulated on one thread with a clock that stands still. */
class FairnessTest {

  private static final int THREADS = 64;
  private static final int CONNECTIONS = 4;
  private static final int ROUNDS = 50;
  private static final Duration REQUEST = Duration.ofMillis(10);

  @Test
  void longestWaitIsAtMostThreeTimesTheMedian() throws Exception {
    try (TestPool test = TestPool.blocking(CONNECTIONS)) {
      long[] waits = simulate(test);

      Arrays.sort(waits);
      long median = waits[waits.length / 2];
      long longest = waits[waits.length - 1];
      assertThat(median).isPositive();
      assertThat((double) longest / median).isLessThanOrEqualTo(3);
    }
  }

  @Test
  void positionInTheQueueBoundsTheWait() throws Exception {
    try (TestPool test = TestPool.blocking(CONNECTIONS)) {
      long[] waits = simulate(test);

      long turns = (THREADS - CONNECTIONS) / CONNECTIONS + 1;
      assertThat(Arrays.stream(waits).max().getAsLong())
          .isLessThanOrEqualTo(turns * REQUEST.toNanos());
    }
  }

  /** Each thread asks again as soon as it is served: newcomers always stand ready to barge. */
  private static long[] simulate(TestPool test) throws Exception {
    ConnectionStore store = test.pool.store();
    List<PooledConnection> out = new ArrayList<>();
    Deque<Waiting> waiting = new ArrayDeque<>();
    for (int i = 0; i < THREADS; i++) {
      ask(test, out, waiting);
    }
    List<Long> waits = new ArrayList<>();
    for (int round = 0; round < ROUNDS * THREADS / CONNECTIONS; round++) {
      test.ticker.advance(REQUEST);
      List<PooledConnection> done = new ArrayList<>(out);
      out.clear();
      for (PooledConnection connection : done) {
        store.release(connection, null, Use.REUSED);
        ask(test, out, waiting);
      }
      while (!waiting.isEmpty() && waiting.peekFirst().pending.state() == State.SERVED) {
        Waiting served = waiting.pollFirst();
        waits.add(test.ticker.nanos() - served.since);
        out.add(served.pending.takeConnection());
      }
    }
    assertThat(waits).hasSizeGreaterThan(ROUNDS * THREADS / 2);
    return waits.stream().mapToLong(Long::longValue).toArray();
  }

  private record Waiting(PendingAcquire pending, long since) {}

  private static void ask(TestPool test, List<PooledConnection> out, Deque<Waiting> waiting)
      throws Exception {
    ConnectionStore store = test.pool.store();
    PooledConnection idle = store.takeIdle();
    if (idle != null) {
      out.add(idle);
      return;
    }
    PendingAcquire pending = test.queue();
    if (pending.state() == State.QUEUED) {
      waiting.addLast(new Waiting(pending, test.ticker.nanos()));
    } else {
      out.add(test.open(pending));
    }
  }
}
