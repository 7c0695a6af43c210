package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.hostpool.CapturedLog;
import io.hostpool.error.ClosedPoolException;
import io.hostpool.error.HttpException;
import io.hostpool.internal.lease.ConnectionLease;
import io.hostpool.internal.lease.LeaseConfig;
import io.hostpool.internal.lease.PendingAcquire;
import io.hostpool.internal.lease.PendingAcquire.State;
import io.hostpool.internal.lease.PoolKey;
import io.hostpool.internal.lease.RetiredPools;
import io.hostpool.internal.lease.Sizing;
import io.hostpool.internal.time.Deadline;
import io.hostpool.policy.Capacity;
import io.hostpool.policy.Retry;
import io.hostpool.stats.PoolListener;
import io.hostpool.stats.PoolView;
import io.hostpool.testkit.Eventually;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The end of a manager reaches every pool that it ever made, and what it changes reaches all. */
@Timeout(60)
class ManagerEndTest {

  private final Map<String, FakeConnectionFactory> hosts = new ConcurrentHashMap<>();

  private PoolManager.Builder manager(int numPools) {
    return PoolManager.builder()
        .numPools(numPools)
        .block(true)
        .poolTimeout(ChronoUnit.FOREVER.getDuration())
        .connectionFactory(
            endpoint ->
                hosts.computeIfAbsent(endpoint.host(), host -> new FakeConnectionFactory()));
  }

  @Test
  void closeWakesWhoWaitsInAnEvictedPool() throws Exception {
    try (PoolManager manager = manager(1).build()) {
      HttpConnectionPool evicted = manager.connectionFromUrl("http://a/");
      ConnectionLease out = evicted.source().lease(1, Deadline.none());
      PendingAcquire waiting = TestPool.queue(evicted.store());
      manager.connectionFromUrl("http://b/");

      manager.close();

      assertThat(waiting.state()).isEqualTo(State.CLOSED);
      out.bodyEnded();
      assertThat(hosts.get("a").open()).isEmpty();
    }
  }

  @Test
  void closeReachesAnEvictedPoolThatAThreadOnlyHolds() throws Exception {
    try (PoolManager manager = manager(1).build()) {
      HttpConnectionPool evicted = manager.connectionFromUrl("http://a/");
      manager.connectionFromUrl("http://b/");

      manager.close();

      assertThatThrownBy(() -> evicted.urlopen("GET", "/")).isInstanceOf(ClosedPoolException.class);
    }
  }

  @Test
  void closeEndsThePauseOfARequestInAnEvictedPool() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    Retry patient = Retry.builder().total(5).backoff(failures -> Duration.ofDays(1)).build();
    try (PoolManager manager = manager(1).retries(patient).build()) {
      HttpConnectionPool evicted = manager.connectionFromUrl("http://a/");
      FakeConnectionFactory factory = hosts.get("a");
      factory.beforeOpen = attempts::incrementAndGet;
      factory.refuses = true;
      FutureTask<Integer> call = new FutureTask<>(() -> evicted.urlopen("GET", "/").status());
      Thread thread = new Thread(call, "testkit-pauses");
      thread.start();
      Eventually.until("it failed once", () -> evicted.stats().failedDials() == 1);
      manager.connectionFromUrl("http://b/");

      manager.close();

      assertThatThrownBy(() -> call.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(ClosedPoolException.class);
      assertThat(attempts).hasValue(1);
      thread.join();
    }
  }

  @Test
  void poolsThatNothingLeadsToAreForgotten() throws Exception {
    RetiredPools retired = new RetiredPools();
    try (PoolManager manager =
        manager(1).seams(LeaseConfig.Seams.NONE.withRetired(() -> retired)).build()) {
      for (int i = 0; i < 100; i++) {
        manager.request("GET", "http://h" + i + "/");
      }

      Eventually.until(
          "they are collected",
          () -> {
            System.gc();
            return retired.all().size() <= 1;
          });
    }
  }

  @Test
  void poolThatIsOutIsNotForgotten() throws Exception {
    RetiredPools retired = new RetiredPools();
    try (PoolManager manager =
        manager(1).seams(LeaseConfig.Seams.NONE.withRetired(() -> retired)).build()) {
      ConnectionLease out =
          manager.connectionFromUrl("http://a/").source().lease(1, Deadline.none());
      manager.connectionFromUrl("http://b/");
      System.gc();

      assertThat(retired.all()).hasSize(1);
      manager.close();
      out.bodyEnded();
      assertThat(hosts.get("a").open()).isEmpty();
    }
  }

