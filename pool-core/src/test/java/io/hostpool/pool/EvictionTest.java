package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import io.hostpool.CapturedLog;
import io.hostpool.error.ClosedPoolException;
import io.hostpool.error.EmptyPoolException;
import io.hostpool.error.NewConnectionException;
import io.hostpool.internal.lease.ConnectionLease;
import io.hostpool.internal.lease.PendingAcquire;
import io.hostpool.internal.lease.PendingAcquire.State;
import io.hostpool.internal.lease.PoolKey;
import io.hostpool.internal.time.Deadline;
import io.hostpool.internal.time.FakeTicker;
import io.hostpool.internal.time.Ticker;
import io.hostpool.net.TlsConfig;
import io.hostpool.policy.WhenExhausted;
import io.hostpool.stats.CloseReason;
import io.hostpool.stats.PoolState;
import io.hostpool.stats.PoolStats;
import io.hostpool.testkit.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pools come, go and share; requests notice nothing of it. */
@Timeout(60)
class EvictionTest {

  private final FakeTicker ticker = new FakeTicker();
  private final Map<String, FakeConnectionFactory> hosts = new ConcurrentHashMap<>();
  private final List<PoolManager> managers = new ArrayList<>();

  @AfterEach
  void close() {
    managers.forEach(PoolManager::close);
  }

  @Test
  void evictedPoolStillServesThreadThatHoldsIt() throws Exception {
    PoolManager manager = manager(1, b -> b);
    HttpConnectionPool held = manager.connectionFromUrl("http://a/");
    manager.connectionFromUrl("http://b/");

    assertThat(held.urlopen("GET", "/").status()).isEqualTo(200);

    assertThat(held.stats().state()).isEqualTo(PoolState.RETIRED);
    assertThat(hosts.get("a").open()).isEmpty();
  }

  @Test
  void idleConnectionsOfAnEvictedPoolCloseAtOnce() throws Exception {
    PoolManager manager = manager(1, b -> b);
    manager.request("GET", "http://a/");

    manager.request("GET", "http://b/");

    assertThat(hosts.get("a").opened()).hasSize(1);
    assertThat(hosts.get("a").open()).isEmpty();
  }

  @Test
  void leasedConnectionOfAnEvictedPoolClosesWhenItComesBack() throws Exception {
    PoolManager manager = manager(1, b -> b);
    HttpConnectionPool pool = manager.connectionFromUrl("http://a/");
    ConnectionLease lease = lease(pool);
    manager.connectionFromUrl("http://b/");
    assertThat(hosts.get("a").open()).hasSize(1);

    lease.bodyEnded();

    assertThat(hosts.get("a").open()).isEmpty();
    assertThat(pool.stats().closedBy()).containsEntry(CloseReason.EVICTED, 1L);
  }

  @Test
  void poolIsOfTheKindOfItsScheme() {
    try (HttpsConnectionPool pool =
        HttpsConnectionPool.builder("a").tls(TlsConfig.defaults()).maxsize(2).build()) {
      assertThat(pool.poolKey()).isEqualTo(new PoolKey("https", "a", 443, TlsConfig.defaults()));
      assertThat(pool.capacity().maxsize()).isEqualTo(2);
    }
    try (PoolManager manager = PoolManager.create(2)) {
      assertThat(manager.connectionFromUrl("https://a/")).isInstanceOf(HttpsConnectionPool.class);
      assertThat(manager.connectionFromUrl("http://a/")).isNotInstanceOf(HttpsConnectionPool.class);
    }
  }

  @Test
  void usingAPoolKeepsItFromEviction() throws Exception {
    PoolManager manager = manager(2, b -> b);
    manager.request("GET", "http://a/");
    manager.request("GET", "http://b/");
    manager.request("GET", "http://a/");

    manager.request("GET", "http://c/");

    assertThat(manager.pools())
        .extracting(PoolStats::key)
        .containsExactlyInAnyOrder("http://a:80", "http://c:80");
  }

