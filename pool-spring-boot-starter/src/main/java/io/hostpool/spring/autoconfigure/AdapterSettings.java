package io.hostpool.spring.autoconfigure;

import io.hostpool.adapter.HttpAdapter;
import io.hostpool.policy.Retry;
import io.hostpool.policy.RetryBudget;
import io.hostpool.policy.Timeout;
import java.net.StandardSocketOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/**
 * The settings of one adapter: each its own, else the inherited one, else the default of the
 * library. Not thread-safe.
 */
final class AdapterSettings {

  /** Stands for every method in the list of those that may be repeated. */
  private static final String EVERY_METHOD = "*";

  /** Where settings stand: the path {@code hostpool} or {@code hostpool.mounts.name}. */
  private record Level(String path, AdapterProperties properties) {}

  /** A setting as it was written: under which path, and its value. */
  private record Written(String path, Object value) {}

  private final List<Level> levels;
  private final @Nullable String prefix;
  private final Map<String, Written> written = new LinkedHashMap<>();
  private final HttpAdapter.Builder builder;

  private AdapterSettings(List<Level> levels, @Nullable String prefix) {
    this.levels = levels;
    this.prefix = prefix;
    this.builder = apply();
  }

  /**
   * Returns the settings of the top level.
   *
   * @throws InvalidConfigurationPropertyValueException naming the property that is out of range
   */
  static AdapterSettings of(HostpoolProperties top) {
    return new AdapterSettings(List.of(new Level("hostpool", top)), null);
  }

  /**
   * Returns the settings of a mount, which inherits from these.
   *
   * @throws InvalidConfigurationPropertyValueException naming the property that is out of range
   */
  AdapterSettings mount(String name, HostpoolProperties.Mount own) {
    Level mount = new Level("hostpool.mounts." + name, own);
    return new AdapterSettings(
        Stream.concat(Stream.of(mount), levels.stream()).toList(), own.getPrefix());
  }

  /** Returns the path of the adapter's own settings. */
  String path() {
    return levels.get(0).path();
  }

  /** Returns the prefix of the mount as it was written, null if it was not. */
  @Nullable String prefix() {
    return prefix;
  }

  /** Returns the adapter's own settings, without those that it inherits. */
  AdapterProperties own() {
    return levels.get(0).properties();
  }

  /** Returns the value of a property, own or inherited, null if it is not set. */
  @Nullable Object value(String property) {
    Written setting = written.get(property);
    return setting == null ? null : setting.value();
  }

  /** Returns the names of the properties that the adapter does not inherit. */
  List<String> ownProperties() {
    return written.entrySet().stream()
        .filter(setting -> setting.getValue().path().equals(path()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Returns whether both adapters have the same settings, wherever these were written. */
  boolean hasSameValuesAs(AdapterSettings other) {
    return values().equals(other.values());
  }

  /** Returns the builder that has these settings; there is one. */
  HttpAdapter.Builder builder() {
    return builder;
  }

  /** Returns the error for a property of this adapter itself. */
  InvalidConfigurationPropertyValueException invalid(
      String property, @Nullable Object value, String reason) {
    return new InvalidConfigurationPropertyValueException(path() + "." + property, value, reason);
  }

  private Map<String, Object> values() {
    return written.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, setting -> setting.getValue().value()));
  }

  private HttpAdapter.Builder apply() {
    HttpAdapter.Builder adapter = HttpAdapter.builder();
    set("pool-connections", AdapterProperties::getPoolConnections, adapter::poolConnections);
    set("pool-maxsize", AdapterProperties::getPoolMaxsize, adapter::poolMaxsize);
    set(
        form("when-exhausted", AdapterProperties::getWhenExhausted, adapter::whenExhausted),
        form("pool-block", AdapterProperties::getPoolBlock, adapter::poolBlock));
    set("pool-timeout", AdapterProperties::getPoolTimeout, adapter::poolTimeout);
    set("max-pending", AdapterProperties::getMaxPending, adapter::maxPending);
    set("idle-timeout", AdapterProperties::getIdleTimeout, adapter::idleTimeout);
    set("max-lifetime", AdapterProperties::getMaxLifetime, adapter::maxLifetime);
    set("max-uses", AdapterProperties::getMaxUses, adapter::maxUses);
    set("min-idle", AdapterProperties::getMinIdle, adapter::minIdle);
    set("reuse-policy", AdapterProperties::getReusePolicy, adapter::reusePolicy);
    set("unused-pool-timeout", AdapterProperties::getUnusedPoolTimeout, adapter::unusedPoolTimeout);
    set(
        "max-body-size",
        AdapterProperties::getMaxBodySize,
        size -> adapter.maxBodyBytes(size.toBytes()));
    set("max-connections", AdapterProperties::getMaxConnections, adapter::maxConnections);
    set(
        "leak-detection-threshold",
        AdapterProperties::getLeakDetectionThreshold,
        adapter::leakDetectionThreshold);
    set(
        "receive-buffer-size",
        AdapterProperties::getReceiveBufferSize,
        size -> adapter.socketOption(StandardSocketOptions.SO_RCVBUF, bytes(size)));
    applyBudget(adapter);
    return adapter.timeout(timeout()).maxRetries(retry());
  }

  private static int bytes(DataSize size) {
    long bytes = size.toBytes();
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("size must be less than 2 GB: " + size);
    }
    return (int) bytes;
  }

