package io.hostpool.spring.autoconfigure;

import io.hostpool.policy.WhenExhausted;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/** Refuses properties that contradict each other or have no effect. Not instantiable. */
final class Contradictions {

  private static final List<String> NEED_A_WAIT = List.of("pool-timeout", "max-pending");

  private Contradictions() {}

  /**
   * Checks the settings of the top level, which may be meant for a mount that blocks or retries.
   *
   * @throws InvalidConfigurationPropertyValueException naming the property
   */
  static void check(AdapterSettings top, Map<String, AdapterSettings> mounts) {
    mounts.values().forEach(Contradictions::check);
    refuseTwoForms(top);
    if (mounts.values().stream().noneMatch(mount -> mode(mount) == WhenExhausted.BLOCK)) {
      refuseWaitWithoutBlocking(top);
    }
    if (mounts.values().stream().noneMatch(Contradictions::hasNumberOfRetries)) {
      refuseRetryWithoutNumber(top);
    }
  }

  private static void check(AdapterSettings mount) {
    refuseTwoForms(mount);
    refuseWaitWithoutBlocking(mount);
    refuseRetryWithoutNumber(mount);
  }

  /** The two forms of one setting must not say different things. */
  private static void refuseTwoForms(AdapterSettings settings) {
    Boolean block = settings.own().getPoolBlock();
    WhenExhausted mode = settings.own().getWhenExhausted();
    if (block != null && mode != null && block != (mode == WhenExhausted.BLOCK)) {
      throw contradiction(settings, "when-exhausted", mode, "pool-block=" + block);
    }
    Integer retries = settings.own().getMaxRetries();
    Integer total = settings.own().getRetry().getTotal();
    if (retries != null && total != null && !retries.equals(total)) {
      throw contradiction(settings, "retry.total", total, "max-retries=" + retries);
    }
  }

  private static InvalidConfigurationPropertyValueException contradiction(
      AdapterSettings settings, String property, Object value, String other) {
    return settings.invalid(
        property, value, "contradicts " + settings.path() + "." + other + ". Set only one of them");
  }

  private static void refuseWaitWithoutBlocking(AdapterSettings settings) {
    WhenExhausted mode = mode(settings);
    boolean waitsForTheLimit =
        mode == WhenExhausted.OVERFLOW && settings.value("max-connections") != null;
    if (mode == WhenExhausted.BLOCK || waitsForTheLimit) {
      return;
    }
    for (String property : settings.ownProperties()) {
      if (NEED_A_WAIT.contains(property)) {
        throw settings.invalid(
            property,
            settings.value(property),
            "has no effect unless the pool blocks or max-connections is set. Set "
                + settings.path()
                + ".pool-block=true or remove it");
      }
    }
  }

  private static void refuseRetryWithoutNumber(AdapterSettings settings) {
    if (hasNumberOfRetries(settings)) {
      return;
    }
    for (String property : settings.ownProperties()) {
      if (property.startsWith("retry.")) {
        throw settings.invalid(
            property,
            settings.value(property),
            "needs a number of retries. Set " + settings.path() + ".retry.total or remove it");
      }
    }
  }

  private static boolean hasNumberOfRetries(AdapterSettings settings) {
    return settings.value("retry.total") != null || settings.value("max-retries") != null;
  }

  private static WhenExhausted mode(AdapterSettings settings) {
    if (settings.value("when-exhausted") instanceof WhenExhausted mode) {
      return mode;
    }
    return Boolean.TRUE.equals(settings.value("pool-block"))
        ? WhenExhausted.BLOCK
        : WhenExhausted.OVERFLOW;
  }
}