  /** Upstream: test_thread_safty. */
  @Test
  void threadsThatAskForOneHostAtOnceGetOnePool() throws Exception {
    PoolManager manager = manager(5, b -> b);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 50; round++) {
        String url = "http://h" + round + "/";
        CyclicBarrier together = new CyclicBarrier(4);
        List<Future<HttpConnectionPool>> pools = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          pools.add(
              threads.submit(
                  () -> {
                    together.await();
                    return manager.connectionFromUrl(url);
                  }));
        }
        HttpConnectionPool first = pools.get(0).get();
        for (Future<HttpConnectionPool> pool : pools) {
          assertThat(pool.get()).isSameAs(first);
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void closedManagerLetsAResponseInFlightFinish() throws Exception {
    PoolManager manager = manager(1, b -> b);
    ConnectionLease lease = lease(manager.connectionFromUrl("http://a/"));

    manager.close();

    assertThat(hosts.get("a").open()).hasSize(1);
    lease.bodyEnded();
    assertThat(hosts.get("a").open()).isEmpty();
    assertThatThrownBy(() -> manager.request("GET", "http://a/"))
        .isInstanceOf(ClosedPoolException.class);
  }

  @Test
  void poolsThatAreMadeAgainAtOnceAreWarnedOfOnceAMinute() throws Exception {
    PoolManager manager = manager(1, b -> b);
    try (CapturedLog log = CapturedLog.of("io.hostpool.pool", Level.WARN)) {
      thrash(manager, 10);
      assertThat(log.messages())
          .containsExactly(
              "Pools are evicted and made again: 5 within a minute, http://a:80 the latest. Raise"
                  + " pool-connections (numPools), which is 1, to the number of hosts in use");

      ticker.advance(Duration.ofMinutes(1));
      thrash(manager, 10);
      assertThat(log.messages()).hasSize(2);
    }
  }

  @Test
  void hostsThatAreUsedOneAfterTheOtherAreNotWarnedOf() throws Exception {
    PoolManager manager = manager(1, b -> b);
    try (CapturedLog log = CapturedLog.of("io.hostpool.pool", Level.WARN)) {
      for (int i = 0; i < 50; i++) {
        manager.request("GET", "http://h" + i + "/");
      }

      assertThat(log.messages()).isEmpty();
    }
  }

  @Test
  void smallerSizeClosesWhatIsIdleBeyondItAndKeepsLeases() throws Exception {
    PoolManager manager = manager(1, b -> b.maxsize(3).block(true));
    HttpConnectionPool pool = manager.connectionFromUrl("http://a/");
    ConnectionLease out = lease(pool);
    ConnectionLease idle = lease(pool);
    ConnectionLease other = lease(pool);
    idle.bodyEnded();
    other.bodyEnded();

    pool.resize(1);

    assertThat(pool.stats().idle()).isZero();
    assertThat(pool.stats().leased()).isEqualTo(1);
    out.bodyEnded();
    assertThat(pool.stats().idle()).isEqualTo(1);
  }

  @Test
  void leasesBeyondASmallerSizeCloseOnReturnAlsoUnderWaiters() throws Exception {
    PoolManager manager = manager(1, b -> b.maxsize(3).block(true));
    HttpConnectionPool pool = manager.connectionFromUrl("http://a/");
    List<ConnectionLease> out = List.of(lease(pool), lease(pool), lease(pool));
    PendingAcquire waiter = TestPool.queue(pool.store());

    pool.resize(1);
    out.get(0).bodyEnded();
    out.get(1).bodyEnded();

    assertThat(waiter.state()).isEqualTo(State.QUEUED);
    assertThat(pool.stats().leased()).isEqualTo(1);
    out.get(2).bodyEnded();
    assertThat(waiter.state()).isEqualTo(State.SERVED);
  }

  @Test
  void largerSizeServesWaitersAtOnce() throws Exception {
    PoolManager manager = manager(1, b -> b.maxsize(1).block(true));
    HttpConnectionPool pool = manager.connectionFromUrl("http://a/");
    lease(pool);
    PendingAcquire first = TestPool.queue(pool.store());
    PendingAcquire second = TestPool.queue(pool.store());
    PendingAcquire third = TestPool.queue(pool.store());

    pool.resize(3);

    assertThat(List.of(first.state(), second.state(), third.state()))
        .containsExactly(State.PERMITTED, State.PERMITTED, State.QUEUED);
  }

  @Test
  void poolThatNoLongerBlocksServesEveryWaiter() throws Exception {
    PoolManager manager = manager(1, b -> b.maxsize(1).block(true));
    HttpConnectionPool pool = manager.connectionFromUrl("http://a/");
    lease(pool);
    PendingAcquire first = TestPool.queue(pool.store());
    PendingAcquire second = TestPool.queue(pool.store());

    manager.configure(manager.capacity().withWhenExhausted(WhenExhausted.OVERFLOW));

    assertThat(first.state()).isEqualTo(State.PERMITTED);
    assertThat(second.state()).isEqualTo(State.PERMITTED);
    assertThat(manager.connectionFromUrl("http://new/").capacity().whenExhausted())
        .isEqualTo(WhenExhausted.OVERFLOW);
  }

  @Test
  void idleConnectionOfAnotherPoolGivesWayUnderTheLimitOfAll() throws Exception {
    PoolManager manager = manager(5, b -> b.maxConnections(2));
    manager.request("GET", "http://a/");
    ticker.advance(Duration.ofSeconds(1));
    manager.request("GET", "http://b/");

    manager.request("GET", "http://c/");

    assertThat(hosts.get("a").open()).isEmpty();
    assertThat(hosts.get("b").open()).hasSize(1);
    assertThat(hosts.get("c").open()).hasSize(1);
  }

  @Test
  void connectionThatComesBackGivesWayToWhoWaitsForAPlace() throws Exception {
    PoolManager manager = manager(5, b -> b.maxConnections(1));
    ConnectionLease out = lease(manager.connectionFromUrl("http://a/"));
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      Future<Integer> other = threads.submit(() -> manager.request("GET", "http://b/").status());
      Eventually.until("it waits for a slot", () -> pending(manager, "http://b:80") == 1);

      out.bodyEnded();

      assertThat(other.get()).isEqualTo(200);
      assertThat(hosts.get("a").open()).isEmpty();
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void limitOfAllIsHardAlsoForAPoolThatOverflows() throws Exception {
    PoolManager manager =
        manager(
            5,
            b ->
                b.ticker(Ticker.system())
                    .maxsize(9)
                    .maxConnections(2)
                    .poolTimeout(Duration.ofMillis(10)));
    HttpConnectionPool pool = manager.connectionFromUrl("http://a/");
    ConnectionLease first = lease(pool);
    lease(pool);

    assertThatThrownBy(() -> manager.request("GET", "http://b/"))
        .isInstanceOf(EmptyPoolException.class)
        .hasMessage(
            "b:80: connection limit reached: all pools share maxConnections=2, none freed within 10 ms"
                + " (active=0, idle=0, pending=1, max=9)");

    assertThat(manager.connectionFromUrl("http://b/").stats().dialing()).isZero();
    first.bodyEnded();
    assertThat(manager.request("GET", "http://b/").status()).isEqualTo(200);
  }

  @Test
  void failedDialGivesItsPlaceBack() throws Exception {
    PoolManager manager = manager(5, b -> b.maxConnections(1).retries(0));
    manager.connectionFromUrl("http://a/");
    hosts.get("a").refuses = true;
    assertThatThrownBy(() -> manager.request("GET", "http://a/"))
        .isInstanceOf(NewConnectionException.class);

    assertThat(manager.request("GET", "http://b/").status()).isEqualTo(200);
    assertThat(manager.connectionFromUrl("http://b/").store().limit().taken()).isEqualTo(1);
  }

  @Test
  void closeWakesWhoWaitsForAPlace() throws Exception {
    PoolManager manager = manager(5, b -> b.maxConnections(1));
    ConnectionLease out = lease(manager.connectionFromUrl("http://a/"));
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      Future<Throwable> other =
          threads.submit(() -> catchThrowable(() -> manager.request("GET", "http://b/")));
      Eventually.until("it waits for a slot", () -> pending(manager, "http://b:80") == 1);

      manager.close();

      assertThat(other.get()).isInstanceOf(ClosedPoolException.class);
      out.bodyEnded();
    } finally {
      threads.shutdownNow();
    }
  }

  private void thrash(PoolManager manager, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      manager.request("GET", i % 2 == 0 ? "http://a/" : "http://b/");
    }
  }

  private PoolManager manager(int numPools, UnaryOperator<PoolManager.Builder> settings) {
    PoolManager.Builder builder =
        PoolManager.builder()
            .numPools(numPools)
            .ticker(ticker)
            .connectionFactory(
                endpoint ->
                    hosts.computeIfAbsent(endpoint.host(), host -> new FakeConnectionFactory()));
    PoolManager manager = settings.apply(builder).build();
    managers.add(manager);
    return manager;
  }

  private static int pending(PoolManager manager, String key) {
    return manager.pools().stream()
        .filter(stats -> stats.key().equals(key))
        .mapToInt(PoolStats::pending)
        .sum();
  }

  private static ConnectionLease lease(HttpConnectionPool pool) throws Exception {
    return pool.source().lease(1, Deadline.none());
  }
}
