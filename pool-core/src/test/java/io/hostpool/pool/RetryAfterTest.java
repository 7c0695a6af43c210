package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostpool.policy.Retry;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a {@code Retry-After} may say. Upstream: test_parse_retry_after and those beside it. */
class RetryAfterTest {

  private static final Instant NOW = Instant.parse("2019-06-03T11:00:00Z");

  /** Upstream: test_parse_retry_after, test_respect_retry_after_header_sleep. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "0|0",
        "1000|1000",
        "\t42 |42",
        "007|7",
        "Mon, 3 Jun 2019 12:00:00 UTC|3600",
        "Mon, 3 Jun 2019 11:00:00 UTC|0",
        "Mon, 03 Jun 2019 11:30:12 GMT|1812",
        "Monday, 03-Jun-19 11:30:12 GMT|1812",
        "Mon Jun  3 11:30:12 2019|1812",
        "Mon Jun 10 11:00:00 2019|604800",
      })
  void secondsAndAllThreeDateFormatsAreRead(String value, long seconds) {
    assertThat(RetryAfter.parse(value, NOW)).contains(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
      })
  void dateThatIsPastIsNow(String value) {
    assertThat(RetryAfter.parse(value, NOW)).contains(Duration.ZERO);
  }

  /** As urllib3, which looks at neither. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Fri, 03 Jun 2019 11:30:12 GMT",
        "mon, 03 JUN 2019 11:30:12 gmt",
        "Fri Jun  3 11:30:12 2019"
      })
  void wrongDayOfTheWeekAndLetterCaseAreOverlooked(String value) {
    assertThat(RetryAfter.parse(value, NOW)).contains(Duration.ofSeconds(1812));
  }

  /** Upstream: test_parse_retry_after_invalid. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-1",
        "+1",
        "1.0",
        "1,5",
        "1e3",
        "0x10",
        "\u00b2",
        "\u0663",
        "soon",
        "12 34",
        "Mon, 32 Jun 2019 11:30:12 GMT",
        "Mon, 03 Jun 2019 25:30:12 GMT",
        "Mon, 03 Jun 2019 11:30:12 CET",
        "2019-06-03T11:30:12Z",
      })
  void rubbishIsNothing(String value) {
    assertThat(RetryAfter.parse(value, NOW)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9999999999",
        "99999999999",
        "9223372036854775808",
        "99999999999999999999999999999999999999",
        "Fri, 31 Dec 9999 23:59:59 GMT",
      })
  void hugeWaitIsAWaitThatThePolicyCaps(String value) {
    Duration wait = RetryAfter.parse(value, NOW).orElseThrow();

    assertThat(wait).isGreaterThan(Retry.DEFAULT_RETRY_AFTER_MAX);
  }

  @Test
  void longTextTakesNoLongTime() {
    assertThat(RetryAfter.parse("9".repeat(1_000_000), NOW)).isPresent();
    assertThat(RetryAfter.parse(" ".repeat(1_000_000) + "x", NOW)).isEmpty();
    assertThat(RetryAfter.parse("Mon, ".repeat(200_000), NOW)).isEmpty();
  }

  @Test
  void languageOfTheMachineDoesNotMatter() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      assertThat(RetryAfter.parse("Mon, 03 Jun 2019 11:30:12 GMT", NOW))
          .contains(Duration.ofSeconds(1812));
    } finally {
      Locale.setDefault(before);
    }
  }
}