  private Timeout timeout() {
    Timeout.Builder timeout = Timeout.builder();
    set("connect-timeout", AdapterProperties::getConnectTimeout, timeout::connect);
    set("read-timeout", AdapterProperties::getReadTimeout, timeout::read);
    set("total-timeout", AdapterProperties::getTotalTimeout, timeout::total);
    return timeout.build();
  }

  private Retry retry() {
    Retry.Builder retry = Retry.builder().total(0);
    set(
        form("retry.total", p -> p.getRetry().getTotal(), retry::total),
        form("max-retries", AdapterProperties::getMaxRetries, retry::total));
    set("retry.connect", p -> p.getRetry().getConnect(), retry::connect);
    set("retry.read", p -> p.getRetry().getRead(), retry::read);
    set("retry.redirect", p -> p.getRetry().getRedirect(), retry::redirect);
    set("retry.status", p -> p.getRetry().getStatus(), retry::status);
    set("retry.other", p -> p.getRetry().getOther(), retry::other);
    set(
        "retry.allowed-methods",
        p -> p.getRetry().getAllowedMethods(),
        methods -> allow(methods, retry));
    set("retry.status-forcelist", p -> p.getRetry().getStatusForcelist(), retry::statusForcelist);
    set("retry.backoff-factor", p -> p.getRetry().getBackoffFactor(), retry::backoffFactor);
    set("retry.backoff-max", p -> p.getRetry().getBackoffMax(), retry::backoffMax);
    set("retry.backoff-jitter", p -> p.getRetry().getBackoffJitter(), retry::backoffJitter);
    set(
        "retry.respect-retry-after",
        p -> p.getRetry().getRespectRetryAfter(),
        retry::respectRetryAfterHeader);
    set("retry.retry-after-max", p -> p.getRetry().getRetryAfterMax(), retry::retryAfterMax);
    set("retry.raise-on-status", p -> p.getRetry().getRaiseOnStatus(), retry::raiseOnStatus);
    return retry.build();
  }

  private static void allow(Set<String> methods, Retry.Builder retry) {
    if (methods.contains(EVERY_METHOD)) {
      retry.allowAllMethods();
    } else {
      retry.allowedMethods(methods);
    }
  }

  /** There is a budget where one of its settings is set. */
  private void applyBudget(HttpAdapter.Builder adapter) {
    RetryBudget.Builder budget = RetryBudget.builder();
    set(
        "retry.budget.ratio",
        p -> p.getRetry().getBudget().getRatio(),
        ratio -> adapter.retryBudget(budget.ratio(ratio).build()));
    set(
        "retry.budget.min-per-second",
        p -> p.getRetry().getBudget().getMinPerSecond(),
        retries -> adapter.retryBudget(budget.minPerSecond(retries).build()));
    set(
        "retry.budget.window",
        p -> p.getRetry().getBudget().getWindow(),
        window -> adapter.retryBudget(budget.window(window).build()));
  }

  private <T> void set(
      String property, Function<AdapterProperties, @Nullable T> getter, Consumer<T> setter) {
    set(form(property, getter, setter));
  }

  /**
   * Applies one setting, which may have several forms: the first level that has one of them
   * decides, and replaces all forms of the levels below.
   */
  private void set(Form<?>... forms) {
    for (Level level : levels) {
      for (Form<?> form : forms) {
        Object value = form.apply(level);
        if (value != null) {
          written.put(form.property(), new Written(level.path(), value));
          return;
        }
      }
    }
  }

  private static <T> Form<T> form(
      String property, Function<AdapterProperties, @Nullable T> getter, Consumer<T> setter) {
    return new Form<>(property, getter, setter);
  }

  /** A property that a setting can be written as, and what it sets. */
  private record Form<T>(
      String property, Function<AdapterProperties, @Nullable T> getter, Consumer<T> setter) {

    /** Applies the value at {@code level} and returns it, null if there is none. */
    @Nullable T apply(Level level) {
      T value = getter.apply(level.properties());
      if (value != null) {
        try {
          setter.accept(value);
        } catch (IllegalArgumentException e) {
          throw BadProperty.of(level.path() + "." + property, value, e);
        }
      }
      return value;
    }
  }
}
