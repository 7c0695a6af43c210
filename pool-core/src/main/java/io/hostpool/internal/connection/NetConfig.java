package io.hostpool.internal.connection;

import io.hostpool.internal.socket.ReadWatch;
import io.hostpool.internal.socket.Spares;
import io.hostpool.internal.time.Ticker;
import io.hostpool.internal.tls.TlsBuffers;
import io.hostpool.internal.wire.Codec;
import io.hostpool.net.Resolver;
import io.hostpool.net.TlsConfig;
import io.hostpool.net.WireLimits;
import java.util.Objects;

/** How connections are opened and read. Immutable; one is shared by every pool of an adapter. */
public final class NetConfig {

  private final TlsConfig tls;
  private final Resolver resolver;
  private final WireLimits limits;
  private final Ticker ticker;
  private final Spares<Codec> codecs;
  private final Spares<TlsBuffers> tlsBuffers = new Spares<>(TlsBuffers::new);
  private final ReadWatch readWatch = new ReadWatch();

  private NetConfig(Builder builder) {
    this.tls = builder.tls;
    this.resolver = builder.resolver;
    this.limits = builder.limits;
    this.ticker = builder.ticker;
    this.codecs = new Spares<>(() -> new Codec(limits));
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

  public Ticker ticker() {
    return ticker;
  }

  Spares<Codec> codecs() {
    return codecs;
  }

  Spares<TlsBuffers> tlsBuffers() {
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
    private Ticker ticker = Ticker.system();

    private Builder() {}

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

    public Builder ticker(Ticker ticker) {
      this.ticker = Objects.requireNonNull(ticker, "ticker");
      return this;
    }

    public NetConfig build() {
      return new NetConfig(this);
    }
  }
}
