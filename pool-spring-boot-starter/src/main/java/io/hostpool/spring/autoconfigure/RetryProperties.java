package io.hostpool.spring.autoconfigure;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What can be set under {@code retry}. Null is not set. Not thread-safe. */
class RetryProperties {

  /** Number of retries in all, whatever their cause. The longer form of max-retries. */
  private @Nullable Integer total;

  /**
   * Number of times that opening a connection is tried again. By default only the total bounds it.
   */
  private @Nullable Integer connect;

  /**
   * Number of times that a request is sent again after it was sent and no response came. By default
   * only the total bounds it.
   */
  private @Nullable Integer read;

  /**
   * Number of redirects that the pool manager of an adapter follows when it is used without a
   * session, which counts by max-redirects. By default only the total bounds it.
   */
  private @Nullable Integer redirect;

  /**
   * Number of times that a request is sent again because of the status of its response. By default
   * only the total bounds it.
   */
  private @Nullable Integer status;

  /**
   * Number of times that other failures are tried again, for example those of TLS. By default only
   * the total bounds it.
   */
  private @Nullable Integer other;

  /** Methods that may be repeated after they were sent. An asterisk stands for every method. */
  private @Nullable Set<String> allowedMethods;

  /** Statuses of responses that are tried again. None by default. */
  private @Nullable Set<Integer> statusForcelist;

  /** Seconds that, doubled with every retry, are the pause before it. The first retry has none. */
  private @Nullable Double backoffFactor;

  /** Longest pause. */
  private @Nullable Duration backoffMax;

  /** Seconds of which a random part is added to each pause. */
  private @Nullable Double backoffJitter;

  /** Whether Retry-After of 413, 429 and 503 is followed. */
  private @Nullable Boolean respectRetryAfter;

  /** Longest Retry-After. Longer ones are cut to it. */
  private @Nullable Duration retryAfterMax;

  /**
   * Whether a status that remains after the last retry is an error. If not, the last response is
   * returned.
   */
  private @Nullable Boolean raiseOnStatus;

  /** How many retries all requests of an adapter may have together. */
  private final Budget budget = new Budget();

  public @Nullable Integer getTotal() {
    return total;
  }

  public void setTotal(@Nullable Integer total) {
    this.total = total;
  }

  public @Nullable Integer getConnect() {
    return connect;
  }

  public void setConnect(@Nullable Integer connect) {
    this.connect = connect;
  }

  public @Nullable Integer getRead() {
    return read;
  }

  public void setRead(@Nullable Integer read) {
    this.read = read;
  }

  public @Nullable Integer getRedirect() {
    return redirect;
  }

  public void setRedirect(@Nullable Integer redirect) {
    this.redirect = redirect;
  }

  public @Nullable Integer getStatus() {
    return status;
  }

  public void setStatus(@Nullable Integer status) {
    this.status = status;
  }

  public @Nullable Integer getOther() {
    return other;
  }

  public void setOther(@Nullable Integer other) {
    this.other = other;
  }

  public @Nullable Set<String> getAllowedMethods() {
    return allowedMethods;
  }

  public void setAllowedMethods(@Nullable Set<String> allowedMethods) {
    this.allowedMethods = allowedMethods;
  }

  public @Nullable Set<Integer> getStatusForcelist() {
    return statusForcelist;
  }

  public void setStatusForcelist(@Nullable Set<Integer> statusForcelist) {
    this.statusForcelist = statusForcelist;
  }

  public @Nullable Double getBackoffFactor() {
    return backoffFactor;
  }

  public void setBackoffFactor(@Nullable Double backoffFactor) {
    this.backoffFactor = backoffFactor;
  }

  public @Nullable Duration getBackoffMax() {
    return backoffMax;
  }

  public void setBackoffMax(@Nullable Duration backoffMax) {
    this.backoffMax = backoffMax;
  }

  public @Nullable Double getBackoffJitter() {
    return backoffJitter;
  }

  public void setBackoffJitter(@Nullable Double backoffJitter) {
    this.backoffJitter = backoffJitter;
  }

  public @Nullable Boolean getRespectRetryAfter() {
    return respectRetryAfter;
  }

  public void setRespectRetryAfter(@Nullable Boolean respectRetryAfter) {
    this.respectRetryAfter = respectRetryAfter;
  }

  public @Nullable Duration getRetryAfterMax() {
    return retryAfterMax;
  }

  public void setRetryAfterMax(@Nullable Duration retryAfterMax) {
    this.retryAfterMax = retryAfterMax;
  }

  public @Nullable Boolean getRaiseOnStatus() {
    return raiseOnStatus;
  }

  public void setRaiseOnStatus(@Nullable Boolean raiseOnStatus) {
    this.raiseOnStatus = raiseOnStatus;
  }

  public Budget getBudget() {
    return budget;
  }

  /** What can be set under {@code retry.budget}. Not thread-safe. */
  static class Budget {

    /**
     * Number of retries per request of the window. 0.2 if not set but another property of the
     * budget is.
     */
    private @Nullable Double ratio;

    /** Number of retries per second besides. 1 if not set but another property of the budget is. */
    private @Nullable Double minPerSecond;

    /**
     * Time over which requests and retries are counted, 1 second to 1 hour. 10 seconds if not set
     * but another property of the budget is.
     */
    private @Nullable Duration window;

    public @Nullable Double getRatio() {
      return ratio;
    }

    public void setRatio(@Nullable Double ratio) {
      this.ratio = ratio;
    }

    public @Nullable Double getMinPerSecond() {
      return minPerSecond;
    }

    public void setMinPerSecond(@Nullable Double minPerSecond) {
      this.minPerSecond = minPerSecond;
    }

    public @Nullable Duration getWindow() {
      return window;
    }

    public void setWindow(@Nullable Duration window) {
      this.window = window;
    }
  }
}
