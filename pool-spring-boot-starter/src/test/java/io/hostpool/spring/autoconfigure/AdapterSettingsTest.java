package io.hostpool.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.hostpool.policy.ReusePolicy;
import io.hostpool.policy.WhenExhausted;
import java.beans.PropertyDescriptor;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.BeanUtils;
import org.springframework.beans.BeanWrapperImpl;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
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
          ReusePolicy.class, new Object[] {ReusePolicy.LIFO, ReusePolicy.FIFO},
          Set.class, new Object[] {Set.of(), Set.of(503)},
          WhenExhausted.class, new Object[] {WhenExhausted.FAIL, WhenExhausted.BLOCK});

  static Stream<Arguments> settings() {
    return settings("", AdapterProperties.class);
  }

  private static Stream<Arguments> settings(String parent, Class<?> type) {
    return Arrays.stream(BeanUtils.getPropertyDescriptors(type))
        .filter(property -> !property.getName().equals("class"))
        .flatMap(
            property ->
                property.getWriteMethod() == null
                    ? settings(parent + property.getName() + ".", property.getPropertyType())
                    : Stream.of(argumentsOf(parent, property)));
  }

  private static Arguments argumentsOf(String parent, PropertyDescriptor property) {
    Object[] values = VALUES.get(property.getPropertyType());
    return property.getName().equals("allowedMethods")
        ? arguments(parent + "allowedMethods", Set.of(), Set.of("PUT"))
        : arguments(parent + property.getName(), values[0], values[1]);
  }

  @ParameterizedTest
  @MethodSource("settings")
  void mountInheritsEachSettingUntilItSetsItItself(String path, Object inherited, Object own) {
    String property = DataObjectPropertyName.toDashedForm(path);
    AdapterSettings top = AdapterSettings.of(with(new HostpoolProperties(), path, inherited));

    AdapterSettings plain = top.mount("a", new HostpoolProperties.Mount());
    AdapterSettings mount = top.mount("b", with(new HostpoolProperties.Mount(), path, own));

    assertThat(top.value(property)).isEqualTo(inherited);
    assertThat(plain.value(property)).isEqualTo(inherited);
    assertThat(plain.ownProperties()).isEmpty();
    assertThat(mount.value(property)).isEqualTo(own);
    assertThat(mount.ownProperties()).containsExactly(property);
  }

  @Test
  void oneFormOfASettingReplacesTheOtherThatIsInherited() {
    HostpoolProperties top = new HostpoolProperties();
    top.setWhenExhausted(WhenExhausted.FAIL);
    top.getRetry().setTotal(3);
    HostpoolProperties.Mount mount = new HostpoolProperties.Mount();
    mount.setPoolBlock(true);
    mount.setMaxRetries(1);

    AdapterSettings settings = AdapterSettings.of(top).mount("a", mount);

    assertThat(settings.value("when-exhausted")).isNull();
    assertThat(settings.value("pool-block")).isEqualTo(true);
    assertThat(settings.value("retry.total")).isNull();
    assertThat(settings.value("max-retries")).isEqualTo(1);
  }

  private static <T> T with(T properties, String path, Object value) {
    new BeanWrapperImpl(properties).setPropertyValue(path, value);
    return properties;
  }
}
