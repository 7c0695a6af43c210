package io.hostpool.net;

import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Whom a TLS connection trusts and what it presents. Immutable; part of the key of a pool, so that
 * connections made under other settings are never shared.
 */
public final class TlsConfig {

  private static final TlsConfig DEFAULT = builder().build();

  private final @Nullable SSLContext sslContext;

  private TlsConfig(Builder builder) {
    this.sslContext = builder.sslContext;
  }

  /** Returns the trust store of the JVM, host names verified. */
  public static TlsConfig defaults() {
    return DEFAULT;
  }

  /** Returns a builder whose {@code build()} gives the same as {@link #defaults()}. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the context of the connections, null for the default one of the JVM. */
  public @Nullable SSLContext sslContext() {
    return sslContext;
  }

  /**
   * Two settings are equal if they share one {@link SSLContext}: contexts have no value equality.
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof TlsConfig that && sslContext == that.sslContext;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(sslContext);
  }

  /** Builds a {@link TlsConfig}. Not thread-safe. */
  public static final class Builder {
    private @Nullable SSLContext sslContext;

    private Builder() {}

    /**
     * Sets the context of the connections. It is used as it is, never changed.
     *
     * <p>Connections are made by its {@link javax.net.ssl.SSLEngine}s. Managers written for sockets
     * only are not asked: JSSE sends no client certificate for a key manager that is no {@link
     * javax.net.ssl.X509ExtendedKeyManager} with {@code chooseEngineClientAlias}, and asks an
     * {@link javax.net.ssl.X509ExtendedTrustManager} by the method that takes an engine. Those of
     * the JVM's own factories do both. Whatever a trust manager looks at, the host is compared with
     * the certificate.
     */
    public Builder sslContext(SSLContext sslContext) {
      this.sslContext = Objects.requireNonNull(sslContext, "sslContext");
      return this;
    }

    /** Returns the settings. The builder may be used again and changes nothing in them. */
    public TlsConfig build() {
      return new TlsConfig(this);
    }
  }
}
