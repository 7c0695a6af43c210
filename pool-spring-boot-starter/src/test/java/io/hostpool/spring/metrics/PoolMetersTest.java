package io.hostpool.spring.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.Session;
import io.hostpool.adapter.HttpAdapter;
import io.hostpool.http.Response;
import io.hostpool.pool.HttpConnectionPool;
import io.hostpool.spring.SessionCustomizer;
import io.hostpool.spring.autoconfigure.HostpoolAutoConfiguration;
import io.hostpool.spring.autoconfigure.HostpoolMetricsAutoConfiguration;
import io.hostpool.stats.PoolListener;
import io.hostpool.stats.PoolView;
import io.hostpool.testkit.LoopbackServer;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class PoolMetersTest {

  private final LoopbackServer server =
      LoopbackServer.start(exchange -> exchange.respond(200, "ok"));
  private final LoopbackServer other =
      LoopbackServer.builder(exchange -> exchange.respond(200, "ok")).host("127.0.0.2").start();

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  HostpoolAutoConfiguration.class, HostpoolMetricsAutoConfiguration.class))
          .withBean(SimpleMeterRegistry.class);

  @AfterEach
  void stop() {
    server.close();
    other.close();
  }

  @Test
  void gaugesOfAPoolSayHowManyConnectionsAreOutAndKept() {
    runner
        .withPropertyValues("hostpool.pool-maxsize=4")
        .run(
            context -> {
              Session session = context.getBean(Session.class);
              bind(context.getBean(PoolMeters.class), context.getBean(MeterRegistry.class));
              MeterRegistry registry = context.getBean(MeterRegistry.class);
              session.get(server.url("/"));
              try (Response streamed = session.get(server.url("/"), r -> r.stream(true))) {
                assertThat(gauge(registry, "hostpool.connections", server)).isEqualTo(1);
                assertThat(gauge(registry, "hostpool.connections.active", server)).isEqualTo(1);
                assertThat(gauge(registry, "hostpool.connections.idle", server)).isZero();
                assertThat(streamed.text()).isEqualTo("ok");
              }

              assertThat(gauge(registry, "hostpool.connections.active", server)).isZero();
              assertThat(gauge(registry, "hostpool.connections.idle", server)).isEqualTo(1);
              assertThat(gauge(registry, "hostpool.connections.pending", server)).isZero();
              assertThat(gauge(registry, "hostpool.connections.max", server)).isEqualTo(4);
              assertThat(counter(registry, "hostpool.connections.opened", server)).isEqualTo(1);
              assertThat(counter(registry, "hostpool.connections.reused", server)).isEqualTo(1);
              assertThat(registry.get("hostpool.pools").tag("mount", "default").gauge().value())
                  .isEqualTo(1);
              assertThat(registry.get("hostpool.pools.max").gauge().value()).isEqualTo(10);
            });
  }

  @Test
  void metersOfAPoolComeWithItsFirstRequest() {
    runner.run(
        context -> {
          MeterRegistry registry = context.getBean(MeterRegistry.class);
          bind(context.getBean(PoolMeters.class), registry);
          assertThat(registry.find("hostpool.connections").meters()).isEmpty();

          context.getBean(Session.class).get(server.url("/"));

          assertThat(registry.find("hostpool.connections").meters()).hasSize(1);
        });
  }

  @Test
  void adapterMountedByCodeHasNoMetersButIsAmongThePoolsOfTheSession() {
    runner
        .withBean(
            SessionCustomizer.class,
            () -> session -> session.mount("http://127.0.0.1", HttpAdapter.create()))
        .run(
            context -> {
              Session session = context.getBean(Session.class);
              MeterRegistry registry = context.getBean(MeterRegistry.class);
              bind(context.getBean(PoolMeters.class), registry);

              session.get(server.url("/"));

              assertThat(session.pools()).hasSize(1);
              assertThat(registry.find("hostpool.connections").meters()).isEmpty();
            });
  }

  @Test
  void sessionOfTheApplicationHasNoMeters() {
    runner
        .withBean("own", Session.class, Session::create)
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(PoolMeters.class));
  }

  @Test
  void metersOfAnEvictedPoolLeaveAndItsCountsAreKept() {
    runner
        .withPropertyValues("hostpool.pool-connections=1")
        .run(
            context -> {
              Session session = context.getBean(Session.class);
              MeterRegistry registry = context.getBean(MeterRegistry.class);
              bind(context.getBean(PoolMeters.class), registry);
              session.get(server.url("/"));
              session.get(server.url("/"));
              session.get(other.url("/"));

              assertThat(meters(registry, server)).isEmpty();
              assertThat(meters(registry, other)).isNotEmpty();
              assertThat(sum(registry, "hostpool.connections.opened")).isEqualTo(2);
              assertThat(sum(registry, "hostpool.connections.reused")).isEqualTo(1);
              assertThat(sum(registry, "hostpool.connections.closed")).isEqualTo(1);
              assertThat(
                      registry
                          .get("hostpool.connections.closed")
                          .tags("pool", PoolMeters.RETIRED, "reason", "evicted")
                          .functionCounter()
                          .count())
                  .isEqualTo(1);
            });
  }

  @Test
  void responseInFlightOnAnEvictedPoolIsStillCountedWhenItEnds() {
    runner
        .withPropertyValues("hostpool.pool-connections=1")
        .run(
            context -> {
              Session session = context.getBean(Session.class);
              MeterRegistry registry = context.getBean(MeterRegistry.class);
              bind(context.getBean(PoolMeters.class), registry);
              try (Response streamed = session.get(server.url("/"), r -> r.stream(true))) {
                session.get(other.url("/"));
                assertThat(sum(registry, "hostpool.connections.closed")).isZero();
                assertThat(streamed.text()).isEqualTo("ok");
              }

              assertThat(sum(registry, "hostpool.connections.closed")).isEqualTo(1);
              assertThat(sum(registry, "hostpool.connections.opened")).isEqualTo(2);
            });
  }

  @Test
  void mountsAreToldApart() {
    runner
        .withPropertyValues("hostpool.mounts.other.prefix=http://127.0.0.2")
        .run(
            context -> {
              Session session = context.getBean(Session.class);
              MeterRegistry registry = context.getBean(MeterRegistry.class);
              bind(context.getBean(PoolMeters.class), registry);
              session.get(server.url("/"));
              session.get(other.url("/"));

              assertThat(
                      registry
                          .get("hostpool.connections.idle")
                          .tags("session", "default", "mount", "other", "pool", key(other))
                          .gauge()
                          .value())
                  .isEqualTo(1);
            });
  }

  @Test
  void poolsMadeBeforeTheRegistryIsBoundAreShownToo() {
    runner.run(
        context -> {
          Session session = context.getBean(Session.class);
          MeterRegistry registry = context.getBean(MeterRegistry.class);
          session.get(server.url("/"));
          bind(context.getBean(PoolMeters.class), registry);

          assertThat(gauge(registry, "hostpool.connections.idle", server)).isEqualTo(1);
        });
  }

  /** The thread that evicted the first pool tells of it after another one has made the second. */
  @Test
  @Timeout(60)
  void poolThatIsMadeAgainAtOnceKeepsItsMeters() {
    PoolRegistry pools = new PoolRegistry();
    MeterRegistry registry = new SimpleMeterRegistry();
    new PoolMeters(pools, "default").bindTo(registry);
    try (HttpAdapter adapter = HttpAdapter.create();
        HttpConnectionPool first = HttpConnectionPool.fromUrl(server.url("/"));
        HttpConnectionPool second = HttpConnectionPool.fromUrl(server.url("/"))) {
      pools.add("default", adapter);
      PoolListener listener = pools.listenerFor("default");
      listener.poolCreated(first);
      listener.poolCreated(second);
      second.resize(7);

      listener.poolRemoved(first);

      assertThat(gauge(registry, "hostpool.connections.max", server)).isEqualTo(7);
      listener.poolRemoved(second);
      assertThat(registry.find("hostpool.connections.max").gauges()).isEmpty();
    }
  }

  /** A listener of the registry may wait for another thread, which reads the meters meanwhile. */
  @Test
  @Timeout(60)
  void metersAreRegisteredUnderNoLockThatReadingThemNeeds() {
    runner.run(
        context -> {
          MeterRegistry registry = context.getBean(MeterRegistry.class);
          bind(context.getBean(PoolMeters.class), registry);
          FunctionCounter retired =
              registry
                  .get("hostpool.connections.opened")
                  .tag("pool", PoolMeters.RETIRED)
                  .functionCounter();
          List<Double> read = Collections.synchronizedList(new ArrayList<>());
          registry.config().onMeterAdded(meter -> elsewhere(() -> read.add(retired.count())));

          context.getBean(Session.class).get(server.url("/"));

          assertThat(read).isNotEmpty();
        });
  }

  /** Another thread retires the pool while its meters are being registered. */
  @Test
  @Timeout(60)
  void poolThatIsRetiredWhileItsMetersComeLeavesNone() {
    runner.run(
        context -> {
          MeterRegistry registry = context.getBean(MeterRegistry.class);
          bind(context.getBean(PoolMeters.class), registry);
          HttpAdapter adapter =
              (HttpAdapter) context.getBean(Session.class).adapterFor(server.url("/"));
          AtomicBoolean first = new AtomicBoolean(true);
          registry
              .config()
              .onMeterAdded(
                  meter -> {
                    if (first.getAndSet(false)) {
                      elsewhere(adapter::retire);
                    }
                  });

          context.getBean(Session.class).get(server.url("/"));

          assertThat(meters(registry, server)).isEmpty();
          assertThat(sum(registry, "hostpool.connections.opened")).isEqualTo(1);
        });
  }

  @Test
  void meterThatCannotBeRegisteredKeepsNoOtherFromIt() {
    PoolRegistry pools = new PoolRegistry();
    List<String> told = new ArrayList<>();
    pools.observe(new Telling(told, true));
    pools.observe(new Telling(told, false));
    HttpAdapter adapter = HttpAdapter.create();

    assertThatThrownBy(() -> pools.add("m", adapter)).hasMessage("refused by the test");

    assertThat(told).containsExactly("m");
    adapter.close();
  }

  @Test
  void noMetersWhereTheyAreSwitchedOff() {
    runner
        .withPropertyValues("hostpool.metrics.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(PoolMeters.class));
  }

  @Test
  void closingTheSessionTakesItsPoolsOutOfTheRegistry() {
    SimpleMeterRegistry outer = new SimpleMeterRegistry();
    runner.run(
        context -> {
          bind(context.getBean(PoolMeters.class), outer);
          context.getBean(Session.class).get(server.url("/"));
        });

    assertThat(meters(outer, server)).isEmpty();
    assertThat(sum(outer, "hostpool.connections.closed")).isEqualTo(1);
  }

  /** What Boot's post-processor does once all singletons are there. */
  private static void bind(PoolMeters meters, MeterRegistry registry) {
    meters.bindTo(registry);
  }

  private static String key(LoopbackServer server) {
    return "http://" + server.host() + ":" + server.port();
  }

  private static double gauge(MeterRegistry registry, String name, LoopbackServer server) {
    return registry.get(name).tag("pool", key(server)).gauge().value();
  }

  private static double counter(MeterRegistry registry, String name, LoopbackServer server) {
    return registry.get(name).tag("pool", key(server)).functionCounter().count();
  }

  private static Collection<Gauge> meters(MeterRegistry registry, LoopbackServer server) {
    return registry.find("hostpool.connections").tag("pool", key(server)).gauges();
  }

  private static double sum(MeterRegistry registry, String name) {
    ToDoubleFunction<Meter> count = meter -> ((FunctionCounter) meter).count();
    return registry.get(name).meters().stream().mapToDouble(count).sum();
  }

  /** Runs {@code task} on another thread and waits for it. */
  private static void elsewhere(Runnable task) {
    try {
      CompletableFuture.runAsync(task).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  private record Telling(List<String> told, boolean refuses) implements PoolRegistry.Observer {
    @Override
    public void mountAdded(PoolRegistry.MountPools mount) {
      if (refuses) {
        throw new IllegalStateException("refused by the test");
      }
      told.add(mount.name());
    }

    @Override
    public void poolAdded(PoolRegistry.MountPools mount, PoolView pool) {}

    @Override
    public void poolRemoved(PoolRegistry.MountPools mount, PoolView pool) {}
  }
}
