package io.hostpool.pool;

import io.hostpool.error.ClosedPoolException;
import io.hostpool.error.HostChangedException;
import io.hostpool.error.HttpException;
import io.hostpool.http.Request;
import io.hostpool.http.Response;
import io.hostpool.http.Url;
import io.hostpool.internal.lease.ConnectionLease;
import io.hostpool.internal.lease.ConnectionSource;
import io.hostpool.internal.lease.ConnectionStore;
import io.hostpool.internal.lease.PoolKey;
import io.hostpool.internal.lease.Sizing;
import io.hostpool.internal.redirect.RedirectLoop;
import io.hostpool.internal.redirect.RetriedRedirects;
import io.hostpool.internal.socket.Endpoint;
import io.hostpool.internal.time.Deadline;
import io.hostpool.policy.Capacity;
import io.hostpool.stats.PoolState;
import io.hostpool.stats.PoolStats;
import io.hostpool.stats.PoolView;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Connections to one host, kept for reuse, and the attempts of requests over them. Thread-safe.
 * urllib3: {@code HTTPConnectionPool}.
 *
 * <p>How it is put together: {@link ConnectionStore} knows which connections are idle, how many are
 * active and which threads are pending, and never blocks; {@link ConnectionSource} waits, probes
 * and dials for a lease; {@link ConnectionLease} releases a connection exactly once; {@link
 * Attempts} repeats a request by its {@code Retry}. A request goes down this list and its
 * connection comes back up it.
 *
 * <p>A pool lives through {@link PoolState}: a manager that evicts it only retires it, so that a
 * thread that was just handed this object is still served; {@link #close()} alone makes it refuse.
 * The caller that builds a pool closes it; the manager closes the pools of a manager.
 */
public sealed class HttpConnectionPool implements PoolView, AutoCloseable
    permits HttpsConnectionPool {

  private final PoolKey key;
  private final PoolConfig config;
  private final String origin;
  private final ConnectionSource source;

  HttpConnectionPool(PoolKey key, PoolConfig config, Sizing sizing, @Nullable Runnable giveUp) {
    this.key = key;
    this.config = config;
    this.origin = key.toString();
    this.source = new ConnectionSource(key, config.lease(), sizing, giveUp);
  }

  /**
   * Returns a builder of a pool of http connections to {@code host}, port 80.
   *
   * @throws IllegalArgumentException if {@code host} is empty or malformed
   */
  public static Builder<?> builder(String host) {
    return new HttpBuilder(host);
  }

  /**
   * Returns a pool with default settings for the host of {@code url}, http or https by its scheme.
   * urllib3: {@code connection_from_url}.
   *
   * @throws IllegalArgumentException if {@code url} is malformed or its scheme another
   */
  public static HttpConnectionPool fromUrl(String url) {
    Endpoint endpoint = Endpoint.of(Url.parse(url));
    Builder<?> builder =
        endpoint.isSecure()
            ? HttpsConnectionPool.builder(endpoint.host())
            : builder(endpoint.host());
    return builder.port(endpoint.port()).build();
  }

  /**
   * Sends a request and returns the response, its body read and the connection back in the pool.
   * Blocks for up to the pool timeout, the connect timeout and the read timeout of each attempt.
   * Follows redirects within this host, as many as the retry policy allows.
   *
   * @param target path and query, starting with a slash, or an absolute URL of this host
   * @throws ClosedPoolException if this pool was closed
   * @throws HostChangedException if {@code target}, or a redirect, is a URL of another host
   * @throws HttpException if there is no response; nothing is held
   * @throws IllegalArgumentException if an argument is malformed
   */
  public Response urlopen(String method, String target) throws HttpException {
    return urlopen(method, target, request -> {});
  }

  /**
   * Sends a request as {@link #urlopen(String, String)} does.
   *
   * @param spec adds headers, a body, limits
   */
  public Response urlopen(String method, String target, Consumer<Request.Builder> spec)
      throws HttpException {
    Request.Builder builder = Request.builder(method, resolve(target));
    spec.accept(builder);
    long start = config.lease().ticker().nanos();
    Request request = builder.build().withDefaultHeaders(config.headers());
    return RedirectLoop.run(
        request,
        new RetriedRedirects(request, request.retriesOr(config.retries())),
        (hop, redirects) -> send(hop, new CallOptions(start, redirects)));
  }

  /**
   * Opens connections ahead of need, TLS handshake included, until {@code count} are there, idle or
   * in use; never more than the pool keeps, or than the limit of all pools allows without closing
   * others. Opens one after the other, and blocks meanwhile.
   *
   * @return how many were opened
   * @throws HttpException if one cannot be opened; those before it are kept
   * @throws IllegalArgumentException if {@code count} is below 1
   */
  public int prewarm(int count) throws HttpException {
    if (count < 1) {
      throw new IllegalArgumentException("count must be 1 or more: " + count);
    }
    long limit = config.timeout().connectNanos();
    return source.prewarm(count, limit, Deadline.none());
  }

  /** Returns whether {@code url} is a path, or has this pool's scheme, host and port. */
  public boolean isSameHost(String url) {
    return url.startsWith("/") || isSameHost(Url.parse(url));
  }

  /** Returns a snapshot of all numbers at one instant. Takes no lock. */
  @Override
  public PoolStats stats() {
    return source.store().stats();
  }

  /**
   * Changes how many connections are kept, and in a blocking or failing pool how many may be open.
   * Leases stay valid; what is idle beyond the new size is closed.
   *
   * @throws IllegalArgumentException if {@code maxsize} is not 1 to 1,000,000
   */
  public void resize(int maxsize) {
    configure(capacity().withMaxsize(maxsize));
  }

  /**
   * Changes size, mode, wait and queue, as {@link #resize} does. Pending threads that the new
   * settings can serve are served at once.
   */
  public void configure(Capacity capacity) {
    source.store().control().configure(Objects.requireNonNull(capacity, "capacity"));
  }

  void configure(Sizing sizing) {
    source.store().control().configure(sizing);
  }

  /** Returns the settings in force. */
  public Capacity capacity() {
    return source.store().control().capacity();
  }

  /**
   * Closes every idle connection and refuses further requests; threads that wait for a connection
   * fail with {@link ClosedPoolException} at once; responses in flight finish. Idempotent.
   */
  @Override
  public void close() {
    source.close();
  }

  /** Sends a request that is known to be this host's and has all headers but the credentials. */
  Response send(Request request, CallOptions call) throws HttpException {
    if (!isSameHost(request.url())) {
      throw new HostChangedException(
          key.authority() + ": this pool does not serve " + request.url().redacted());
    }
    return new Attempts(source, config, request.withAuthorization(), call).run();
  }

  void retire() {
    source.retire();
  }

  boolean isClosed() {
    return source.store().control().isClosed();
  }

  ConnectionSource source() {
    return source;
  }

  ConnectionStore store() {
    return source.store();
  }

  @Override
  public String key() {
    return key.toString();
  }

  PoolKey poolKey() {
    return key;
  }

  private boolean isSameHost(Url url) {
    return url.port() == key.port()
        && url.scheme().equals(key.scheme())
        && url.host().equals(key.host());
  }

  private Url resolve(String target) throws HttpException {
    Objects.requireNonNull(target, "target");
    if (target.startsWith("/")) {
      // Also "//x", which is a path here and not another host.
      return Url.parse(origin + target);
    }
    Url url = Url.parse(target);
    if (!isSameHost(url)) {
      throw new HostChangedException(
          key.authority() + ": this pool does not serve " + url.redacted());
    }
    return url;
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "[" + key + "]";
  }

  /**
   * Builds a pool of one host. Not thread-safe.
   *
   * @param <B> the builder itself
   */
  public abstract static class Builder<B extends Builder<B>> extends PoolBuilder<B> {
    private final String host;
    private int port;

    Builder(String host, int port) {
      this.host = host;
      this.port = port;
      endpoint("http");
    }

    /**
     * Sets the port, 80 for http and 443 for https by default.
     *
     * @throws IllegalArgumentException if it is not 1 to 65535
     */
    public B port(int port) {
      this.port = port;
      endpoint("http");
      return self();
    }

    /** Returns the pool. Opens nothing yet. */
    public abstract HttpConnectionPool build();

    final Endpoint endpoint(String scheme) {
      return Endpoint.of(scheme, host, port);
    }
  }

  private static final class HttpBuilder extends Builder<HttpBuilder> {

    HttpBuilder(String host) {
      super(host, 80);
    }

    @Override
    HttpBuilder self() {
      return this;
    }

    @Override
    public HttpConnectionPool build() {
      PoolConfig config = config();
      return new HttpConnectionPool(
          PoolKey.of(endpoint("http"), config.tls()), config, config.sizing(), null);
    }
  }
}
