package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostpool.internal.lease.Books;
import io.hostpool.internal.lease.Chain;
import io.hostpool.internal.lease.ConnectionLease;
import io.hostpool.internal.lease.ConnectionStore;
import io.hostpool.internal.lease.EarliestFirst;
import io.hostpool.internal.lease.IdleConnections;
import io.hostpool.internal.lease.PendingAcquire;
import io.hostpool.internal.lease.PooledConnection;
import io.hostpool.internal.lease.Use;
import io.hostpool.internal.time.Durations;
import io.hostpool.stats.CloseReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many idle connections are swept a slice at a time, whatever happens between two slices. */
@Timeout(60)
class IdleConnectionsTest {

  private static final int SLICE = IdleConnections.SLICE;
  private static final int MANY = 3 * SLICE + 7;

  /** The connections of a filled pool, the oldest first. */
  private final List<PooledConnection> pooled = new ArrayList<>();

  @Test
  void moreThanASliceIsSweptInOneGo() throws Exception {
    try (TestPool test = filled(MANY)) {
      assertThat(test.sweepIdleAfter(Duration.ofMinutes(2))).isZero();
      assertThat(test.factory.open()).isEmpty();
    }
  }

  @Test
  void moreThanASliceIsClosedByASmallerSizeAndByTheEnd() throws Exception {
    try (TestPool test = filled(MANY)) {
      test.pool.resize(MANY - IdleConnections.SLICE - 1);
      assertThat(test.stats().idle()).isEqualTo(MANY - IdleConnections.SLICE - 1);
      test.pool.resize(1);
      assertThat(test.stats().idle()).isEqualTo(1);
    }
    TestPool test = filled(MANY);
    test.close();
    assertThat(test.factory.open()).isEmpty();
  }

  @Test
  void sliceHoldsTheLockForSomeHundredConnectionsOnly() throws Exception {
    try (TestPool test = filled(MANY)) {
      Books books = books(test);
      test.ticker.advance(Duration.ofMinutes(2));
      IdleConnections.Pass pass = pass(test);
      Chain<PooledConnection> gone = new Chain<>();

      assertThat(books.idle.removeOverdue(pass, gone)).isTrue();

      assertThat(gone.size()).isEqualTo(IdleConnections.SLICE);
      closeAll(gone);
    }
  }

  @Test
  void passLooksAtEachConnectionOnce() throws Exception {
    try (TestPool test = filled(SLICE + 10)) {
      IdleConnections.Pass pass = firstSlice(test);
      pooled.get(0).keepAlive(0);
      pooled.get(SLICE + 5).keepAlive(0);

      assertThat(restOf(pass, test)).containsExactly(pooled.get(SLICE + 5));
    }
  }

  /** Between two slices the newest were taken, down into what the first slice has seen. */
  @Test
  void passGoesOnWhereItStoodWhenTheNewestWereTaken() throws Exception {
    try (TestPool test = filled(SLICE + 10)) {
      IdleConnections.Pass pass = firstSlice(test);
      pooled.get(0).keepAlive(0);
      List<ConnectionLease> taken = take(test, 20);
      for (ConnectionLease one : taken.subList(0, 5)) {
        one.keepAlive(0);
        one.bodyEnded();
      }

      assertThat(restOf(pass, test))
          .extracting(PooledConnection::connection)
          .containsExactlyElementsOf(
              taken.subList(0, 5).stream().map(ConnectionLease::connection).toList());
      assertThat(pass.nextNanos()).isNotEqualTo(Durations.NO_LIMIT);
      taken.subList(5, 20).forEach(ConnectionLease::bodyEnded);
    }
  }

  @Test
  void passLooksAtTheLastOneAgainThatWasTakenAndCameBack() throws Exception {
    try (TestPool test = filled(SLICE + 10)) {
      IdleConnections.Pass pass = firstSlice(test);
      List<ConnectionLease> taken = take(test, 11);
      pooled.get(SLICE - 1).keepAlive(0);
      taken.get(10).bodyEnded();

      assertThat(restOf(pass, test)).containsExactly(pooled.get(SLICE - 1));
      taken.subList(0, 10).forEach(ConnectionLease::bodyEnded);
    }
  }

  @Test
  void passGoesOnWhereItStoodWhenTheOldestGaveWay() throws Exception {
    try (TestPool test = filled(SLICE + 10)) {
      IdleConnections.Pass pass = firstSlice(test);
      Chain<PooledConnection> gone = new Chain<>();
      books(test).idle.removeOldest(SLICE, CloseReason.YIELDED, gone);
      closeAll(gone);
      pooled.get(SLICE).keepAlive(0);

      assertThat(restOf(pass, test)).containsExactly(pooled.get(SLICE));
      assertThat(test.stats().idle()).isEqualTo(9);
    }
  }

