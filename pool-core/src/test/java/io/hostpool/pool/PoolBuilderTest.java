package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.net.Resolver;
import io.hostpool.net.TlsConfig;
import io.hostpool.net.WireLimits;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PoolBuilderTest {

  @Test
  void everySetterReturnsItsBuilder() {
    PoolManager.Builder builder = PoolManager.builder();

    assertThat(builder.tls(TlsConfig.defaults())).isSameAs(builder);
    assertThat(builder.maxLifetime(Duration.ZERO)).isSameAs(builder);
    assertThat(builder.leakDetectionThreshold(Duration.ofSeconds(1))).isSameAs(builder);
    assertThat(builder.maxBodyBytes(0)).isSameAs(builder);
    assertThat(builder.headers(Map.of("x", "y"))).isSameAs(builder);
    assertThat(builder.resolver(Resolver.system())).isSameAs(builder);
    assertThat(builder.limits(WireLimits.defaults())).isSameAs(builder);
  }

  @Test
  void smallestValuesAreAccepted() {
    PoolManager.Builder builder = PoolManager.builder();

    assertThat(builder.minIdle(0).minIdle).isZero();
    assertThat(builder.maxUses(1).maxUses).isEqualTo(1);
  }

  @Test
  void negativeBodySizeIsNamed() {
    assertThatThrownBy(() -> PoolManager.builder().maxBodyBytes(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxBodyBytes must be 0 or more: -1");
  }
}
