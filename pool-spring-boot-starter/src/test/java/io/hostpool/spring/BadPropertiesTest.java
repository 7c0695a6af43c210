package io.hostpool.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

/** What an operator reads when the application does not start. */
@ExtendWith(OutputCaptureExtension.class)
class BadPropertiesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          hostpool.pool-connections  | 0            | poolConnections must be 1 or more: 0
          hostpool.pool-maxsize      | -1           | poolMaxsize must be 1 or more: -1
          hostpool.max-retries       | -2           | retry total must be 0 or more: -2
          hostpool.connect-timeout   | 0s           | connect timeout must be longer than 0
          hostpool.read-timeout      | -1s          | read timeout must be longer than 0
          hostpool.total-timeout     | 0s           | total timeout must be longer than 0
          hostpool.idle-timeout      | 0s           | idleTimeout must be longer than 0
          hostpool.max-lifetime      | -1m          | maxLifetime must be longer than 0
          hostpool.max-connections   | 0            | maxConnections must be 1 or more: 0
          hostpool.leak-detection-threshold | 0s    | leakDetectionThreshold must be longer than 0
          hostpool.pool-timeout      | 1s           | has no effect unless the pool blocks
          hostpool.max-pending       | 5            | has no effect unless the pool blocks
          hostpool.base-url          | example.com  | not an absolute URL
          hostpool.mounts.a.prefix   | api.test/    | mount prefix must start with scheme://
          hostpool.mounts.a.pool-maxsize | 5        | the name of the mount is no prefix
          """)
  void badValueIsNamedWithItsPropertyAndItsReason(
      String property, String value, String reason, CapturedOutput output) {
    startWith(Map.of(property, value));

    assertThat(output).contains("APPLICATION FAILED TO START").contains(reason);
    if (!reason.startsWith("the name")) {
      assertThat(output)
          .contains("for configuration property '" + property + "' (originating from");
    }
  }

  @Test
  void unknownKeyIsNamedWithItsValueAndItsOrigin(CapturedOutput output) {
    startWith(Map.of("hostpool.pool-maxsice", "5"));

    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .contains("Property: hostpool.pool-maxsice")
        .contains("Value: \"5\"")
        .contains("Origin: ");
  }

  @Test
  void unknownKeyOfAMountIsNamed(CapturedOutput output) {
    startWith(
        Map.of(
            "hostpool.mounts.a.prefix", "http://a.example/", "hostpool.mounts.a.pool-size", "5"));

    assertThat(output).contains("Property: hostpool.mounts.a.pool-size");
  }

  @Test
  void onePrefixWithTwoSettingsIsRefused(CapturedOutput output) {
    startWith(
        Map.of(
            "hostpool.mounts.a.prefix", "http://a.example/",
            "hostpool.mounts.b.prefix", "http://a.example/",
            "hostpool.mounts.b.pool-maxsize", "2"));

    assertThat(output).contains("with other settings. Remove one of them");
  }

  @Test
  void contradictionOfBothModePropertiesIsRefused(CapturedOutput output) {
    startWith(Map.of("hostpool.pool-block", "true", "hostpool.when-exhausted", "fail"));

    assertThat(output).contains("contradicts hostpool.pool-block=true");
  }

  @Test
  void malformedHeaderIsNamedButItsValueIsNotPrinted(CapturedOutput output) {
    startWith(Map.of("hostpool.headers.Authorization", "sesame\nopen"));

    assertThat(output)
        .contains("hostpool.headers.Authorization")
        .contains("has a forbidden character (U+000A) at index 6");
    assertThat(output.getAll()).doesNotContain("sesame");
  }

  private static void startWith(Map<String, Object> properties) {
    SpringApplication application =
        new SpringApplicationBuilder(Application.class)
            .web(WebApplicationType.NONE)
            .properties(properties)
            .build();
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> application.run().close())
        .isInstanceOf(Exception.class);
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {}
}
