package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.ClosedPoolException;
import io.hostpool.error.EmptyPoolException;
import io.hostpool.error.HttpException;
import io.hostpool.internal.lease.ConnectionLease;
import io.hostpool.internal.lease.PendingAcquire;
import io.hostpool.internal.lease.PendingAcquire.State;
import io.hostpool.internal.lease.PoolKey;
import io.hostpool.internal.time.Deadline;
import io.hostpool.internal.time.FakeTicker;
import io.hostpool.internal.time.Ticker;
import io.hostpool.net.TlsConfig;
import io.hostpool.policy.WhenExhausted;
import io.hostpool.stats.AcquireOutcome;
import io.hostpool.stats.CloseReason;
import io.hostpool.stats.PoolStats;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The size of a pool and the limit of all pools are one decision with one line of threads. */
@Timeout(60)
class ConnectionLimitTest {

  private final FakeTicker ticker = new FakeTicker();
  private final Map<String, FakeConnectionFactory> hosts = new ConcurrentHashMap<>();
  private final RecordingPoolListener listener = new RecordingPoolListener();
  private PoolManager manager;

  @AfterEach
  void close() throws InterruptedException {
    manager.close();
    TestPool.assertLockComesFree(pool("a"));
  }

  @Test
  void limitBelowDemandKeepsConnectionsAlive() throws Exception {
    limit(2, b -> b.maxsize(10));
    PendingAcquire third;
    for (int i = 0; i < 100; i++) {
      ConnectionLease one = lease("a");
      ConnectionLease other = lease("a");
      third = queue("a");
      one.bodyEnded();
      assertThat(third.state()).isEqualTo(State.SERVED);
      other.bodyEnded();
      pool("a").store().abandon(third);
    }

    assertThat(pool("a").stats().opened()).isEqualTo(2);
  }

  @Test
  void connectionThatComesBackServesWhoWaitsForASlotInItsOwnPool() throws Exception {
    limit(1, b -> b.maxsize(10).block(true));
    ConnectionLease out = lease("a");
    PendingAcquire waiting = queue("a");

    out.bodyEnded();

    assertThat(waiting.state()).isEqualTo(State.SERVED);
    assertThat(pool("a").stats().opened()).isEqualTo(1);
  }

  @Test
  void idleConnectionThatWasClosedMakesNoRoomAgain() throws Exception {
    limit(1, b -> b.maxsize(10).idleTimeout(Duration.ofSeconds(1)));
    lease("a").bodyEnded();
    ticker.advance(Duration.ofSeconds(1));
    pool("a").source().upkeep().run();
    assertThat(pool("a").stats().closedBy()).containsEntry(CloseReason.IDLE, 1L);
    ConnectionLease out = lease("b");

    PendingAcquire waiting = queue("c");

    assertThat(waiting.state()).isEqualTo(State.QUEUED);
    pool("c").store().abandon(waiting);
    out.bodyEnded();
  }

  @Test
  void slotGoesToWhoeverArrivedFirstAcrossPools() throws Exception {
    limit(1, b -> b.maxsize(10));
    ConnectionLease out = lease("busy");
    PendingAcquire first = queue("other");
    PendingAcquire second = queue("busy");

    out.bodyEnded();

    assertThat(first.state()).isEqualTo(State.PERMITTED);
    assertThat(second.state()).isEqualTo(State.QUEUED);
    pool("other").store().abandon(first);
    assertThat(second.state()).isEqualTo(State.PERMITTED);
    assertThat(pool("busy").stats().closedBy()).containsEntry(CloseReason.YIELDED, 1L);
  }

  @Test
  void threadThatArrivedFirstKeepsTheConnectionOfItsOwnPool() throws Exception {
    limit(1, b -> b.maxsize(10));
    ConnectionLease out = lease("busy");
    PendingAcquire first = queue("busy");
    PendingAcquire second = queue("other");

    out.bodyEnded();

    assertThat(first.state()).isEqualTo(State.SERVED);
    assertThat(second.state()).isEqualTo(State.QUEUED);
    assertThat(pool("busy").stats().opened()).isEqualTo(1);
  }

  /** It could not use a slot, for its pool is full; the connection that comes back it can. */
  @Test
  void threadWhosePoolIsFullIsNotOvertakenOnTheConnectionOfItsPool() throws Exception {
    limit(1, b -> b.maxsize(1).block(true));
    ConnectionLease out = lease("full");
    PendingAcquire first = queue("full");
    PendingAcquire second = queue("other");

    out.bodyEnded();

    assertThat(first.state()).isEqualTo(State.SERVED);
    assertThat(second.state()).isEqualTo(State.QUEUED);
  }

  /** The size of its own pool stands in its way: others that came later may go first. */
  @Test
  void threadWhosePoolIsFullDoesNotHoldUpOtherPools() throws Exception {
    limit(2, b -> b.maxsize(1).block(true));
    lease("full");
    ConnectionLease out = lease("other");
    PendingAcquire full = queue("full");
    PendingAcquire later = queue("third");

    out.bodyEnded();

    assertThat(full.state()).isEqualTo(State.QUEUED);
    assertThat(later.state()).isEqualTo(State.PERMITTED);
  }

