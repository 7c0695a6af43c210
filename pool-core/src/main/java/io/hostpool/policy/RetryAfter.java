package io.hostpool.policy;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads a {@code Retry-After} value: whole seconds or an HTTP date (RFC 9110 section 10.2.3). Not
 * instantiable.
 */
public final class RetryAfter {

  /** Ten digits are more than three centuries. */
  private static final int MAX_DIGITS = 10;

  /** The three formats that RFC 9110 section 5.6.7 obliges every recipient to read. */
  private static final List<DateTimeFormatter> HTTP_DATES =
      List.of(
          format("EEE, d MMM yyyy HH:mm:ss 'GMT'"),
          twoDigitYear("EEEE, dd-MMM-", "' 'HH:mm:ss 'GMT'"),
          format("EEE MMM ppd HH:mm:ss yyyy"));

  private RetryAfter() {}

  /**
   * Returns how long the server asks to wait, zero for a date that is past, or empty if the value
   * is neither seconds nor a date.
   *
   * @param now the wall-clock time that a date is compared with
   */
  public static Optional<Duration> parse(String value, Instant now) {
    String trimmed = value.trim();
    if (isDigits(trimmed)) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(trimmed)));
    }
    for (DateTimeFormatter format : HTTP_DATES) {
      try {
        Instant then = ZonedDateTime.parse(trimmed, format).toInstant();
        Duration wait = Duration.between(now, then);
        return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
      } catch (DateTimeException notThisFormat) {
        // The next format may fit.
      }
    }
    return Optional.empty();
  }

  private static boolean isDigits(String value) {
    return !value.isEmpty()
        && value.length() <= MAX_DIGITS
        && value.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static DateTimeFormatter format(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }

  private static DateTimeFormatter twoDigitYear(String before, String after) {
    return new DateTimeFormatterBuilder()
        .appendPattern(before)
        .appendValueReduced(ChronoField.YEAR, 2, 2, 1970)
        .appendPattern(after)
        .toFormatter(Locale.ROOT)
        .withZone(ZoneOffset.UTC);
  }
}
