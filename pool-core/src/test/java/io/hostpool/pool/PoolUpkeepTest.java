package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostpool.Session;
import io.hostpool.adapter.HttpAdapter;
import io.hostpool.internal.lease.ConnectionLease;
import io.hostpool.internal.lease.LeaseConfig;
import io.hostpool.internal.time.Deadline;
import io.hostpool.internal.time.Durations;
import io.hostpool.policy.ReusePolicy;
import io.hostpool.stats.CloseReason;
import io.hostpool.stats.PoolState;
import io.hostpool.testkit.Eventually;
import io.hostpool.testkit.LoopbackServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a pool does by itself: these tests wait for it and assert no duration. */
@Timeout(120)
class PoolUpkeepTest {

  private final LoopbackServer server =
      LoopbackServer.start(exchange -> exchange.respond(200, "ok"));
  private final List<AutoCloseable> made = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : made) {
      one.close();
    }
    server.close();
  }

  private PoolManager manager(UnaryOperator<PoolManager.Builder> settings) {
    PoolManager manager = settings.apply(PoolManager.builder().maxsize(5)).build();
    made.add(manager);
    return manager;
  }

  @Test
  void poolThatIsUsedKeepsConnectionsIdleAheadOfNeed() throws Exception {
    HttpConnectionPool pool = manager(b -> b.minIdle(3)).connectionFromUrl(server.url("/"));

    pool.urlopen("GET", "/");

    Eventually.until("three are idle", () -> pool.stats().idle() == 3);
    Eventually.until("the server has them", () -> server.accepted() == 3);
    assertThat(pool.stats().opened()).isEqualTo(3);
  }

  /** While it was out the pool was full; what was to be done then has been done in vain. */
  @Test
  void connectionThatBreaksIsReplacedAheadOfNeed() throws Exception {
    FakeConnectionFactory factory = new FakeConnectionFactory();
    AtomicInteger tries = new AtomicInteger();
    LeaseConfig.Seams counting =
        LeaseConfig.Seams.NONE.withDialThreads(
            task -> {
              task.run();
              tries.incrementAndGet();
            });
    HttpConnectionPool pool =
        manager(
                b ->
                    b.maxsize(1)
                        .block(true)
                        .minIdle(1)
                        .connectionFactory(endpoint -> factory)
                        .seams(counting))
            .connectionFromUrl("http://host/");
    ConnectionLease out = pool.source().lease(1, Deadline.none());
    Eventually.until("it was tried in vain", () -> tries.get() == 1);

    out.bodyFailed();

    Eventually.until("another is idle", () -> pool.stats().idle() == 1);
    assertThat(factory.opened()).hasSize(2);
  }

  @Test
  void poolThatWasNeverUsedOpensNothing() throws Exception {
    PoolManager manager = manager(b -> b.minIdle(3));
    HttpConnectionPool used = manager.connectionFromUrl(server.url("/"));
    HttpConnectionPool unused = manager.connectionFromHost("localhost", server.port(), "http");

    used.urlopen("GET", "/");

    Eventually.until("the used one is warm", () -> used.stats().idle() == 3);
    assertThat(unused.stats().created()).isZero();
  }

  @Test
  void connectionsAboveTheIdleTimeoutAreReplaced() throws Exception {
    HttpConnectionPool pool =
        manager(b -> b.minIdle(2).idleTimeout(Duration.ofMillis(100)))
            .connectionFromUrl(server.url("/"));
    pool.urlopen("GET", "/");

    Eventually.until(
        "some were closed and others opened",
        () -> pool.stats().closedBy().getOrDefault(CloseReason.IDLE, 0L) >= 4);
    Eventually.until("two are idle", () -> pool.stats().idle() == 2);
  }

  @Test
  void connectionsThatAreOutDoNotCountAsIdle() throws Exception {
    HttpConnectionPool pool = manager(b -> b.minIdle(2)).connectionFromUrl(server.url("/"));
    try (var out = pool.urlopen("GET", "/", r -> r.stream(true))) {
      try (var second = pool.urlopen("GET", "/", r -> r.stream(true))) {
        Eventually.until("two are idle beside", () -> pool.stats().idle() == 2);
        assertThat(out.status() + second.status()).isEqualTo(400);
      }
    }
  }

  @Test
  void idleConnectionsAheadOfNeedStayWithinTheSize() throws Exception {
    HttpConnectionPool pool =
        manager(b -> b.maxsize(2).minIdle(5)).connectionFromUrl(server.url("/"));
    pool.urlopen("GET", "/");

    Eventually.until("two are idle", () -> pool.stats().idle() == 2);

    pool.urlopen("GET", "/");
    assertThat(pool.stats().opened()).isEqualTo(2);
  }

  @Test
  void idleConnectionsAheadOfNeedGiveWayUnderTheLimitOfAllPools() throws Exception {
    PoolManager manager = manager(b -> b.minIdle(3).maxConnections(3));
    HttpConnectionPool pool = manager.connectionFromUrl(server.url("/"));
    pool.urlopen("GET", "/");
    Eventually.until("three are idle", () -> pool.stats().idle() == 3);

    HttpConnectionPool other = manager.connectionFromHost("localhost", server.port(), "http");
    try (var out = other.urlopen("GET", "/", r -> r.stream(true))) {
      assertThat(out.status()).isEqualTo(200);
      assertThat(pool.stats().idle()).isEqualTo(2);
      assertThat(pool.store().limit().taken()).isEqualTo(3);
    }
  }

  @Test
  void mountThatNamesOneHostIsWarmBeforeTheFirstRequest() {
    Session session =
        Session.builder().mount(server.url("/"), HttpAdapter.builder().minIdle(2).build()).build();
    made.add(session);

    Eventually.until("two connections are open", () -> server.open() == 2);

    assertThat(session.pools()).hasSize(1);
    assertThat(session.pools().get(0).requests()).isZero();
  }

  @Test
  void mountThatIsAddedLaterIsWarmToo() {
    Session session = Session.create();
    made.add(session);

    session.mount(server.url("/api/"), HttpAdapter.builder().minIdle(2).build());

    Eventually.until("two connections are open", () -> server.open() == 2);
  }

  @Test
  void mountThatNamesNoHostOpensNothing() {
    HttpAdapter adapter = HttpAdapter.builder().minIdle(2).build();
    Session session = Session.builder().mount("http://", adapter).build();
    made.add(session);

    assertThat(adapter.poolCount()).isZero();
  }

  @Test
  void hostThatRefusesIsTriedAgainUntilItListens() throws Exception {
    int port = server.port();
    AtomicInteger failed = new AtomicInteger();
    FakeConnectionFactory factory = new FakeConnectionFactory();
    factory.refuses = true;
    PoolManager manager = manager(b -> b.minIdle(1).connectionFactory(endpoint -> factory));
    HttpConnectionPool pool = manager.connectionFromHost("host", port, "http");
    pool.source().upkeep().keepWarm();
    Eventually.until("it failed", () -> pool.stats().failedDials() > failed.get());

    factory.refuses = false;

    Eventually.until("one is idle", () -> pool.stats().idle() == 1);
  }

  @Test
  void poolThatIsNotUsedForLongIsDropped() throws Exception {
    RecordingPoolListener listener = new RecordingPoolListener();
    PoolManager manager =
        manager(
            b ->
                b.unusedPoolTimeout(Duration.ofMillis(200))
                    .idleTimeout(Duration.ofMillis(50))
                    .listener(listener));
    HttpConnectionPool held = manager.connectionFromUrl(server.url("/"));
    held.urlopen("GET", "/");

    // The listener is told after the pool has left the manager.
    String removed = "removed " + held.stats().key();
    Eventually.until("it is dropped", () -> listener.events().contains(removed));

    assertThat(manager.poolCount()).isZero();
    assertThat(held.urlopen("GET", "/").status()).isEqualTo(200);
  }

  @Test
  void poolWhoseResponseIsOutIsNotDropped() throws Exception {
    PoolManager manager = manager(b -> b.unusedPoolTimeout(Duration.ofMillis(50)));
    HttpConnectionPool pool = manager.connectionFromUrl(server.url("/"));
    HttpConnectionPool other = manager.connectionFromHost("localhost", server.port(), "http");
    try (var out = pool.urlopen("GET", "/", r -> r.stream(true))) {
      Eventually.until("the other is dropped", () -> manager.poolCount() == 1);

      assertThat(out.status()).isEqualTo(200);
      assertThat(manager.pools().get(0).key()).isEqualTo(pool.stats().key());
      assertThat(other.stats().state()).isEqualTo(PoolState.RETIRED);
    }
  }

  @Test
  void connectionIsClosedAfterItsLastUse() throws Exception {
    HttpConnectionPool pool = manager(b -> b.maxUses(3)).connectionFromUrl(server.url("/"));

    for (int i = 0; i < 7; i++) {
      pool.urlopen("GET", "/");
    }

    assertThat(server.accepted()).isEqualTo(3);
    assertThat(pool.stats().closedBy()).containsEntry(CloseReason.USES, 2L);
  }

  @Test
  void usedConnectionsAreTakenInTurnByFifo() throws Exception {
    try (TestPool test = new TestPool(b -> b.maxsize(3).reusePolicy(ReusePolicy.FIFO))) {
      List<ConnectionLease> leases = List.of(test.lease(), test.lease(), test.lease());
      leases.forEach(ConnectionLease::bodyEnded);

      for (int i = 0; i < 6; i++) {
        ConnectionLease lease = test.lease();
        assertThat(TestPool.fake(lease)).isSameAs(TestPool.fake(leases.get(i % 3)));
        lease.bodyEnded();
      }
    }
  }

  @Test
  void connectionIsUsedForFiveMinutesByDefault() throws Exception {
    try (TestPool test = new TestPool(b -> b.idleTimeout(Duration.ofDays(1)))) {
      test.lease().bodyEnded();
      test.ticker.advance(Duration.ofSeconds(269));
      assertThat(test.lease().isReused()).isTrue();
    }
    try (TestPool test = new TestPool(b -> b.idleTimeout(Duration.ofDays(1)))) {
      test.lease().bodyEnded();
      test.ticker.advance(Duration.ofMinutes(5));
      assertThat(test.lease().isReused()).isFalse();
    }
  }

  @Test
  void lifetimeOfZeroIsNoLimit() throws Exception {
    try (TestPool test =
        new TestPool(b -> b.idleTimeout(Duration.ofDays(900)).maxLifetime(Duration.ZERO))) {
      test.lease().bodyEnded();
      test.ticker.advance(Duration.ofDays(800));

      assertThat(test.lease().isReused()).isTrue();
    }
  }

  @Test
  void shortPromiseOfTheServerIsNotUsedToTheEnd() throws Exception {
    try (TestPool test = TestPool.overflowing(1)) {
      ConnectionLease lease = test.lease();
      lease.keepAlive(Duration.ofSeconds(1).toNanos());
      lease.bodyEnded();
      test.ticker.advance(Duration.ofMillis(800));

      assertThat(test.lease().isReused()).isFalse();
    }
  }

  @Test
  void promiseThatEndsEarlierThanWhatIsPlannedIsKeptAllTheSame() throws Exception {
    try (TestPool test = new TestPool(b -> b.maxsize(2).idleTimeout(Duration.ofDays(1)))) {
      ConnectionLease first = test.lease();
      ConnectionLease second = test.lease();
      first.bodyEnded();
      second.keepAlive(Duration.ofSeconds(1).toNanos());
      second.bodyEnded();

      assertThat(test.sweepIdleAfter(Duration.ofMillis(800))).isEqualTo(1);
      assertThat(test.pool.store().control().sweep()).isNotEqualTo(Durations.NO_LIMIT);
    }
  }
}
