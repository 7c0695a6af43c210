package io.hostpool.spring.autoconfigure;

import io.hostpool.spring.metrics.PoolMeters;
import io.hostpool.spring.metrics.PoolRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * Registers the pools of the {@code Session} as meters. It is ordered after the auto-configuration
 * of the meter registries; ordered by name alone, it would find none of them yet and silently back
 * off.
 */
@AutoConfiguration(
    after = HostpoolAutoConfiguration.class,
    afterName =
        "org.springframework.boot.micrometer.metrics.autoconfigure."
            + "CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({MeterRegistry.class, PoolRegistry.class})
@ConditionalOnBooleanProperty(name = "hostpool.metrics.enabled", matchIfMissing = true)
public final class HostpoolMetricsAutoConfiguration {

  @Bean
  PoolMeters hostpoolPoolMeters(PoolRegistry registry) {
    return new PoolMeters(registry, SessionFactory.DEFAULT_MOUNT);
  }
}
