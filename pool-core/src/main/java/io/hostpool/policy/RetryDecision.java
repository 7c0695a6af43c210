package io.hostpool.policy;

import java.time.Duration;

/** What a {@link Retry} answers after an attempt. Immutable. */
public sealed interface RetryDecision {

  /**
   * The request is to be sent again.
   *
   * @param next the policy for the attempt after this one, with its counts reduced
   * @param pause how long to wait first; zero means at once
   */
  record Again(Retry next, Duration pause) implements RetryDecision {}

  /**
   * The request is not to be sent again.
   *
   * @param exhausted true if the policy would have repeated it but its counts are used up; false if
   *     it never repeats such an outcome, which then goes to the caller unwrapped
   */
  record GiveUp(boolean exhausted) implements RetryDecision {}
}
