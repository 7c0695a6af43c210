package io.hostpool.policy;

import io.hostpool.error.HttpException;
import io.hostpool.internal.time.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides after each attempt whether a request is sent again, and after which pause. Immutable:
 * each decision to go on brings the policy for the next attempt, with its counts reduced and its
 * history longer by one. It never sleeps. urllib3: {@code Retry}, with the same counts and
 * defaults.
 *
 * <p>{@code total} bounds everything; the other counts bound their own kind of failure and are
 * unlimited where not given. Failures before the request was sent are repeated for every method;
 * once a byte may have left, only for {@link Builder#allowedMethods} or a request that carries an
 * {@code Idempotency-Key}.
 */
public final class Retry {

  /** A count that never runs out. */
  public static final int UNLIMITED = RetryCounts.UNLIMITED;

  /** Methods that may be repeated after they were sent, RFC 9110 section 9.2.2. */
  public static final Set<String> DEFAULT_ALLOWED_METHODS =
      Set.of("HEAD", "GET", "PUT", "DELETE", "OPTIONS", "TRACE");

  /** Statuses whose {@code Retry-After} is followed. */
  public static final Set<Integer> RETRY_AFTER_STATUSES = RetryRules.RETRY_AFTER_STATUSES;

  /** Headers that another origin never sees after a redirect. */
  public static final Set<String> DEFAULT_REMOVE_HEADERS_ON_REDIRECT =
      Set.of("cookie", "authorization", "proxy-authorization");

  /** The longest {@code Retry-After} that is followed where none is given: 6 hours. */
  public static final Duration DEFAULT_RETRY_AFTER_MAX = Duration.ofHours(6);

  private static final Retry DEFAULT = of(3);
  private static final Retry NONE = builder().total(0).disabled().build();

  private final RetryCounts counts;
  private final RetryRules rules;
  private final List<Attempt> history;

  private Retry(RetryCounts counts, RetryRules rules, List<Attempt> history) {
    this.counts = counts;
    this.rules = rules;
    this.history = history;
  }

  /** Returns a policy of {@code total} retries without pauses; 0 tries once. */
  public static Retry of(int total) {
    return builder().total(total).build();
  }

  /**
   * Returns the policy that never repeats, follows no redirect below the session and never wraps a
   * failure. urllib3: {@code Retry(False)}.
   */
  public static Retry none() {
    return NONE;
  }

  /**
   * Returns three retries, as a pool has where nothing is given. urllib3: {@code Retry.DEFAULT}.
   */
  public static Retry defaults() {
    return DEFAULT;
  }

  /** Returns a builder that starts from ten retries, as {@code Retry()} does in urllib3. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns a builder that starts from this policy, without its history. A count that is set on the
   * builder of {@link #none()} makes it repeat again.
   */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /**
   * Decides after a failure.
   *
   * @param error what happened
   * @param mayRepeat whether the request says itself that it may be repeated, by an {@code
   *     Idempotency-Key}
   */
  public Decision afterError(Attempt attempt, HttpException error, boolean mayRepeat) {
    if (rules.disabled()) {
      return new Decision.GiveUp(false);
    }
    RetryCounts left = counts.afterError(error);
    boolean repeatable = !error.requestSent() || mayRepeat || isMethodAllowed(attempt.method());
    if (left == null || !repeatable) {
      return new Decision.GiveUp(false);
    }
    return again(left, attempt, null);
  }

  /**
   * Decides after a response that is not a redirect.
   *
   * @param retryAfter what the server asked for, or null if it asked for nothing
   */
  public Decision afterStatus(Attempt attempt, @Nullable Duration retryAfter) {
    if (!rules.isStatusRetried(attempt, retryAfter != null, counts.total())) {
      return new Decision.GiveUp(false);
    }
    return again(counts.afterStatus(), attempt, retryAfter);
  }

  /**
   * Decides after a redirect that would be followed.
   *
   * @param retryAfter what the server asked for, or null if it asked for nothing
   */
  public Decision afterRedirect(Attempt attempt, @Nullable Duration retryAfter) {
    if (!allowsRedirect()) {
      return new Decision.GiveUp(!rules.disabled());
    }
    return new Decision.Again(next(counts.afterRedirect(), attempt), rules.asked(retryAfter));
  }

  /** Returns whether one more redirect is followed. */
  public boolean allowsRedirect() {
    return !rules.disabled() && !counts.afterRedirect().isExhausted();
  }

  /** Returns whether {@code method} may be repeated after it was sent. */
  public boolean isMethodAllowed(String method) {
    return rules.isMethodAllowed(method);
  }

  /** Returns whether responses of this status are tried again whatever they say. */
  public boolean isStatusForced(int status) {
    return rules.statusForcelist().contains(status);
  }

  /** Returns the attempts so far, oldest first, unmodifiable. */
  public List<Attempt> history() {
    return history;
  }

  /** Returns how many retries are left in all. */
  public int total() {
    return counts.total();
  }

  /** Returns whether the last response is thrown as an error when the retries for it run out. */
  public boolean raiseOnStatus() {
    return rules.raiseOnStatus();
  }

  /** Returns whether running out of redirects is an error instead of the last redirect. */
  public boolean raiseOnRedirect() {
    return rules.raiseOnRedirect();
  }

  /** Returns the lower-case names of headers that are dropped on a redirect to another origin. */
  public Set<String> removeHeadersOnRedirect() {
    return rules.removeHeadersOnRedirect();
  }

  /** Returns whether this is {@link #none()}: every outcome goes to the caller as it is. */
  public boolean isDisabled() {
    return rules.disabled();
  }

  private Decision again(RetryCounts left, Attempt attempt, @Nullable Duration retryAfter) {
    if (left.isExhausted()) {
      return new Decision.GiveUp(true);
    }
    Retry next = next(left, attempt);
    return new Decision.Again(next, rules.pause(retryAfter, next.failuresSinceRedirect()));
  }

  private Retry next(RetryCounts left, Attempt attempt) {
    List<Attempt> longer = new ArrayList<>(history.size() + 1);
    longer.addAll(history);
    longer.add(attempt);
    return new Retry(left, rules, List.copyOf(longer));
  }

  private int failuresSinceRedirect() {
    int failures = 0;
    for (int i = history.size() - 1; i >= 0 && history.get(i).redirectLocation() == null; i--) {
      failures++;
    }
    return failures;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Retry that
        && counts.equals(that.counts)
        && rules.equals(that.rules)
        && history.equals(that.history);
  }

  @Override
  public int hashCode() {
    return Objects.hash(counts, rules, history);
  }

  /** Returns the counts that are left, {@code Retry[none]} for {@link #none()}. */
  @Override
  public String toString() {
    return rules.disabled() ? "Retry[none]" : "Retry[" + counts + "]";
  }

  /** What a policy answers after an attempt. Immutable. */
  public sealed interface Decision {

    /**
     * The request is to be sent again.
     *
     * @param next the policy for the attempt after this one, with its counts reduced
     * @param pause how long to wait first; zero means at once
     */
    record Again(Retry next, Duration pause) implements Decision {}

    /**
     * The request is not to be sent again.
     *
     * @param exhausted true if the policy would have repeated it but its counts are used up; false
     *     if it never repeats such an outcome, which then goes to the caller unwrapped
     */
    record GiveUp(boolean exhausted) implements Decision {}
  }

  /** Builds a {@link Retry}. Not thread-safe. Counts are 0 or more, or {@link #UNLIMITED}. */
  public static final class Builder {
    private int total = 10;
    private int connect = UNLIMITED;
    private int read = UNLIMITED;
    private int redirect = UNLIMITED;
    private int status = UNLIMITED;
    private int other = UNLIMITED;
    private boolean disabled;
    private @Nullable Set<String> allowedMethods = DEFAULT_ALLOWED_METHODS;
    private Set<Integer> statusForcelist = Set.of();
    private double backoffFactor;
    private Duration backoffMax = Backoff.DEFAULT_MAX;
    private double backoffJitter;
    private @Nullable Backoff backoff;
    private boolean respectRetryAfterHeader = true;
    private Duration retryAfterMax = DEFAULT_RETRY_AFTER_MAX;
    private boolean raiseOnStatus = true;
    private boolean raiseOnRedirect = true;
    private Set<String> removeHeadersOnRedirect = DEFAULT_REMOVE_HEADERS_ON_REDIRECT;

    private Builder() {}

    private Builder(Retry from) {
      total = from.counts.total();
      connect = from.counts.connect();
      read = from.counts.read();
      redirect = from.counts.redirect();
      status = from.counts.status();
      other = from.counts.other();
      disabled = from.rules.disabled();
      allowedMethods = from.rules.allowedMethods();
      statusForcelist = from.rules.statusForcelist();
      backoff = from.rules.backoff();
      respectRetryAfterHeader = from.rules.respectRetryAfterHeader();
      retryAfterMax = from.rules.retryAfterMax();
      raiseOnStatus = from.rules.raiseOnStatus();
      raiseOnRedirect = from.rules.raiseOnRedirect();
      removeHeadersOnRedirect = from.rules.removeHeadersOnRedirect();
      if (from.rules.backoff() instanceof ExponentialBackoff formula) {
        backoffFactor = formula.factor();
        backoffMax = formula.max();
        backoffJitter = formula.jitter();
        backoff = null;
      }
    }

    /** Sets how many retries there are in all, whatever their cause. Takes precedence. */
    public Builder total(int total) {
      this.total = count(total, "total");
      return this;
    }

    /** Sets how often opening a connection is tried again. */
    public Builder connect(int connect) {
      this.connect = count(connect, "connect");
      return this;
    }

    /** Sets how often a request is sent again after it was sent and no response came. */
    public Builder read(int read) {
      this.read = count(read, "read");
      return this;
    }

    /** Sets how many redirects are followed by a pool or its manager. */
    public Builder redirect(int redirect) {
      this.redirect = count(redirect, "redirect");
      return this;
    }

    /** Sets how often a request is sent again because of the status of its response. */
    public Builder status(int status) {
      this.status = count(status, "status");
      return this;
    }

    /** Sets how often other failures are tried again: TLS, proxy. */
    public Builder other(int other) {
      this.other = count(other, "other");
      return this;
    }

    /**
     * Sets the methods, in any letter case, that may be repeated after they were sent; {@link
     * Retry#DEFAULT_ALLOWED_METHODS} by default. An empty set allows none.
     */
    public Builder allowedMethods(Set<String> methods) {
      allowedMethods =
          methods.stream()
              .map(method -> method.toUpperCase(Locale.ROOT))
              .collect(Collectors.toUnmodifiableSet());
      return this;
    }

    /**
     * Lets every method be repeated after it was sent, POST included: the server may then see a
     * request twice. urllib3: {@code allowed_methods=None}.
     */
    public Builder allowAllMethods() {
      allowedMethods = null;
      return this;
    }

    /** Sets the statuses that are tried again; empty by default. */
    public Builder statusForcelist(Set<Integer> statuses) {
      for (int code : statuses) {
        if (code < 100 || code > 599) {
          throw new IllegalArgumentException("status-forcelist: not a status code: " + code);
        }
      }
      statusForcelist = Set.copyOf(statuses);
      return this;
    }

    /**
     * Sets the factor of {@link Backoff#exponential}, in seconds; 0 by default: no pauses.
     *
     * @throws IllegalArgumentException if it is negative or not a number
     */
    public Builder backoffFactor(double factor) {
      backoffFactor = ExponentialBackoff.requireFactor(factor);
      backoff = null;
      return this;
    }

    /**
     * Sets the longest pause, 120 seconds by default.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder backoffMax(Duration max) {
      backoffMax = ExponentialBackoff.requireMax(max);
      backoff = null;
      return this;
    }

    /**
     * Sets the random part of each pause, in seconds; 0 by default.
     *
     * @throws IllegalArgumentException if it is negative or not a number
     */
    public Builder backoffJitter(double jitter) {
      backoffJitter = ExponentialBackoff.requireJitter(jitter);
      backoff = null;
      return this;
    }

    /** Sets another strategy in place of factor, max and jitter. The last call wins. */
    public Builder backoff(Backoff backoff) {
      this.backoff = Objects.requireNonNull(backoff, "backoff");
      return this;
    }

    /** Sets whether {@code Retry-After} of 413, 429 and 503 is followed; true by default. */
    public Builder respectRetryAfterHeader(boolean respect) {
      respectRetryAfterHeader = respect;
      return this;
    }

    /** Sets the longest {@code Retry-After}; longer ones are cut to it. 6 hours by default. */
    public Builder retryAfterMax(Duration max) {
      Durations.nonNegativeNanos(max, "retry-after-max");
      retryAfterMax = max;
      return this;
    }

    /** Sets whether an exhausted status is an error; if not, the last response is returned. */
    public Builder raiseOnStatus(boolean raise) {
      raiseOnStatus = raise;
      return this;
    }

    /** Sets whether exhausted redirects are an error; if not, the last redirect is returned. */
    public Builder raiseOnRedirect(boolean raise) {
      raiseOnRedirect = raise;
      return this;
    }

    /** Sets the headers that are dropped on a redirect to another origin, in any letter case. */
    public Builder removeHeadersOnRedirect(Set<String> names) {
      removeHeadersOnRedirect =
          names.stream()
              .map(name -> name.toLowerCase(Locale.ROOT))
              .collect(Collectors.toUnmodifiableSet());
      return this;
    }

    private Builder disabled() {
      disabled = true;
      raiseOnRedirect = false;
      raiseOnStatus = false;
      return this;
    }

    /** Returns the policy. */
    public Retry build() {
      Backoff strategy =
          backoff != null
              ? backoff
              : new ExponentialBackoff(backoffFactor, backoffMax, backoffJitter);
      return new Retry(
          new RetryCounts(total, connect, read, redirect, status, other),
          new RetryRules(
              disabled,
              allowedMethods,
              statusForcelist,
              strategy,
              respectRetryAfterHeader,
              retryAfterMax,
              raiseOnStatus,
              raiseOnRedirect,
              removeHeadersOnRedirect),
          List.of());
    }

    private int count(int count, String name) {
      if (count < 0) {
        throw new IllegalArgumentException("retry " + name + " must be 0 or more: " + count);
      }
      disabled = false;
      return count;
    }
  }
}
