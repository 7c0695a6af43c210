package io.hostpool.pool;

import io.hostpool.internal.lease.PoolKey;
import io.hostpool.internal.lease.Sizing;
import io.hostpool.net.TlsConfig;
import org.jspecify.annotations.Nullable;

/**
 * A pool whose connections are TLS: the chain is checked against the trust store and the host name
 * against the certificate, before anything of a request is sent. Thread-safe. urllib3: {@code
 * HTTPSConnectionPool}.
 */
public final class HttpsConnectionPool extends HttpConnectionPool {

  HttpsConnectionPool(PoolKey key, PoolConfig config, Sizing sizing, @Nullable Runnable giveUp) {
    super(key, config, sizing, giveUp);
  }

  /**
   * Returns a builder of a pool of https connections to {@code host}, port 443.
   *
   * @throws IllegalArgumentException if {@code host} is empty or malformed
   */
  public static Builder builder(String host) {
    return new Builder(host);
  }

  /** Builds a pool of https connections. Not thread-safe. */
  public static final class Builder extends HttpConnectionPool.Builder<Builder> {

    private Builder(String host) {
      super(host, 443);
    }

    /** Sets the TLS configuration; the JVM's trust store by default. */
    public Builder tls(TlsConfig tls) {
      net.tls(tls);
      return this;
    }

    @Override
    Builder self() {
      return this;
    }

    @Override
    public HttpsConnectionPool build() {
      PoolConfig config = config();
      return new HttpsConnectionPool(
          PoolKey.of(endpoint("https"), config.tls()), config, config.sizing(), null);
    }
  }
}