  /** Its pool is not full any more because its own connection made room for another pool. */
  @Test
  void threadBehindOneThatGaveItsConnectionAwayWaitsForASlotFromThenOn() throws Exception {
    limit(1, b -> b.maxsize(1).block(true));
    ConnectionLease out = lease("a");
    PendingAcquire elder = queue("b");
    PendingAcquire younger = queue("a");
    out.bodyEnded();
    assertThat(elder.state()).isEqualTo(State.PERMITTED);

    pool("b").store().abandon(elder);

    assertThat(younger.state()).isEqualTo(State.PERMITTED);
  }

  @Test
  void connectionThatLiesIdleLongestGivesWay() throws Exception {
    limit(3, b -> b.maxsize(10));
    lease("c").bodyEnded();
    lease("a").bodyEnded();
    lease("b").bodyEnded();
    lease("c").bodyEnded();

    lease("d");

    assertThat(hosts.get("a").open()).isEmpty();
    assertThat(hosts.get("b").open()).hasSize(1);
    assertThat(hosts.get("c").open()).hasSize(1);
  }

  @Test
  void connectionThatGivesWayIsClosedBeforeAnotherIsOpened() throws Exception {
    limit(1, b -> b);
    lease("a").bodyEnded();
    hosts.computeIfAbsent("b", host -> new FakeConnectionFactory()).beforeOpen =
        () -> assertThat(hosts.get("a").open()).isEmpty();

    lease("b");

    assertThat(hosts.get("b").open()).hasSize(1);
  }

  @Test
  void slotOfAConnectionThatIsClosedGoesOnAfterItIsClosed() throws Exception {
    limit(1, b -> b);
    ConnectionLease out = lease("a");
    PendingAcquire waiting = queue("b");
    hosts.get("a").onClose =
        () -> assertThat(waiting.state()).as("while it is closed").isEqualTo(State.QUEUED);

    out.bodyFailed();

    assertThat(waiting.state()).isEqualTo(State.PERMITTED);
  }

  /** It waits for a permit of its pool first and for a slot then: its time goes on. */
  @Test
  void poolTimeoutIsWaitedOnceForPermitAndSlot() throws Exception {
    limit(1, b -> b.maxsize(1).block(true).poolTimeout(Duration.ofSeconds(1)));
    ConnectionLease out = lease("a");
    queue("b");
    PendingAcquire waiting = queue("a");
    ticker.advance(Duration.ofMillis(900));
    out.bodyEnded();
    assertThat(waiting.state()).isEqualTo(State.QUEUED);

    ticker.advance(Duration.ofMillis(100));
    waiting.await(ticker, Long.MAX_VALUE);

    assertThat(pool("a").store().timedOut(waiting).lacksSlot()).isTrue();
  }

  @Test
  void waitForASlotShowsInTheNumbersAndEndsWithAnOutcomeOfItsOwn() throws Exception {
    limit(1, b -> b.ticker(Ticker.system()).poolTimeout(Duration.ofMillis(20)).listener(listener));
    lease("a");

    assertThatThrownBy(() -> lease("b"))
        .isInstanceOf(EmptyPoolException.class)
        .hasMessage(
            "b:80: connection limit reached: all pools share maxConnections=1, none freed within"
                + " 20 ms (active=0, idle=0, pending=1, max=1)");

    PoolStats stats = pool("b").stats();
    assertThat(stats.unserved()).containsExactlyEntriesOf(Map.of(AcquireOutcome.LIMIT, 1L));
    assertThat(stats.timeouts()).isEqualTo(1);
    assertThat(listener.events()).contains("failed limit");
  }

  @Test
  void queueForSlotsIsBoundedByMaxPending() throws Exception {
    limit(1, b -> b.maxPending(1));
    lease("a");
    queue("b");

    assertThatThrownBy(() -> lease("b"))
        .isInstanceOf(EmptyPoolException.class)
        .hasMessageContaining("the queue is full")
        .hasMessageEndingWith("; all pools share maxConnections=1");
    assertThat(pool("b").stats().timeouts()).isZero();
    assertThat(pool("b").stats().unserved()).containsEntry(AcquireOutcome.REJECTED, 1L);
  }

  @Test
  void poolThatFailsDoesNotWaitForASlot() throws Exception {
    limit(1, b -> b.maxsize(5).whenExhausted(WhenExhausted.FAIL));
    ConnectionLease out = lease("a");

    assertThatThrownBy(() -> lease("b")).isInstanceOf(EmptyPoolException.class);

    out.bodyEnded();
    assertThat(lease("b").isReused()).isFalse();
    assertThat(hosts.get("a").open()).isEmpty();
  }

  @Test
  void closeOfAPoolReachesWhoWaitsForASlot() throws Exception {
    limit(1, b -> b);
    ConnectionLease out = lease("a");
    PendingAcquire waiting = queue("b");

    pool("b").close();

    assertThat(waiting.state()).isEqualTo(State.CLOSED);
    out.bodyEnded();
    assertThat(pool("a").stats().idle()).isEqualTo(1);
  }

