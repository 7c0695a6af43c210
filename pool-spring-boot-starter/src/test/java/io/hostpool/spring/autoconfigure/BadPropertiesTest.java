package io.hostpool.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
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
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** What an operator reads when the application does not start. */
@ExtendWith(OutputCaptureExtension.class)
class BadPropertiesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          hostpool.pool-connections  | 0            | must be 1 or more: 0
          hostpool.pool-maxsize      | -1           | must be 1 or more: -1
          hostpool.max-retries       | -2           | must be 0 or more: -2
          hostpool.connect-timeout   | 0s           | must be longer than 0
          hostpool.read-timeout      | -1s          | must be longer than 0
          hostpool.total-timeout     | 0s           | must be longer than 0
          hostpool.idle-timeout      | 0s           | must be longer than 0
          hostpool.max-lifetime      | -1m          | must not be negative
          hostpool.max-connections   | 0            | must be 1 or more: 0
          hostpool.max-uses          | 0            | must be 1 or more: 0
          hostpool.min-idle          | -1           | must be 0 or more: -1
          hostpool.unused-pool-timeout | 0s         | must be longer than 0
          hostpool.leak-detection-threshold | 0s    | must be longer than 0
          hostpool.pool-timeout      | 1s           | has no effect unless the pool blocks
          hostpool.max-pending       | 5            | has no effect unless the pool blocks
          hostpool.base-url          | example.com  | not an absolute URL
          hostpool.max-redirects     | -1           | must be 0 or more: -1
          hostpool.max-body-size     | -1B          | must be 0 or more: -1
          hostpool.retry.total       | -1           | must be 0 or more: -1
          hostpool.mounts.a.prefix   | api.test/    | mount prefix must start with scheme://
          hostpool.mounts.a.prefix   | http://a b/  | malformed host
          """)
  void badValueIsNamedWithItsPropertyAndItsReason(
      String property, String value, String reason, CapturedOutput output) {
    startWith(Map.of(property, value));

    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .contains("for configuration property '" + property + "' (originating from")
        .contains(named(property, reason));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          hostpool.pool-timeout           | -1s  | must not be negative
          hostpool.max-pending            | -1   | must be 0 or more: -1
          hostpool.mounts.a.pool-maxsize  | 0    | must be 1 or more: 0
          hostpool.mounts.a.read-timeout  | 0s   | must be longer than 0
          hostpool.mounts.a.max-body-size | -1B  | must be 0 or more: -1
          hostpool.retry.connect          | -1   | must be 0 or more: -1
          hostpool.retry.read             | -2   | must be 0 or more: -2
          hostpool.retry.redirect         | -3   | must be 0 or more: -3
          hostpool.retry.status           | -4   | must be 0 or more: -4
          hostpool.retry.other            | -5   | must be 0 or more: -5
          hostpool.retry.status-forcelist | 5030 | not a status code: 5030
          hostpool.retry.backoff-factor   | -0.5 | must be 0 or more seconds: -0.5
          hostpool.retry.backoff-max      | -1s  | must not be negative
          hostpool.retry.backoff-jitter   | NaN  | must be 0 or more seconds
          hostpool.retry.retry-after-max  | -1s  | must not be negative
          hostpool.receive-buffer-size    | 0B   | must be 1 or more: 0
          hostpool.receive-buffer-size    | 2GB  | must be less than 2 GB
          hostpool.retry.budget.ratio     | 11   | must be 0 to 10: 11.0
          hostpool.retry.budget.window    | 10ms | must be 1 second to 1 hour
          hostpool.mounts.a.max-uses      | 0    | must be 1 or more: 0
          hostpool.mounts.a.min-idle      | -2   | must be 0 or more: -2
          hostpool.mounts.a.retry.budget.min-per-second | -1 | must be 0 to 1000000: -1.0
          hostpool.mounts.a.unused-pool-timeout | 0s | must be longer than 0
          hostpool.mounts.a.retry.total   | -1   | must be 0 or more: -1
          hostpool.mounts.a.retry.read    | -1   | must be 0 or more: -1
          """)
  void badValueIsNamedWhereThePoolBlocksAndRetries(
      String property, String value, String reason, CapturedOutput output) {
    Map<String, Object> properties =
        new HashMap<>(
            Map.of(
                "hostpool.pool-block",
                "true",
                "hostpool.retry.total",
                "1",
                "hostpool.mounts.a.prefix",
                "http://a.example/"));
    properties.put(property, value);

    startWith(properties);

    assertThat(output)
        .contains("for configuration property '" + property + "' (originating from")
        .contains(named(property, reason));
  }

  @ParameterizedTest
  @CsvSource({
    "hostpool.when-exhausted, foo",
    "hostpool.pool-maxsize, many",
    "hostpool.reuse-policy, random",
    "hostpool.mounts.a.pool-maxsize, many",
    "hostpool.max-body-size, large",
    "hostpool.retry.total, often",
    "hostpool.retry.status-forcelist, 5xx",
    "hostpool.mounts.a.retry.backoff-max, soon"
  })
  void valueOfAnotherTypeIsNamedWithItsOrigin(
      String property, String value, CapturedOutput output) {
    startWith(Map.of(property, value));

    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .contains("Property: " + property)
        .contains("Value: \"" + value + "\"")
        .contains("Origin: \"" + property + "\"");
  }

  @ParameterizedTest
  @CsvSource({
    "hostpool.retry.backoff-factor, 0.5, hostpool",
    "hostpool.retry.allowed-methods, GET, hostpool",
    "hostpool.retry.respect-retry-after, true, hostpool",
    "hostpool.retry.budget.ratio, 0.1, hostpool",
    "hostpool.mounts.a.retry.connect, 2, hostpool.mounts.a"
  })
  void retrySettingWithoutANumberOfRetriesIsRefused(
      String property, String value, String path, CapturedOutput output) {
    startWith(Map.of("hostpool.mounts.a.prefix", "http://a.example/", property, value));

    assertThat(output)
        .contains("for configuration property '" + property + "' (originating from")
        .contains("needs a number of retries. Set " + path + ".retry.total or remove it");
  }

  @Test
  void contradictionOfBothNumbersOfRetriesIsRefused(CapturedOutput output) {
    startWith(Map.of("hostpool.max-retries", "2", "hostpool.retry.total", "3"));

    assertThat(output)
        .contains("for configuration property 'hostpool.retry.total' (originating from")
        .contains("contradicts hostpool.max-retries=2. Set only one of them");
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

  @ParameterizedTest
  @CsvSource({
    "https://a.example/, HTTPS://A.example/",
    "https://a.example/v1, https://a.example:443/v1"
  })
  void onePrefixInTwoSpellingsWithTwoSettingsIsRefused(
      String one, String other, CapturedOutput output) {
    startWith(
        Map.of(
            "hostpool.mounts.a.prefix", one,
            "hostpool.mounts.b.prefix", other,
            "hostpool.mounts.b.pool-maxsize", "2"));

    assertThat(output)
        .containsPattern("'hostpool.mounts.[ab].prefix' \\(originating from")
        .containsPattern("is the prefix of hostpool.mounts.[ab] too, with other settings. Remove");
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

  @ParameterizedTest
  @CsvSource({
    "HOSTPOOL_HEADERS_AUTHORIZATION, hostpool.headers.Authorization",
    "HOSTPOOL_BASEURL, hostpool.base-url"
  })
  void originOfASecretIsFoundInTheEnvironmentToo(
      String variable, String property, CapturedOutput output) {
    startWith(Map.of(), Map.of(variable, "https://sesame\nopen@a.example/"));

    assertThat(output)
        .containsIgnoringCase("'" + property + "' (originating from")
        .contains(variable);
    assertThat(output.getAll()).doesNotContain("sesame");
  }

  @Test
  void originOfASecretIsFoundUnderAnotherSpelling(CapturedOutput output) {
    startWith(Map.of("hostpool.baseUrl", "https://user:pass@bad host/"));

    assertThat(output).contains("'hostpool.base-url' (originating from '\"hostpool.baseUrl\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          https://user:pass@bad host/      | malformed host in URL "https://bad host/"
          https://user:pass@h:99999/       | port must be 1 to 65535 in URL "https://h:99999/"
          https://user:pass?x@h/           | malformed before its last '@'
          https://user:pass#x@h/           | malformed before its last '@'
          https://h:99999/?a@b&t=pass c    | malformed before its last '@'
          https://h:99999/?t=pass          | port must be 1 to 65535 in URL "https://h:99999/?…"
          https://h:99999/#pass            | port must be 1 to 65535 in URL "https://h:99999/#…"
          user:pass@h/                     | not an absolute URL
          """)
  void passwordOrQueryOfABaseUrlThatIsRefusedIsNotPrinted(
      String url, String reason, CapturedOutput output) {
    startWith(Map.of("hostpool.base-url", url));

    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .contains("'hostpool.base-url' (originating from")
        .contains(reason);
    assertThat(output.getAll()).doesNotContain("pass");
  }

  @Test
  void passwordInAPrefixIsNotPrinted(CapturedOutput output) {
    startWith(Map.of("hostpool.mounts.a.prefix", "https://user:pass@a.example/"));

    assertThat(output)
        .contains("'hostpool.mounts.a.prefix' (originating from")
        .contains("must not have a user");
    assertThat(output.getAll()).doesNotContain("pass");
  }

  @ParameterizedTest
  @CsvSource({
    "hostpool.mounts.a.prefix, https://a.example/?sesame, hostpool.mounts.a.prefix",
    "hostpool.mounts[https://a.example/?sesame].pool-maxsize, 5, hostpool.mounts",
    "hostpool.mounts[https://a.example/#sesame].pool-maxsize, 5, hostpool.mounts"
  })
  void queryOfAPrefixIsNotPrinted(
      String property, String value, String named, CapturedOutput output) {
    startWith(Map.of(property, value));

    assertThat(output).contains("configuration property '" + named + "'").contains("a query");
    assertThat(output.getAll()).doesNotContain("sesame");
  }

  @Test
  void passwordInAKeyThatIsAPrefixIsNotPrinted(CapturedOutput output) {
    startWith(Map.of("hostpool.mounts[https://user:pass@a.example/].pool-maxsize", "0"));

    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .contains("configuration property 'hostpool.mounts'")
        .contains("must not contain '@'");
    assertThat(output.getAll()).doesNotContain("pass");
  }

  @Test
  void nameOfAHeaderThatMayHoldAPasswordIsNotPrinted(CapturedOutput output) {
    startWith(Map.of("hostpool.headers[Proxy: http://user:pass@a]", "x"));

    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .contains("configuration property 'hostpool.headers'");
    assertThat(output.getAll()).doesNotContain("pass");
  }

  @Test
  void mountWithTheNameOfTheBuiltInAdapterIsRefused(CapturedOutput output) {
    startWith(Map.of("hostpool.mounts.default.prefix", "https://a.example/"));

    assertThat(output)
        .contains("'hostpool.mounts.default.prefix' (originating from")
        .contains("belongs to a mount named default, the name of the adapter for all other URLs");
  }

  @Test
  void mountWithoutAPrefixIsNamedWithItsOrigin(CapturedOutput output) {
    startWith(Map.of("hostpool.mounts.a.pool-maxsize", "5"));

    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .contains("'hostpool.mounts.a' (originating from ")
        .contains(
            "has no prefix. Set hostpool.mounts.a.prefix, for example https://api.example.com/");
  }

  @Test
  void defaultMountWithoutAPrefixIsSentToTheTopLevel(CapturedOutput output) {
    startWith(Map.of("hostpool.mounts.default.pool-maxsize", "5"));

    assertThat(output)
        .contains("'hostpool.mounts.default' (originating from")
        .contains("Set the properties of that adapter under hostpool itself");
  }

  @Test
  void malformedKeyThatIsAPrefixIsNamedWithItsOrigin(CapturedOutput output) {
    startWith(Map.of("hostpool.mounts[https://a b/].pool-maxsize", "5"));

    assertThat(output)
        .contains("'hostpool.mounts.https://a b/' (originating from")
        .contains("malformed host in URL");
  }

  @Test
  void mountWithoutAPrefixIsFoundInTheEnvironmentToo(CapturedOutput output) {
    startWith(Map.of(), Map.of("HOSTPOOL_MOUNTS_A_POOLMAXSIZE", "5"));

    assertThat(output)
        .contains("'hostpool.mounts.a' (originating from")
        .contains("HOSTPOOL_MOUNTS_A_POOLMAXSIZE");
  }

  /** A reason that says what a value must be begins with the property that the user wrote. */
  private static String named(String property, String reason) {
    return reason.startsWith("must ") ? "\n\n" + property + " " + reason : reason;
  }

  private static void startWith(Map<String, Object> properties) {
    startWith(properties, Map.of());
  }

  private static void startWith(Map<String, Object> properties, Map<String, Object> variables) {
    SpringApplication application =
        new SpringApplicationBuilder(Application.class)
            .web(WebApplicationType.NONE)
            .properties(properties)
            .environment(new VariablesEnvironment(variables))
            .build();
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> application.run().close())
        .isInstanceOf(Exception.class);
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {}

  /** An environment whose variables are given, read as those of the system are. */
  private static final class VariablesEnvironment extends StandardEnvironment {
    VariablesEnvironment(Map<String, Object> variables) {
      getPropertySources()
          .replace(
              SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
              new SystemEnvironmentPropertySource(
                  SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
    }
  }
}
