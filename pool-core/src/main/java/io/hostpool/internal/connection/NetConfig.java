package io.hostpool.internal.connection;

import io.hostpool.internal.socket.BufferPool;
import io.hostpool.internal.socket.ReadWatch;
import io.hostpool.internal.time.Ticker;
import io.hostpool.internal.tls.TlsBuffers;
import io.hostpool.internal.wire.ExchangeBuffers;
import io.hostpool.net.Resolver;
import io.hostpool.net.TlsConfig;
import io.hostpool.net.WireLimits;
import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How connections are opened and read. Immutable; one is shared by every pool of an adapter. */
public final class NetConfig {

  private static final Logger LOG = LoggerFactory.getLogger("io.hostpool.pool");

  private final TlsConfig tls;
  private final Resolver resolver;
  private final WireLimits limits;
  private final Map<SocketOption<?>, Object> socketOptions;
  private final Ticker ticker;
  private final BufferPool<ExchangeBuffers> exchangeBuffers;
  private final BufferPool<TlsBuffers> tlsBuffers = new BufferPool<>(TlsBuffers::new);
  private final ReadWatch readWatch = new ReadWatch();

  private NetConfig(Builder builder) {
    this.tls = builder.tls;
    this.resolver = builder.resolver;
    this.limits = builder.limits;
    this.socketOptions = new LinkedHashMap<>(builder.socketOptions);
    this.ticker = builder.ticker;
    this.exchangeBuffers = new BufferPool<>(() -> new ExchangeBuffers(limits));
  }

  /** Returns the settings of the JVM: its trust store and its resolver. */
  public static NetConfig defaults() {
    return builder().build();
  }

  public static Builder builder() {
    return new Builder();
  }

  public TlsConfig tls() {
    return tls;
  }

  public Resolver resolver() {
    return resolver;
  }

  public WireLimits limits() {
    return limits;
  }

  /** Applies the socket options to a socket that is not connected yet. */
  void configure(SocketChannel channel) throws IOException {
    for (Map.Entry<SocketOption<?>, Object> option : socketOptions.entrySet()) {
      set(channel, option.getKey(), option.getValue());
    }
  }

  @SuppressWarnings("unchecked") // the builder took a value of the option's type
  private static <T> void set(SocketChannel channel, SocketOption<T> option, Object value)
      throws IOException {
    channel.setOption(option, (T) value);
  }

  public Ticker ticker() {
    return ticker;
  }

  BufferPool<ExchangeBuffers> exchangeBuffers() {
    return exchangeBuffers;
  }

  BufferPool<TlsBuffers> tlsBuffers() {
    return tlsBuffers;
  }

  ReadWatch readWatch() {
    return readWatch;
  }

  /** Builds a {@link NetConfig}. Not thread-safe. */
  public static final class Builder {
    private TlsConfig tls = TlsConfig.defaults();
    private Resolver resolver = Resolver.system();
    private WireLimits limits = WireLimits.defaults();
    private final Map<SocketOption<?>, Object> socketOptions = new LinkedHashMap<>();
    private Ticker ticker = Ticker.system();

    private Builder() {
      socketOptions.put(StandardSocketOptions.TCP_NODELAY, true);
    }

    public Builder tls(TlsConfig tls) {
      this.tls = Objects.requireNonNull(tls, "tls");
      return this;
    }

    public Builder resolver(Resolver resolver) {
      this.resolver = Objects.requireNonNull(resolver, "resolver");
      return this;
    }

    public Builder limits(WireLimits limits) {
      this.limits = Objects.requireNonNull(limits, "limits");
      return this;
    }

    /**
     * Sets an option of every socket, before it connects.
     *
     * @throws IllegalArgumentException if sockets do not have the option, or refuse the value
     */
    public <T> Builder socketOption(SocketOption<T> option, T value) {
      Objects.requireNonNull(option, "option");
      Objects.requireNonNull(value, "value");
      requireSize(option, value);
      try (SocketChannel trial = SocketChannel.open()) {
        if (!trial.supportedOptions().contains(option)) {
          throw new IllegalArgumentException(
              "socketOption must be one of " + trial.supportedOptions() + ": " + option);
        }
        trial.setOption(option, value);
      } catch (IOException e) {
        // There is no socket to try it on: one that is opened later shows whether it is refused.
        LOG.debug("{} could not be tried", option, e);
      }
      socketOptions.put(option, value);
      return this;
    }

    private static void requireSize(SocketOption<?> option, Object value) {
      boolean isSize =
          option.equals(StandardSocketOptions.SO_RCVBUF)
              || option.equals(StandardSocketOptions.SO_SNDBUF);
      if (isSize && (Integer) value < 1) {
        throw new IllegalArgumentException(option.name() + " must be 1 or more: " + value);
      }
    }

    public Builder ticker(Ticker ticker) {
      this.ticker = Objects.requireNonNull(ticker, "ticker");
      return this;
    }

    public NetConfig build() {
      return new NetConfig(this);
    }
  }
}
