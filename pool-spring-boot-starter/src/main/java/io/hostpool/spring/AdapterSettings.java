package io.hostpool.spring;

import io.hostpool.adapter.HttpAdapter;
import io.hostpool.policy.Timeout;
import io.hostpool.pool.WhenExhausted;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * The settings of one adapter, inherited values filled in. Immutable.
 *
 * @param path the property that they stand under, {@code hostpool} or {@code hostpool.mounts.name}
 * @param prefix the prefix as it was set, null if it was not
 * @param values every setting but the prefix; null where the library's default applies
 */
record AdapterSettings(String path, @Nullable String prefix, HostpoolProperties.Mount values) {

  /** Returns the settings of the top level. */
  static AdapterSettings of(HostpoolProperties top) {
    return new AdapterSettings(
        "hostpool",
        null,
        new HostpoolProperties.Mount(
            null,
            top.poolConnections(),
            top.poolMaxsize(),
            top.poolBlock(),
            top.whenExhausted(),
            top.poolTimeout(),
            top.maxPending(),
            top.maxRetries(),
            top.connectTimeout(),
            top.readTimeout(),
            top.totalTimeout(),
            top.idleTimeout(),
            top.maxLifetime(),
            top.maxConnections(),
            top.leakDetectionThreshold()));
  }

  /** Returns these settings with those that {@code own} sets in their place. */
  AdapterSettings with(String ownPath, HostpoolProperties.Mount own) {
    HostpoolProperties.Mount from = values;
    // The two properties for the mode are one setting: what the mount says of it replaces both.
    boolean ownMode = own.poolBlock() != null || own.whenExhausted() != null;
    return new AdapterSettings(
        ownPath,
        own.prefix(),
        new HostpoolProperties.Mount(
            null,
            either(own.poolConnections(), from.poolConnections()),
            either(own.poolMaxsize(), from.poolMaxsize()),
            ownMode ? own.poolBlock() : from.poolBlock(),
            ownMode ? own.whenExhausted() : from.whenExhausted(),
            either(own.poolTimeout(), from.poolTimeout()),
            either(own.maxPending(), from.maxPending()),
            either(own.maxRetries(), from.maxRetries()),
            either(own.connectTimeout(), from.connectTimeout()),
            either(own.readTimeout(), from.readTimeout()),
            either(own.totalTimeout(), from.totalTimeout()),
            either(own.idleTimeout(), from.idleTimeout()),
            either(own.maxLifetime(), from.maxLifetime()),
            either(own.maxConnections(), from.maxConnections()),
            either(own.leakDetectionThreshold(), from.leakDetectionThreshold())));
  }

  /** Returns what an exhausted pool does. */
  WhenExhausted mode() {
    if (values.whenExhausted() != null) {
      return values.whenExhausted();
    }
    return Boolean.TRUE.equals(values.poolBlock()) ? WhenExhausted.BLOCK : WhenExhausted.OVERFLOW;
  }

  /**
   * Refuses two properties that contradict each other.
   *
   * @param own what was set at this place itself
   * @throws InvalidConfigurationPropertyValueException naming the property
   */
  void refuseContradiction(HostpoolProperties.Mount own) {
    Boolean block = own.poolBlock();
    WhenExhausted mode = own.whenExhausted();
    if (block != null && mode != null && block != (mode == WhenExhausted.BLOCK)) {
      throw invalid(
          "when-exhausted",
          mode,
          "contradicts " + path + ".pool-block=" + block + ". Set one of them");
    }
  }

  /** Refuses a wait that nothing waits for. */
  void refuseWaitWithoutBlocking(HostpoolProperties.Mount own) {
    if (mode() == WhenExhausted.BLOCK) {
      return;
    }
    String advice =
        "has no effect unless the pool blocks. Set " + path + ".pool-block=true or remove it";
    if (own.poolTimeout() != null) {
      throw invalid("pool-timeout", own.poolTimeout(), advice);
    }
    if (own.maxPending() != null) {
      throw invalid("max-pending", own.maxPending(), advice);
    }
  }

  /**
   * Returns a builder with these settings.
   *
   * @throws InvalidConfigurationPropertyValueException naming the property that is out of range
   */
  HttpAdapter.Builder toBuilder() {
    HttpAdapter.Builder builder = HttpAdapter.builder().whenExhausted(mode());
    apply("pool-connections", values.poolConnections(), builder::poolConnections);
    apply("pool-maxsize", values.poolMaxsize(), builder::poolMaxsize);
    apply("pool-timeout", values.poolTimeout(), builder::poolTimeout);
    apply("max-pending", values.maxPending(), builder::maxPending);
    apply("max-retries", values.maxRetries(), retries -> builder.maxRetries(retries.intValue()));
    apply("idle-timeout", values.idleTimeout(), builder::idleTimeout);
    apply("max-lifetime", values.maxLifetime(), builder::maxLifetime);
    apply("max-connections", values.maxConnections(), builder::maxConnections);
    apply(
        "leak-detection-threshold",
        values.leakDetectionThreshold(),
        builder::leakDetectionThreshold);
    Timeout.Builder timeout = Timeout.builder();
    apply("connect-timeout", values.connectTimeout(), timeout::connect);
    apply("read-timeout", values.readTimeout(), timeout::read);
    apply("total-timeout", values.totalTimeout(), timeout::total);
    return builder.timeout(timeout.build());
  }

  InvalidConfigurationPropertyValueException invalid(
      String property, @Nullable Object value, String reason) {
    return new InvalidConfigurationPropertyValueException(path + "." + property, value, reason);
  }

  private <T> void apply(String property, @Nullable T value, Consumer<T> setter) {
    if (value != null) {
      try {
        setter.accept(value);
      } catch (IllegalArgumentException e) {
        throw invalid(property, value, String.valueOf(e.getMessage()));
      }
    }
  }

  private static <T> @Nullable T either(@Nullable T own, @Nullable T inherited) {
    return own != null ? own : inherited;
  }
}
