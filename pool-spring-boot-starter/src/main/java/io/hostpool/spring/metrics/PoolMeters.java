package io.hostpool.spring.metrics;

import io.hostpool.stats.CloseReason;
import io.hostpool.stats.PoolStats;
import io.hostpool.stats.PoolView;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * Registers every pool as meters, from its creation until it leaves its manager. Thread-safe.
 *
 * <p>The names have the shape of HikariCP's, which operators chart already. Gauges read one
 * snapshot of their pool and take no lock of it. The counts of pools that left stay in the registry
 * under {@code pool=retired}, so that sums over all pools never go down.
 */
public final class PoolMeters implements MeterBinder {

  /** The pool tag under which the counts of pools that left are summed up. */
  static final String RETIRED = "retired";

  private final PoolRegistry pools;
  private final String session;

  /**
   * Creates the meters of {@code pools}.
   *
   * @param session the value of the tag {@code session}
   */
  public PoolMeters(PoolRegistry pools, String session) {
    this.pools = pools;
    this.session = session;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    pools.observe(new Binding(registry));
  }

  private final class Binding implements PoolRegistry.Observer {
    private final MeterRegistry registry;

    /** Also holds the pools, which meters refer to weakly. */
    private final Map<PoolView, List<Meter>> meters = new HashMap<>();

    /** Which pool the meters with these tags show. */
    private final Map<Tags, PoolView> shown = new HashMap<>();

    Binding(MeterRegistry registry) {
      this.registry = registry;
    }

    @Override
    public void mountAdded(PoolRegistry.MountPools mount) {
      Tags tags = Tags.of("session", session, "mount", mount.name());
      Gauge.builder("hostpool.pools", mount, m -> m.adapter().poolCount())
          .description("Pools, one per host")
          .tags(tags)
          .strongReference(true)
          .register(registry);
      Gauge.builder("hostpool.pools.max", mount, m -> m.adapter().poolManager().numPools())
          .description("Maximum number of pools (pool-connections)")
          .tags(tags)
          .strongReference(true)
          .register(registry);
      counters(mount, tags.and("pool", RETIRED), m -> m.retired());
    }

    @Override
    public void poolAdded(PoolRegistry.MountPools mount, PoolView pool) {
      Tags tags = Tags.of("session", session, "mount", mount.name(), "pool", pool.stats().key());
      PoolView before = shown.put(tags, pool);
      if (before != null) {
        // A pool that was evicted and made again at once: the news of its end comes later.
        remove(before);
      }
      List<Meter> added = new ArrayList<>();
      added.add(gauge(pool, tags, "", "Open connections", s -> s.leased() + s.idle()));
      added.add(gauge(pool, tags, ".active", "Connections in use", PoolStats::leased));
      added.add(gauge(pool, tags, ".idle", "Connections kept for reuse", PoolStats::idle));
      added.add(
          gauge(pool, tags, ".pending", "Threads waiting for a connection", PoolStats::pending));
      added.add(gauge(pool, tags, ".max", "Maximum pool size", PoolStats::max));
      added.addAll(counters(pool, tags, p -> PoolRegistry.Totals.of(p.stats())));
      meters.put(pool, added);
    }

    @Override
    public void poolRemoved(PoolRegistry.MountPools mount, PoolView pool) {
      shown.values().remove(pool);
      remove(pool);
    }

    private void remove(PoolView pool) {
      List<Meter> gone = Objects.requireNonNullElse(meters.remove(pool), List.of());
      gone.forEach(registry::remove);
    }

    private Gauge gauge(
        PoolView pool,
        Tags tags,
        String suffix,
        String description,
        ToLongFunction<PoolStats> value) {
      return Gauge.builder("hostpool.connections" + suffix, pool, p -> value.applyAsLong(p.stats()))
          .description(description)
          .tags(tags)
          .strongReference(true)
          .register(registry);
    }

    private <T> List<Meter> counters(T source, Tags tags, ToTotals<T> totals) {
      List<Meter> added = new ArrayList<>();
      added.add(counter(source, tags, "opened", "Opened connections", t -> totals.of(t).opened()));
      added.add(
          counter(
              source, tags, "reused", "Requests on a kept connection", t -> totals.of(t).reused()));
      for (CloseReason reason : CloseReason.values()) {
        added.add(
            counter(
                source,
                tags.and("reason", reason.tag()),
                "closed",
                "Closed connections",
                t -> totals.of(t).closedBy().getOrDefault(reason, 0L)));
      }
      return added;
    }

    private <T> FunctionCounter counter(
        T source, Tags tags, String name, String description, ToDoubleFunction<T> value) {
      return FunctionCounter.builder("hostpool.connections." + name, source, value)
          .description(description)
          .tags(tags)
          .register(registry);
    }
  }

  /** Reads the counters of a pool, or of a mount's retired ones. */
  @FunctionalInterface
  private interface ToTotals<T> {
    PoolRegistry.Totals of(T source);
  }
}