  @Test
  void clearedPoolsAreNotCountedAsEvicted() throws Exception {
    try (PoolManager manager = manager(10).build();
        CapturedLog log = CapturedLog.of("io.hostpool.pool", Level.WARN)) {
      for (int i = 0; i < 20; i++) {
        manager.request("GET", "http://a/");
        manager.clear();
      }

      assertThat(log.messages()).isEmpty();
    }
  }

  @Test
  void poolIsRetiredEvenIfAListenerOrTheNextDisposalThrows() throws Exception {
    PoolListener broken =
        new PoolListener() {
          @Override
          public void poolRemoved(PoolView pool) {
            throw new NoClassDefFoundError("thrown by the test");
          }
        };
    try (CapturedLog quiet = CapturedLog.of("io.hostpool.pool", Level.OFF);
        PoolManager manager = manager(3).listener(broken).build()) {
      for (String host : new String[] {"a", "b", "c"}) {
        manager.request("GET", "http://" + host + "/");
      }

      manager.clear();

      assertThat(hosts.values()).allMatch(factory -> factory.open().isEmpty());
    }
  }

  /** Two threads change the settings while pools are made: every pool follows the last. */
  @Test
  void poolsFollowTheLastSettingsWhicheverThreadSetThem() throws Exception {
    for (int round = 0; round < 300; round++) {
      try (PoolManager manager = manager(100).build()) {
        CountDownLatch start = new CountDownLatch(1);
        Thread one = configuring(manager, start, 2, 3);
        Thread other = configuring(manager, start, 4, 5);
        start.countDown();
        for (int i = 0; i < 5; i++) {
          manager.connectionFromUrl("http://h" + i + "/");
        }
        one.join();
        other.join();

        for (int i = 0; i < 5; i++) {
          assertThat(manager.connectionFromUrl("http://h" + i + "/").capacity())
              .isEqualTo(manager.capacity());
        }
      }
    }
  }

  @Test
  void poolThatWasMadeWithOldSettingsGetsTheNewOnes() throws Exception {
    try (PoolManager manager = manager(10).build()) {
      HttpConnectionPool late =
          new HttpConnectionPool(
              new PoolKey("http", "h", 80, io.hostpool.net.TlsConfig.defaults()),
              PoolManager.builder().config(),
              new Sizing(3, Capacity.defaults().withMaxsize(3)),
              null);

      late.configure(new Sizing(2, Capacity.defaults().withMaxsize(2)));
      assertThat(late.capacity().maxsize()).isEqualTo(3);
      late.configure(new Sizing(4, Capacity.defaults().withMaxsize(4)));
      late.configure(new Sizing(3, Capacity.defaults().withMaxsize(3)));
      assertThat(late.capacity().maxsize()).isEqualTo(4);
      late.close();
    }
  }

  /** The settings change after the new pool has read them and before its manager knows it. */
  @Test
  void poolThatIsMadeWhileTheSettingsChangeFollowsThem() throws Exception {
    AtomicReference<PoolManager> self = new AtomicReference<>();
    PoolManager.Builder settings = PoolManager.builder();
    settings.connectionFactory(
        endpoint -> {
          self.get().configure(Capacity.defaults().withMaxsize(7));
          return new FakeConnectionFactory();
        });
    try (PoolManager manager = settings.build()) {
      self.set(manager);

      assertThat(manager.connectionFromUrl("http://a/").capacity().maxsize()).isEqualTo(7);
    }
  }

  @Test
  void closedPoolIsRefusedByItsHolderAndReplacedByItsManager() throws HttpException {
    try (PoolManager manager = manager(10).build()) {
      HttpConnectionPool first = manager.connectionFromUrl("http://a/");
      first.close();

      assertThat(manager.connectionFromUrl("http://a/")).isNotSameAs(first);
      assertThat(manager.poolCount()).isEqualTo(1);
    }
  }

  private static Thread configuring(PoolManager manager, CountDownLatch start, int... sizes) {
    Thread thread =
        new Thread(
            () -> {
              try {
                start.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              for (int size : sizes) {
                manager.configure(manager.capacity().withMaxsize(size));
              }
            },
            "testkit-configures");
    thread.start();
    return thread;
  }
}
