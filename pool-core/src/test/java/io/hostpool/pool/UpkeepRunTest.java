package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.http.Url;
import io.hostpool.internal.lease.ConnectionLease;
import io.hostpool.internal.lease.LeaseConfig;
import io.hostpool.internal.lease.PendingAcquire;
import io.hostpool.internal.time.Deadline;
import io.hostpool.internal.time.FakeTicker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a run of the upkeep decides, stepped with a clock that stands still. */
@Timeout(60)
class UpkeepRunTest {

  private static final Duration UNUSED = Duration.ofSeconds(8);
  private static final Duration WARM = Duration.ofMinutes(10);
  private static final Duration MOMENT = Duration.ofNanos(1);

  private final FakeTicker ticker = new FakeTicker();
  private final FakeConnectionFactory factory = new FakeConnectionFactory();

  /** How often a thread was asked for, to open connections ahead of need. */
  private final AtomicInteger starts = new AtomicInteger();

  private Error noThread;
  private PoolManager manager;

  @AfterEach
  void close() {
    manager.close();
  }

  private HttpConnectionPool pool(UnaryOperator<PoolManager.Builder> settings) {
    ticker.advance(Duration.ofDays(1));
    LeaseConfig.Seams onThisThread =
        LeaseConfig.Seams.NONE.withDialThreads(
            task -> {
              starts.incrementAndGet();
              if (noThread != null) {
                throw noThread;
              }
              task.run();
            });
    manager =
        settings
            .apply(PoolManager.builder().maxsize(5).ticker(ticker).seams(onThisThread))
            .connectionFactory(endpoint -> factory)
            .build();
    return manager.connectionFromUrl("http://host/");
  }

  private static void run(HttpConnectionPool pool) {
    pool.source().upkeep().run();
  }

  @Test
  void poolIsDroppedWhenItsTimeIsOverAndNotBefore() throws Exception {
    HttpConnectionPool pool = pool(b -> b.unusedPoolTimeout(UNUSED));
    ticker.advance(UNUSED.minus(MOMENT));
    run(pool);
    assertThat(manager.poolCount()).isEqualTo(1);

    ticker.advance(MOMENT);
    run(pool);

    assertThat(manager.poolCount()).isZero();
  }

  @Test
  void poolWithoutThatTimeLimitIsNeverDropped() throws Exception {
    HttpConnectionPool pool = pool(b -> b);

    ticker.advance(Duration.ofDays(10_000));
    run(pool);

    assertThat(manager.poolCount()).isEqualTo(1);
  }

  @Test
  void poolWhoseConnectionIsOutCountsAsUsed() throws Exception {
    HttpConnectionPool pool = pool(b -> b.unusedPoolTimeout(UNUSED));
    ConnectionLease out = pool.source().lease(1, Deadline.none());
    ticker.advance(UNUSED);
    run(pool);
    out.bodyFailed();
    run(pool);
    ticker.advance(UNUSED.minus(MOMENT));
    run(pool);

    assertThat(manager.poolCount()).isEqualTo(1);
  }

  @Test
  void connectionsAreKeptIdleForTenMinutesAfterTheLastUse() throws Exception {
    HttpConnectionPool pool = pool(b -> b.minIdle(2).idleTimeout(MOMENT));
    run(pool);
    assertThat(factory.opened()).as("of a pool that was never used").isEmpty();
    pool.urlopen("GET", "/");
    run(pool);
    assertThat(pool.stats().idle()).isEqualTo(2);

    ticker.advance(WARM.minus(MOMENT));
    run(pool);
    assertThat(pool.stats().idle()).isEqualTo(2);
    assertThat(factory.opened()).hasSize(4);

    ticker.advance(MOMENT);
    run(pool);
    assertThat(pool.stats().idle()).isZero();
  }

  @Test
  void poolThatKeepsNoneIdleStartsNoThread() throws Exception {
    HttpConnectionPool pool = pool(b -> b);
    pool.urlopen("GET", "/");

    run(pool);

    assertThat(starts).hasValue(0);
    assertThat(pool.store().control().isShortOfIdle(0)).isFalse();
    assertThat(pool.store().control().permitIdle(new PendingAcquire(), 0)).isFalse();
  }

  @Test
  void connectionsAreOpenedAheadOfNeedAfterAThreadCouldNotBeStarted() throws Exception {
    HttpConnectionPool pool = pool(b -> b.minIdle(2));
    pool.urlopen("GET", "/");
    noThread = new OutOfMemoryError("unable to create native thread, says the test");
    assertThatThrownBy(() -> run(pool)).isSameAs(noThread);

    noThread = null;
    run(pool);

    assertThat(pool.stats().idle()).isEqualTo(2);
  }

  /** The thread is still at it when the next run comes. */
  @Test
  void connectionsAreOpenedAheadOfNeedByOneThreadAtATime() throws Exception {
    HttpConnectionPool pool = pool(b -> b.minIdle(2));
    pool.urlopen("GET", "/");
    factory.beforeOpen = () -> run(pool);

    run(pool);

    assertThat(starts).hasValue(1);
    assertThat(pool.stats().idle()).isEqualTo(2);
  }

  @Test
  void poolThatIsThereIsWarmFromTheMomentItIsToldTo() throws Exception {
    HttpConnectionPool pool = pool(b -> b.minIdle(2));

    manager.warmUp(Url.parse("http://host/"));
    run(pool);

    assertThat(pool.stats().idle()).isEqualTo(2);
  }

  @Test
  void poolThatIsMadeAgainIsWarmAsBefore() throws Exception {
    HttpConnectionPool evicted = pool(b -> b.numPools(1).minIdle(2));
    manager.warmUp(Url.parse("http://host/"));
    manager.connectionFromUrl("http://other/");

    HttpConnectionPool again = manager.connectionFromUrl("http://host/");
    run(again);

    assertThat(again).isNotSameAs(evicted);
    assertThat(again.stats().idle()).isEqualTo(2);
  }

  @Test
  void hostIsNotWarmedWhereNoneIsKeptIdle() throws Exception {
    pool(b -> b);

    manager.warmUp(Url.parse("http://other/"));

    assertThat(manager.poolCount()).isEqualTo(1);
  }
}
