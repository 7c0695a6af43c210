package io.hostpool.pool;

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

  /** More than three centuries; where more digits stand, the number counts as this one. */
  private static final long MANY_SECONDS = 9_999_999_999L;

  private static final int MAX_DIGITS = 10;

  /** The longest date, and some blanks. */
  private static final int MAX_DATE_LENGTH = 64;

  /**
   * The three formats that RFC 9110 section 5.6.7 obliges every recipient to read, without the day
   * of the week, which says nothing that the date does not.
   */
  private static final List<DateTimeFormatter> HTTP_DATES =
      List.of(
          format(
              new DateTimeFormatterBuilder().appendPattern("d MMM yyyy HH:mm:ss ['GMT']['UTC']")),
          format(
              new DateTimeFormatterBuilder()
                  .appendPattern("d-MMM-")
                  .appendValueReduced(ChronoField.YEAR, 2, 2, 1970)
                  .appendPattern(" HH:mm:ss ['GMT']['UTC']")),
          format(new DateTimeFormatterBuilder().appendPattern("MMM ppd HH:mm:ss yyyy")));

  private RetryAfter() {}

  /**
   * Returns how long the server asks to wait, zero for a date that is past, or empty if the value
   * is neither seconds nor a date.
   *
   * @param now the wall-clock time that a date is compared with
   */
  public static Optional<Duration> parse(String value, Instant now) {
    String trimmed = value.strip();
    if (isDigits(trimmed)) {
      boolean fits = trimmed.length() <= MAX_DIGITS;
      return Optional.of(Duration.ofSeconds(fits ? Long.parseLong(trimmed) : MANY_SECONDS));
    }
    if (trimmed.length() > MAX_DATE_LENGTH) {
      return Optional.empty();
    }
    String date = withoutDayOfWeek(trimmed);
    for (DateTimeFormatter format : HTTP_DATES) {
      try {
        Instant then = ZonedDateTime.parse(date, format).toInstant();
        Duration wait = Duration.between(now, then);
        return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
      } catch (DateTimeException notThisFormat) {
        // The next format may fit.
      }
    }
    return Optional.empty();
  }

  private static String withoutDayOfWeek(String date) {
    int blank = date.indexOf(' ');
    return blank < 0 ? date : date.substring(blank + 1);
  }

  private static boolean isDigits(String value) {
    return !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static DateTimeFormatter format(DateTimeFormatterBuilder date) {
    // Not the root locale: its months and days have no names in CLDR.
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .append(date.toFormatter(Locale.ENGLISH))
        .toFormatter(Locale.ENGLISH)
        .withZone(ZoneOffset.UTC);
  }
}
