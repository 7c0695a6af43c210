package io.hostpool.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostpool.policy.WhenExhausted;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.unit.DataSize;

/** What a mount inherits. A setting that is added later is found by reflection. */
class AdapterSettingsTest {

  /** Two values of every type that a setting has. */
  private static final Map<Class<?>, Object[]> VALUES =
      Map.of(
          Integer.class, new Object[] {1, 2},
          Boolean.class, new Object[] {true, false},
          Double.class, new Object[] {0.5, 1.5},
          Duration.class, new Object[] {Duration.ofSeconds(1), Duration.ofSeconds(2)},
          DataSize.class, new Object[] {DataSize.ofBytes(1), DataSize.ofBytes(2)},
          Set.class, new Object[] {Set.of(), Set.of("x")},
          WhenExhausted.class, new Object[] {WhenExhausted.FAIL, WhenExhausted.BLOCK});

  static RecordComponent[] settings() {
    return Arrays.stream(HostpoolProperties.Mount.class.getRecordComponents())
        .filter(c -> !c.getName().equals("prefix") && !c.getType().isRecord())
        .toArray(RecordComponent[]::new);
  }

  static RecordComponent[] settingsOfRetries() {
    return HostpoolProperties.Retry.class.getRecordComponents();
  }

  @ParameterizedTest
  @MethodSource("settings")
  void mountInheritsEachSettingUntilItSetsItItself(RecordComponent setting) throws Exception {
    Object[] values = VALUES.get(setting.getType());
    AdapterSettings top =
        settings("hostpool", record(HostpoolProperties.Mount.class, setting, values[0]));

    AdapterSettings inherited =
        top.with("a", record(HostpoolProperties.Mount.class, setting, null));
    AdapterSettings own = top.with("b", record(HostpoolProperties.Mount.class, setting, values[1]));

    assertThat(setting.getAccessor().invoke(inherited.values())).isEqualTo(values[0]);
    assertThat(setting.getAccessor().invoke(own.values())).isEqualTo(values[1]);
  }

  @ParameterizedTest
  @MethodSource("settingsOfRetries")
  void mountInheritsEachSettingOfRetriesUntilItSetsItItself(RecordComponent setting)
      throws Exception {
    Object[] values = VALUES.get(setting.getType());
    AdapterSettings top = settings("hostpool", mount(setting, values[0]));

    AdapterSettings inherited = top.with("a", mount(setting, null));
    AdapterSettings own = top.with("b", mount(setting, values[1]));

    assertThat(setting.getAccessor().invoke(inherited.values().retry())).isEqualTo(values[0]);
    assertThat(setting.getAccessor().invoke(own.values().retry())).isEqualTo(values[1]);
  }

  private static AdapterSettings settings(String path, HostpoolProperties.Mount values) {
    return new AdapterSettings(path, null, values);
  }

  private static HostpoolProperties.Mount mount(RecordComponent setting, Object value)
      throws Exception {
    RecordComponent retry =
        Arrays.stream(HostpoolProperties.Mount.class.getRecordComponents())
            .filter(c -> c.getType() == HostpoolProperties.Retry.class)
            .findFirst()
            .orElseThrow();
    return record(
        HostpoolProperties.Mount.class,
        retry,
        record(HostpoolProperties.Retry.class, setting, value));
  }

  /** Returns a record that has {@code value} in one component and null in all others. */
  private static <T extends Record> T record(Class<T> type, RecordComponent component, Object value)
      throws Exception {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = components[i].getName().equals(component.getName()) ? value : null;
    }
    Constructor<T> constructor =
        type.getDeclaredConstructor(
            Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    return constructor.newInstance(values);
  }
}
