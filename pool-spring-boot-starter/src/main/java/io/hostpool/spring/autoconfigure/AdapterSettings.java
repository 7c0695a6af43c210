package io.hostpool.spring.autoconfigure;

import io.hostpool.adapter.HttpAdapter;
import io.hostpool.policy.Retry;
import io.hostpool.policy.Timeout;
import io.hostpool.policy.WhenExhausted;
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
            top.retry(),
            top.connectTimeout(),
            top.readTimeout(),
            top.totalTimeout(),
            top.idleTimeout(),
            top.maxLifetime(),
            top.maxBodySize(),
            top.maxConnections(),
            top.leakDetectionThreshold()));
  }

  /** Returns these settings with those that {@code own} sets in their place. */
  AdapterSettings with(String ownPath, HostpoolProperties.Mount own) {
    HostpoolProperties.Mount from = values;
    // The two properties for the mode are one setting: what the mount says of it replaces both.
    boolean ownMode = own.poolBlock() != null || own.whenExhausted() != null;
    RetrySettings retry = RetrySettings.of(from).with(RetrySettings.of(own));
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
            retry.maxRetries(),
            retry.retry(),
            either(own.connectTimeout(), from.connectTimeout()),
            either(own.readTimeout(), from.readTimeout()),
            either(own.totalTimeout(), from.totalTimeout()),
            either(own.idleTimeout(), from.idleTimeout()),
            either(own.maxLifetime(), from.maxLifetime()),
            either(own.maxBodySize(), from.maxBodySize()),
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
    RetrySettings retry = RetrySettings.of(own);
    if (retry.contradicts()) {
      throw invalid(
          "retry.total",
          retry.retry().total(),
          "contradicts " + path + ".max-retries=" + retry.maxRetries() + ". Set one of them");
    }
  }

  /** Returns whether it is said how often a request is repeated, 0 included. */
  boolean saysHowOftenToRetry() {
    return RetrySettings.of(values).hasNumber();
  }

  /** Refuses settings of retries where nobody said how many there are. */
  void refuseRetryWithoutNumber(HostpoolProperties.Mount own) {
    if (!saysHowOftenToRetry()) {
      RetrySettings.of(own)
          .firstBesideNumber()
          .ifPresent(
              set -> {
                throw invalid(
                    set.getKey(),
                    set.getValue(),
                    "needs a number of retries. Set " + path + ".retry.total or remove it");
              });
    }
  }

  /** Refuses a wait that nothing waits for. */
  void refuseWaitWithoutBlocking(HostpoolProperties.Mount own) {
    boolean waitsForTheLimit = mode() == WhenExhausted.OVERFLOW && values.maxConnections() != null;
    if (mode() == WhenExhausted.BLOCK || waitsForTheLimit) {
      return;
    }
    String advice =
        "has no effect unless the pool blocks or max-connections is set. Set "
            + path
            + ".pool-block=true or remove it";
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
    builder.maxRetries(retries());
    apply("idle-timeout", values.idleTimeout(), builder::idleTimeout);
    apply("max-lifetime", values.maxLifetime(), builder::maxLifetime);
    apply("max-body-size", values.maxBodySize(), size -> builder.maxBodyBytes(size.toBytes()));
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

  private Retry retries() {
    HostpoolProperties.Retry from = RetrySettings.of(values).retry();
    Retry.Builder builder = Retry.builder().total(0);
    apply("max-retries", values.maxRetries(), builder::total);
    apply("retry.total", from.total(), builder::total);
    apply("retry.connect", from.connect(), builder::connect);
    apply("retry.read", from.read(), builder::read);
    apply("retry.redirect", from.redirect(), builder::redirect);
    apply("retry.status", from.status(), builder::status);
    apply("retry.other", from.other(), builder::other);
    apply("retry.allowed-methods", from.allowedMethods(), builder::allowedMethods);
    apply("retry.status-forcelist", from.statusForcelist(), builder::statusForcelist);
    // The back-off is checked as a whole: built after each part, it says which one is bad.
    apply("retry.backoff-factor", from.backoffFactor(), f -> builder.backoffFactor(f).build());
    apply("retry.backoff-max", from.backoffMax(), max -> builder.backoffMax(max).build());
    apply("retry.backoff-jitter", from.backoffJitter(), j -> builder.backoffJitter(j).build());
    apply("retry.respect-retry-after", from.respectRetryAfter(), builder::respectRetryAfterHeader);
    apply("retry.retry-after-max", from.retryAfterMax(), builder::retryAfterMax);
    apply("retry.raise-on-status", from.raiseOnStatus(), builder::raiseOnStatus);
    return builder.build();
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