  @Test
  void closeWithTheLargestLimitCloses() throws Exception {
    limit(Integer.MAX_VALUE, b -> b);
    lease("a").bodyEnded();

    manager.close();

    assertThat(hosts.get("a").open()).isEmpty();
    assertThatThrownBy(() -> manager.request("GET", "http://a/"))
        .isInstanceOf(ClosedPoolException.class);
  }

  @Test
  void prewarmStopsAtTheLimitAndTakesNothingFromOthers() throws Exception {
    limit(3, b -> b.maxsize(10));
    lease("a").bodyEnded();

    int opened = pool("b").prewarm(5);

    assertThat(opened).isEqualTo(2);
    assertThat(hosts.get("a").open()).hasSize(1);
    assertThat(hosts.get("b").opened()).hasSize(2);
    assertThat(pool("b").stats().idle()).isEqualTo(2);
  }

  @Test
  void prewarmThatFailsHalfWayKeepsWhatItOpenedUntilItsTimeIsOver() throws Exception {
    limit(3, b -> b.maxsize(10).idleTimeout(Duration.ofSeconds(1)));
    FakeConnectionFactory factory = factory("a");
    factory.beforeOpen = () -> factory.refuses = !factory.opened().isEmpty();

    assertThatThrownBy(() -> pool("a").prewarm(3)).isInstanceOf(HttpException.class);

    assertThat(pool("a").stats().idle()).isEqualTo(1);
    ticker.advance(Duration.ofSeconds(1));
    pool("a").store().control().sweep();
    assertThat(factory.open()).isEmpty();
    assertThat(pool("a").store().limit().taken()).isZero();
  }

  @Test
  void connectionThatIsReplacedKeepsItsSlot() throws Exception {
    limit(1, b -> b);
    lease("a").bodyEnded();
    hosts.get("a").opened().get(0).close();

    lease("a").bodyEnded();

    assertThat(pool("a").stats().redialed()).isEqualTo(1);
    assertThat(pool("a").store().limit().taken()).isEqualTo(1);
  }

  @Test
  void sizeThatGrowsServesWaitersWithWhatOthersLeaveIdle() throws Exception {
    limit(2, b -> b.maxsize(1).block(true));
    lease("a");
    PendingAcquire waiting = queue("a");
    lease("b").bodyEnded();

    pool("a").resize(2);

    assertThat(waiting.state()).isEqualTo(State.PERMITTED);
    pool("a").store().abandon(waiting);
    assertThat(hosts.get("b").open()).isEmpty();
  }

  @Test
  void retiredPoolGivesItsSlotsToOthers() throws Exception {
    limit(1, b -> b);
    lease("a").bodyEnded();
    HttpConnectionPool a = pool("a");

    a.retire();

    assertThat(a.store().limit().taken()).isZero();
    assertThat(lease("b").isReused()).isFalse();
  }

  @Test
  void abandonedWaitsLeaveTheLineAsItWas() throws Exception {
    limit(1, b -> b);
    ConnectionLease out = lease("a");
    List<PendingAcquire> waiting = List.of(queue("b"), queue("c"), queue("d"));

    pool("b").store().timedOut(waiting.get(0));
    pool("c").store().abandon(waiting.get(1));
    out.bodyEnded();

    assertThat(waiting.get(2).state()).isEqualTo(State.PERMITTED);
    assertThat(pool("a").store().limit().queued()).isZero();
  }

  @Test
  void threadsThatAreServedOrRefusedNoLongerCountAsWaiting() throws Exception {
    limit(1, b -> b);
    ConnectionLease out = lease("a");
    PendingAcquire served = queue("a");
    PendingAcquire refused = queue("b");
    assertThat(pool("a").store().limit().queued()).isEqualTo(2);

    out.bodyEnded();
    pool("b").close();

    assertThat(served.state()).isEqualTo(State.SERVED);
    assertThat(refused.state()).isEqualTo(State.CLOSED);
    assertThat(pool("a").store().limit().queued()).isZero();
  }

  private void limit(int maxConnections, UnaryOperator<PoolManager.Builder> settings) {
    manager =
        settings
            .apply(
                PoolManager.builder()
                    .maxConnections(maxConnections)
                    .ticker(ticker)
                    .poolTimeout(ChronoUnit.FOREVER.getDuration())
                    .connectionFactory(endpoint -> factory(endpoint.host())))
            .build();
  }

  private FakeConnectionFactory factory(String host) {
    return hosts.computeIfAbsent(host, unknown -> new FakeConnectionFactory());
  }

  private HttpConnectionPool pool(String host) {
    return manager.pool(new PoolKey("http", host, 80, TlsConfig.defaults()));
  }

  private ConnectionLease lease(String host) throws HttpException {
    return pool(host).source().lease(1, Deadline.none());
  }

  private PendingAcquire queue(String host) throws HttpException {
    return TestPool.queue(pool(host).store());
  }
}
