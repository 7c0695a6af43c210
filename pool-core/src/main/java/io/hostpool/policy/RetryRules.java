package io.hostpool.policy;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What does not change from one attempt to the next. Immutable if its back-off is.
 *
 * @param allowedMethods null for every method
 */
record RetryRules(
    boolean disabled,
    @Nullable Set<String> allowedMethods,
    Set<Integer> statusForcelist,
    Backoff backoff,
    boolean respectRetryAfterHeader,
    Duration retryAfterMax,
    boolean raiseOnStatus,
    boolean raiseOnRedirect,
    Set<String> removeHeadersOnRedirect) {

  /** Statuses whose {@code Retry-After} is followed. */
  static final Set<Integer> RETRY_AFTER_STATUSES = Set.of(413, 429, 503);

  /** What counts the pause in nanoseconds must be able to: about 292 years. */
  private static final Duration LONGEST_PAUSE = Duration.ofNanos(Long.MAX_VALUE);

  boolean isMethodAllowed(String method) {
    return allowedMethods == null || allowedMethods.contains(method.toUpperCase(Locale.ROOT));
  }

  /**
   * Returns whether a response is tried again.
   *
   * @param total the retries that are left in all
   */
  boolean isStatusRetried(Attempt attempt, boolean hasRetryAfter, int total) {
    if (disabled || !isMethodAllowed(attempt.method())) {
      return false;
    }
    if (statusForcelist.contains(attempt.status())) {
      return true;
    }
    // As in urllib3: without a retry left the response itself is the answer, not an error.
    return respectRetryAfterHeader
        && hasRetryAfter
        && total > 0
        && total != RetryCounts.UNLIMITED
        && RETRY_AFTER_STATUSES.contains(attempt.status());
  }

  /** Returns the pause that the server asked for, zero if it asked for none or is not heard. */
  Duration asked(@Nullable Duration retryAfter) {
    if (retryAfter == null || !respectRetryAfterHeader) {
      return Duration.ZERO;
    }
    return bounded(retryAfter.compareTo(retryAfterMax) > 0 ? retryAfterMax : retryAfter);
  }

  /** Returns the pause that the server asked for, else that of the back-off. */
  Duration pause(@Nullable Duration retryAfter, int failures) {
    Duration asked = asked(retryAfter);
    return asked.isZero() ? bounded(backoff.pause(failures)) : asked;
  }

  private static Duration bounded(Duration pause) {
    if (pause.isNegative()) {
      return Duration.ZERO;
    }
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }
}
