package io.hostpool.net;

import java.util.Objects;

/**
 * Bounds of what a server may send before its response is refused. Immutable; equal settings are
 * equal values.
 */
public final class WireLimits {

  private static final WireLimits DEFAULT = builder().build();

  private final int maxLineBytes;
  private final int maxChunkLineBytes;
  private final int maxHeaders;
  private final int maxHeadBytes;
  private final int maxInterimResponses;
  private final int maxDrainBytes;

  private WireLimits(Builder builder) {
    this.maxLineBytes = builder.maxLineBytes;
    this.maxChunkLineBytes = builder.maxChunkLineBytes;
    this.maxHeaders = builder.maxHeaders;
    this.maxHeadBytes = builder.maxHeadBytes;
    this.maxInterimResponses = builder.maxInterimResponses;
    this.maxDrainBytes = builder.maxDrainBytes;
  }

  /**
   * Returns lines of 64 KiB, chunk-size lines of 4 KiB, 100 header lines, 256 KiB of heads, 16
   * interim responses, 64 KiB drained.
   */
  public static WireLimits defaults() {
    return DEFAULT;
  }

  /** Returns a builder that starts from {@link #defaults()}. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the longest line of a head or a trailer, in bytes. */
  public int maxLineBytes() {
    return maxLineBytes;
  }

  /**
   * Returns the longest line before a chunk, its size and its extensions, in bytes. Four times as
   * much may come at any moment beyond 16 bytes for each chunk and two for each byte of data.
   */
  public int maxChunkLineBytes() {
    return maxChunkLineBytes;
  }

  /** Returns how many header lines, or trailer lines, a response may have, folded ones counted. */
  public int maxHeaders() {
    return maxHeaders;
  }

  /**
   * Returns how long the heads of an exchange may be together, those of interim responses among
   * them, with status lines and line ends, in bytes. All trailer lines together may be as long.
   */
  public int maxHeadBytes() {
    return maxHeadBytes;
  }

  /** Returns how many 1xx responses may come before the final one. */
  public int maxInterimResponses() {
    return maxInterimResponses;
  }

  /** Returns how much of an unread body is read to keep its connection; more costs it. */
  public int maxDrainBytes() {
    return maxDrainBytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WireLimits that
        && maxLineBytes == that.maxLineBytes
        && maxChunkLineBytes == that.maxChunkLineBytes
        && maxHeaders == that.maxHeaders
        && maxHeadBytes == that.maxHeadBytes
        && maxInterimResponses == that.maxInterimResponses
        && maxDrainBytes == that.maxDrainBytes;
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        maxLineBytes,
        maxChunkLineBytes,
        maxHeaders,
        maxHeadBytes,
        maxInterimResponses,
        maxDrainBytes);
  }

  /** Builds {@link WireLimits}. Not thread-safe. */
  public static final class Builder {
    private int maxLineBytes = 64 * 1024;
    private int maxChunkLineBytes = 4 * 1024;
    private int maxHeaders = 100;
    private int maxHeadBytes = 256 * 1024;
    private int maxInterimResponses = 16;
    private int maxDrainBytes = 64 * 1024;

    private Builder() {}

    /** Sets {@link WireLimits#maxLineBytes()}, at least 64; 64 KiB by default. */
    public Builder maxLineBytes(int bytes) {
      maxLineBytes = atLeast(64, bytes, "maxLineBytes");
      return this;
    }

    /**
     * Sets {@link WireLimits#maxChunkLineBytes()}, at least 64; 4 KiB by default. No more than a
     * line is read.
     */
    public Builder maxChunkLineBytes(int bytes) {
      maxChunkLineBytes = atLeast(64, bytes, "maxChunkLineBytes");
      return this;
    }

    /** Sets {@link WireLimits#maxHeaders()}, at least 1; 100 by default. */
    public Builder maxHeaders(int count) {
      maxHeaders = atLeast(1, count, "maxHeaders");
      return this;
    }

    /** Sets {@link WireLimits#maxHeadBytes()}, at least 64; 256 KiB by default. */
    public Builder maxHeadBytes(int bytes) {
      maxHeadBytes = atLeast(64, bytes, "maxHeadBytes");
      return this;
    }

    /** Sets {@link WireLimits#maxInterimResponses()}, at least 0; 16 by default. */
    public Builder maxInterimResponses(int count) {
      maxInterimResponses = atLeast(0, count, "maxInterimResponses");
      return this;
    }

    /**
     * Sets {@link WireLimits#maxDrainBytes()}, at least 0; 64 KiB by default. With 0 an unread body
     * always costs the connection.
     */
    public Builder maxDrainBytes(int bytes) {
      maxDrainBytes = atLeast(0, bytes, "maxDrainBytes");
      return this;
    }

    /** Returns the limits. */
    public WireLimits build() {
      return new WireLimits(this);
    }

    private static int atLeast(int min, int value, String name) {
      if (value < min) {
        throw new IllegalArgumentException(name + " must be " + min + " or more: " + value);
      }
      return value;
    }
  }
}
