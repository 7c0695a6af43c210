package io.hostpool.stats;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of one pool at one instant, consistent with each other: {@code opened - closed = idle
 * + leased}. Counters start at 0 with the pool. Immutable.
 */
public final class PoolStats {

  private final String key;
  private final PoolState state;
  private final int max;
  private final int leased;
  private final int idle;
  private final int dialing;
  private final int pending;
  private final long created;
  private final long opened;
  private final Map<CloseReason, Long> closedBy;
  private final long reused;
  private final long redialed;
  private final long failedDials;
  private final long leaked;
  private final Map<AcquireOutcome, Long> unserved;
  private final long requests;

  private PoolStats(Builder builder) {
    this.key = builder.key;
    this.state = builder.state;
    this.max = builder.max;
    this.leased = builder.leased;
    this.idle = builder.idle;
    this.dialing = builder.dialing;
    this.pending = builder.pending;
    this.created = builder.created;
    this.opened = builder.opened;
    this.closedBy = Collections.unmodifiableMap(builder.closedBy);
    this.reused = builder.reused;
    this.redialed = builder.redialed;
    this.failedDials = builder.failedDials;
    this.leaked = builder.leaked;
    this.unserved = Collections.unmodifiableMap(builder.unserved);
    this.requests = builder.requests;
  }

  /**
   * Returns a builder of the numbers of a pool that has done nothing yet.
   *
   * @param key {@code scheme://host:port}
   */
  public static Builder builder(String key) {
    return new Builder(key);
  }

  /** Returns {@code scheme://host:port}. */
  public String key() {
    return key;
  }

  /** Returns where the pool is in its life. */
  public PoolState state() {
    return state;
  }

  /**
   * Returns how many connections the pool keeps; unless it overflows, also how many may be open.
   */
  public int max() {
    return max;
  }

  /** Returns how many connections are active: in use by a request. */
  public int leased() {
    return leased;
  }

  /** Returns how many connections are idle: kept for the next request. */
  public int idle() {
    return idle;
  }

  /** Returns how many connections are being opened; each holds a permit as a leased one does. */
  public int dialing() {
    return dialing;
  }

  /**
   * Returns how many threads are pending: waiting for a connection, or for a slot under {@code
   * maxConnections}.
   */
  public int pending() {
    return pending;
  }

  /** Returns how many connection objects were made; urllib3's {@code num_connections}. */
  public long created() {
    return created;
  }

  /** Returns how many connections were opened. */
  public long opened() {
    return opened;
  }

