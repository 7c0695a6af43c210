package io.hostpool.spring.autoconfigure;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The number of retries, in both of its forms, and what else stands under {@code retry}. Immutable.
 *
 * @param maxRetries the shorter form of {@code retry.total}, null if not set
 */
record RetrySettings(@Nullable Integer maxRetries, HostpoolProperties.Retry retry) {

  static RetrySettings of(HostpoolProperties.Mount values) {
    return new RetrySettings(
        values.maxRetries(),
        Objects.requireNonNullElse(values.retry(), HostpoolProperties.Retry.UNSET));
  }

  /** Returns these settings with those that {@code own} sets in their place. */
  RetrySettings with(RetrySettings own) {
    HostpoolProperties.Retry to = own.retry;
    // Both properties for the number are one setting: what a mount says of it replaces both.
    RetrySettings number = own.hasNumber() ? own : this;
    return new RetrySettings(
        number.maxRetries,
        new HostpoolProperties.Retry(
            number.retry.total(),
            either(to.connect(), retry.connect()),
            either(to.read(), retry.read()),
            either(to.redirect(), retry.redirect()),
            either(to.status(), retry.status()),
            either(to.other(), retry.other()),
            either(to.allowedMethods(), retry.allowedMethods()),
            either(to.statusForcelist(), retry.statusForcelist()),
            either(to.backoffFactor(), retry.backoffFactor()),
            either(to.backoffMax(), retry.backoffMax()),
            either(to.backoffJitter(), retry.backoffJitter()),
            either(to.respectRetryAfter(), retry.respectRetryAfter()),
            either(to.retryAfterMax(), retry.retryAfterMax()),
            either(to.raiseOnStatus(), retry.raiseOnStatus())));
  }

  /** Returns whether one of the two properties says how often a request is repeated. */
  boolean hasNumber() {
    return maxRetries != null || retry.total() != null;
  }

  /** Returns whether the two properties say different numbers. */
  boolean contradicts() {
    return maxRetries != null && retry.total() != null && !maxRetries.equals(retry.total());
  }

  /** Returns the first property that is set beside the number, name and value. */
  Optional<Map.Entry<String, Object>> firstBesideNumber() {
    return Stream.of(
            set("connect", retry.connect()),
            set("read", retry.read()),
            set("redirect", retry.redirect()),
            set("status", retry.status()),
            set("other", retry.other()),
            set("allowed-methods", retry.allowedMethods()),
            set("status-forcelist", retry.statusForcelist()),
            set("backoff-factor", retry.backoffFactor()),
            set("backoff-max", retry.backoffMax()),
            set("backoff-jitter", retry.backoffJitter()),
            set("respect-retry-after", retry.respectRetryAfter()),
            set("retry-after-max", retry.retryAfterMax()),
            set("raise-on-status", retry.raiseOnStatus()))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<Map.Entry<String, Object>> set(String name, @Nullable Object value) {
    return Optional.ofNullable(value).map(v -> Map.entry("retry." + name, v));
  }

  private static <T> @Nullable T either(@Nullable T own, @Nullable T inherited) {
    return own != null ? own : inherited;
  }
}
