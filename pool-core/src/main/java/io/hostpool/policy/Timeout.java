package io.hostpool.policy;

import static io.hostpool.internal.time.Durations.NO_LIMIT;

import io.hostpool.internal.time.Durations;
import java.time.Duration;
import java.util.Optional;

/**
 * How long the steps of a request may take. Immutable; equal settings are equal values.
 *
 * <p>{@code connect} bounds resolving, connecting and the TLS handshake together. {@code read}
 * bounds each wait for the next bytes, so a server that keeps dripping never runs into it; over TLS
 * they come by the record, of up to 16 KiB, and each record has that time. {@code total} is a
 * wall-clock deadline over everything: waiting for a connection, resolving, connecting, sending,
 * every retry and its pause, and the body. urllib3: {@code Timeout}, whose {@code total} starts
 * anew with each retry and leaves waits, sleeps and body out.
 */
public final class Timeout {

  /** The connect timeout where none is given: 5 seconds. */
  public static final Duration DEFAULT_CONNECT = Duration.ofSeconds(5);

  /** The read timeout where none is given: 30 seconds. */
  public static final Duration DEFAULT_READ = Duration.ofSeconds(30);

  private static final Timeout DEFAULT = builder().build();
  private static final Timeout NONE = new Timeout(NO_LIMIT, NO_LIMIT, NO_LIMIT);

  private final long connectNanos;
  private final long readNanos;
  private final long totalNanos;

  private Timeout(long connectNanos, long readNanos, long totalNanos) {
    this.connectNanos = connectNanos;
    this.readNanos = readNanos;
    this.totalNanos = totalNanos;
  }

  /** Returns 5 seconds to connect, 30 seconds between reads, no total. */
  public static Timeout defaults() {
    return DEFAULT;
  }

  /**
   * Returns the given limits without a total.
   *
   * @throws IllegalArgumentException if one is zero or negative
   */
  public static Timeout of(Duration connect, Duration read) {
    return builder().connect(connect).read(read).build();
  }

  /** Returns no limits at all: a silent server holds the caller for ever. */
  public static Timeout none() {
    return NONE;
  }

  /** Returns a builder that starts from {@link #defaults()}. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that starts from these limits. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.connectNanos = connectNanos;
    builder.readNanos = readNanos;
    builder.totalNanos = totalNanos;
    return builder;
  }

  /** Returns the limit of opening a connection, empty if there is none. */
  public Optional<Duration> connect() {
    return optional(connectNanos);
  }

  /** Returns the limit of each wait for bytes, empty if there is none. */
  public Optional<Duration> read() {
    return optional(readNanos);
  }

  /** Returns the limit of the whole request, empty if there is none. */
  public Optional<Duration> total() {
    return optional(totalNanos);
  }

  /** Returns {@link #connect()} in nanoseconds or {@link Durations#NO_LIMIT}. */
  public long connectNanos() {
    return connectNanos;
  }

  /** Returns {@link #read()} in nanoseconds or {@link Durations#NO_LIMIT}. */
  public long readNanos() {
    return readNanos;
  }

  /** Returns {@link #total()} in nanoseconds or {@link Durations#NO_LIMIT}. */
  public long totalNanos() {
    return totalNanos;
  }

  private static Optional<Duration> optional(long nanos) {
    return nanos == NO_LIMIT ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Timeout that
        && connectNanos == that.connectNanos
        && readNanos == that.readNanos
        && totalNanos == that.totalNanos;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(31 * (31 * connectNanos + readNanos) + totalNanos);
  }

  @Override
  public String toString() {
    return "Timeout[connect="
        + Durations.text(connectNanos)
        + ", read="
        + Durations.text(readNanos)
        + ", total="
        + Durations.text(totalNanos)
        + "]";
  }

  /** Builds a {@link Timeout}. Not thread-safe. */
  public static final class Builder {
    private long connectNanos = DEFAULT_CONNECT.toNanos();
    private long readNanos = DEFAULT_READ.toNanos();
    private long totalNanos = NO_LIMIT;

    private Builder() {}

    /**
     * Limits resolving, connecting and the TLS handshake, together.
     *
     * @throws IllegalArgumentException if {@code connect} is zero or negative
     */
    public Builder connect(Duration connect) {
      connectNanos = Durations.positiveNanos(connect, "connect timeout");
      return this;
    }

    /**
     * Limits each wait for the next bytes of the response.
     *
     * @throws IllegalArgumentException if {@code read} is zero or negative
     */
    public Builder read(Duration read) {
      readNanos = Durations.positiveNanos(read, "read timeout");
      return this;
    }

    /**
     * Limits the whole request, from the call to the last byte of the body.
     *
     * @throws IllegalArgumentException if {@code total} is zero or negative
     */
    public Builder total(Duration total) {
      totalNanos = Durations.positiveNanos(total, "total timeout");
      return this;
    }

    /** Returns the time limits. */
    public Timeout build() {
      return new Timeout(connectNanos, readNanos, totalNanos);
    }
  }
}