  /** Returns how many connections were closed. */
  public long closed() {
    return closedBy.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Returns {@link #closed()} by reason; a reason that never occurred is absent. */
  public Map<CloseReason, Long> closedBy() {
    return closedBy;
  }

  /** Returns how many requests an idle connection served, counted when it comes back. */
  public long reused() {
    return reused;
  }

  /** Returns how many connections were opened in place of one that the server had dropped. */
  public long redialed() {
    return redialed;
  }

  /** Returns how many connections could not be opened. */
  public long failedDials() {
    return failedDials;
  }

  /** Returns how many connections were closed because the pool was full. */
  public long discarded() {
    return closedBy.getOrDefault(CloseReason.OVERFLOW, 0L);
  }

  /** Returns how many streamed responses were not closed in time, or never. */
  public long leaked() {
    return leaked;
  }

  /** Returns how many waits ended with the pool timeout. */
  public long timeouts() {
    return unserved.getOrDefault(AcquireOutcome.TIMEOUT, 0L)
        + unserved.getOrDefault(AcquireOutcome.LIMIT, 0L);
  }

  /**
   * Returns how many requests for a connection brought none, by outcome; an outcome that never
   * occurred is absent.
   */
  public Map<AcquireOutcome, Long> unserved() {
    return unserved;
  }

  /**
   * Returns how many requests had a connection, repetitions included, counted when it comes back;
   * urllib3's {@code num_requests}.
   */
  public long requests() {
    return requests;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PoolStats that && numbers().equals(that.numbers());
  }

  @Override
  public int hashCode() {
    return numbers().hashCode();
  }

  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(", ", "PoolStats[", "]");
    numbers().forEach((name, value) -> text.add(name + "=" + value));
    return text.toString();
  }

  private Map<String, Object> numbers() {
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put("key", key);
    numbers.put("state", state);
    numbers.put("max", max);
    numbers.put("leased", leased);
    numbers.put("idle", idle);
    numbers.put("dialing", dialing);
    numbers.put("pending", pending);
    numbers.put("created", created);
    numbers.put("opened", opened);
    numbers.put("closed", closed());
    numbers.put("closedBy", closedBy);
    numbers.put("reused", reused);
    numbers.put("redialed", redialed);
    numbers.put("failedDials", failedDials);
    numbers.put("discarded", discarded());
    numbers.put("leaked", leaked);
    numbers.put("timeouts", timeouts());
    numbers.put("unserved", unserved);
    numbers.put("requests", requests);
    return numbers;
  }

  /** Builds {@link PoolStats}. Not thread-safe. */
  public static final class Builder {
    private final String key;
    private PoolState state = PoolState.OPEN;
    private int max;
    private int leased;
    private int idle;
    private int dialing;
    private int pending;
    private long created;
    private long opened;
    private final Map<CloseReason, Long> closedBy = new EnumMap<>(CloseReason.class);
    private long reused;
    private long redialed;
    private long failedDials;
    private long leaked;
    private final Map<AcquireOutcome, Long> unserved = new EnumMap<>(AcquireOutcome.class);
    private long requests;

    private Builder(String key) {
      this.key = Objects.requireNonNull(key, "key");
    }

    /** Sets where the pool is in its life cycle; {@link PoolState#OPEN} by default. */
    public Builder state(PoolState state) {
      this.state = state;
      return this;
    }

    /** Sets {@link PoolStats#max()}; 0 by default. */
    public Builder max(int max) {
      this.max = max;
      return this;
    }

    /** Sets {@link PoolStats#leased()}; 0 by default. */
    public Builder leased(int leased) {
      this.leased = leased;
      return this;
    }

    /** Sets {@link PoolStats#idle()}; 0 by default. */
    public Builder idle(int idle) {
      this.idle = idle;
      return this;
    }

    /** Sets {@link PoolStats#dialing()}; 0 by default. */
    public Builder dialing(int dialing) {
      this.dialing = dialing;
      return this;
    }

    /** Sets {@link PoolStats#pending()}; 0 by default. */
    public Builder pending(int pending) {
      this.pending = pending;
      return this;
    }

    /** Sets {@link PoolStats#created()}; 0 by default. */
    public Builder created(long created) {
      this.created = created;
      return this;
    }

    /** Sets {@link PoolStats#opened()}; 0 by default. */
    public Builder opened(long opened) {
      this.opened = opened;
      return this;
    }

    /** Sets how many connections were closed for {@code reason}; none by default. */
    public Builder closedBy(CloseReason reason, long count) {
      closedBy.put(reason, count);
      return this;
    }

    /** Sets {@link PoolStats#reused()}; 0 by default. */
    public Builder reused(long reused) {
      this.reused = reused;
      return this;
    }

    /** Sets {@link PoolStats#redialed()}; 0 by default. */
    public Builder redialed(long redialed) {
      this.redialed = redialed;
      return this;
    }

    /** Sets {@link PoolStats#failedDials()}; 0 by default. */
    public Builder failedDials(long failedDials) {
      this.failedDials = failedDials;
      return this;
    }

    /** Sets {@link PoolStats#leaked()}; 0 by default. */
    public Builder leaked(long leaked) {
      this.leaked = leaked;
      return this;
    }

    /** Sets how many requests for a connection ended with {@code outcome}; none by default. */
    public Builder unserved(AcquireOutcome outcome, long count) {
      unserved.put(outcome, count);
      return this;
    }

    /** Sets {@link PoolStats#requests()}; 0 by default. */
    public Builder requests(long requests) {
      this.requests = requests;
      return this;
    }

    /** Returns the numbers. */
    public PoolStats build() {
      return new PoolStats(this);
    }
  }
}