  /** Begins a pass, whose first slice finds nothing. */
  private static IdleConnections.Pass firstSlice(TestPool test) {
    IdleConnections.Pass pass = pass(test);
    Chain<PooledConnection> gone = new Chain<>();
    assertThat(books(test).idle.removeOverdue(pass, gone)).isTrue();
    assertThat(gone.isEmpty()).isTrue();
    return pass;
  }

  /** Returns what the second slice, which is the last, takes out. */
  private static List<PooledConnection> restOf(IdleConnections.Pass pass, TestPool test) {
    Chain<PooledConnection> gone = new Chain<>();
    assertThat(books(test).idle.removeOverdue(pass, gone)).as("it goes on").isFalse();
    List<PooledConnection> all = new ArrayList<>();
    for (PooledConnection one = gone.pollOldest(); one != null; one = gone.pollOldest()) {
      one.connection().close();
      all.add(one);
    }
    return all;
  }

  private static List<ConnectionLease> take(TestPool test, int count) throws Exception {
    List<ConnectionLease> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      taken.add(test.lease());
    }
    return taken;
  }

  @Test
  void heapGivesTheSmallestFirstWhateverIsPutMovedAndRemoved() {
    SplittableRandom random = new SplittableRandom(7);
    EarliestFirst<Integer> heap = new EarliestFirst<>();
    TreeMap<Long, Integer> model = new TreeMap<>();
    List<EarliestFirst.Entry<Integer>> entries = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      entries.add(new EarliestFirst.Entry<>(i));
    }
    long unique = 0;
    for (int step = 0; step < 20_000; step++) {
      EarliestFirst.Entry<Integer> entry = entries.get(random.nextInt(entries.size()));
      if (entry.isIn()) {
        model.remove(entry.key());
      }
      if (random.nextInt(3) == 0) {
        heap.remove(entry);
      } else {
        long key = random.nextInt(1000) * 100_000L + unique++ % 100_000;
        if (model.containsKey(key)) {
          heap.remove(entry);
          continue;
        }
        heap.put(entry, key);
        model.put(key, entries.indexOf(entry));
      }

      assertThat(heap.isEmpty()).isEqualTo(model.isEmpty());
      if (!model.isEmpty()) {
        assertThat(heap.firstKey()).isEqualTo(model.firstKey());
        assertThat(heap.first()).isEqualTo(model.firstEntry().getValue());
      }
    }
  }

  /** What takes the hole comes from another branch, and is smaller than what is above the hole. */
  @Test
  void heapThatLosesOneInTheMiddleKeepsItsOrder() {
    EarliestFirst<Long> heap = new EarliestFirst<>();
    List<EarliestFirst.Entry<Long>> entries = new ArrayList<>();
    for (long key : new long[] {0, 10, 1, 11, 12, 2, 3, 20, 21, 22, 23, 4, 30, 31, 5}) {
      EarliestFirst.Entry<Long> entry = new EarliestFirst.Entry<>(key);
      heap.put(entry, key);
      entries.add(entry);
    }

    heap.remove(entries.remove(7));

    List<Long> order = new ArrayList<>();
    while (!heap.isEmpty()) {
      Long first = heap.first();
      order.add(first);
      entries.stream().filter(entry -> entry.key() == first).forEach(heap::remove);
    }
    assertThat(order).isSorted().hasSize(14);
  }

  private TestPool filled(int count) throws Exception {
    TestPool test = new TestPool(b -> b.maxsize(count).idleTimeout(Duration.ofMinutes(1)));
    ConnectionStore store = test.pool.store();
    for (int i = 0; i < count; i++) {
      PendingAcquire ahead = new PendingAcquire();
      store.control().permitAhead(ahead, count);
      test.pool.source().dialer().dial(ahead, 1, io.hostpool.internal.time.Deadline.none());
      pooled.add(ahead.connection());
      store.release(ahead.takeConnection(), null, Use.NONE);
    }
    return test;
  }

  private static IdleConnections.Pass pass(TestPool test) {
    return new IdleConnections.Pass(test.ticker.nanos(), Duration.ofMinutes(1).toNanos());
  }

  private static Books books(TestPool test) {
    return test.pool.store().books();
  }

  private static void closeAll(Chain<PooledConnection> gone) {
    for (PooledConnection one = gone.pollOldest(); one != null; one = gone.pollOldest()) {
      one.connection().close();
    }
  }
}
