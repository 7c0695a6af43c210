package io.hostpool;

import io.hostpool.adapter.HttpAdapter;
import io.hostpool.adapter.SendOptions;
import io.hostpool.adapter.TransportAdapter;
import io.hostpool.error.ClosedPoolException;
import io.hostpool.error.HttpException;
import io.hostpool.http.Auth;
import io.hostpool.http.Headers;
import io.hostpool.http.JsonCodec;
import io.hostpool.http.Request;
import io.hostpool.http.RequestBody;
import io.hostpool.http.RequestDefaults;
import io.hostpool.http.Response;
import io.hostpool.http.Url;
import io.hostpool.internal.coding.ContentCodings;
import io.hostpool.internal.redirect.RedirectLoop;
import io.hostpool.internal.redirect.RedirectPolicy;
import io.hostpool.internal.redirect.SessionRedirects;
import io.hostpool.internal.time.Ticker;
import io.hostpool.net.TlsConfig;
import io.hostpool.policy.Timeout;
import io.hostpool.stats.PoolListener;
import io.hostpool.stats.PoolStats;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests through the adapters mounted on it, with defaults for all of them. Thread-safe:
 * make one, share it, close it at the end. requests: {@code Session}.
 *
 * <pre>{@code
 * try (Session session = Session.create()) {
 *   session.mount("https://api.example.com/", HttpAdapter.builder().poolMaxsize(20).build());
 *   Response response = session.get("https://api.example.com/users/1").raiseForStatus();
 *   String name = response.text();
 * }
 * }</pre>
 *
 * <p>Every call throws {@link IllegalArgumentException} for arguments that are malformed, {@link
 * HttpException} if there is no response, and then holds nothing.
 */
public final class Session implements AutoCloseable {

  private static final List<String> DEFAULT_PREFIXES = List.of("https://", "http://");
  private static final Headers DEFAULT_HEADERS =
      Headers.builder()
          .add("User-Agent", "hostpool")
          .add("Accept-Encoding", ContentCodings.accepted())
          .add("Accept", "*/*")
          .build();

  private final @Nullable Url baseUrl;
  private final RequestDefaults defaults;
  private final boolean followRedirects;
  private final RedirectPolicy redirects;
  private final Ticker ticker;
  private final ReentrantLock mounting = new ReentrantLock();
  private volatile MountTable table;
  private volatile boolean closed;

  private Session(Builder builder) {
    this.baseUrl = builder.baseUrl;
    this.defaults =
        RequestDefaults.of(builder.headers.build())
            .withTimeout(builder.timeout)
            .withAuth(builder.auth)
            .withJsonCodec(builder.json);
    this.followRedirects = builder.followRedirects;
    this.ticker = builder.ticker;
    this.redirects = new SessionRedirects(builder.maxRedirects);
    MountTable mounts = MountTable.empty();
    for (String scheme : DEFAULT_PREFIXES) {
      mounts = mounts.with(MountPrefix.parse(scheme), builder.defaultAdapter());
    }
    for (Mount mount : builder.mounts) {
      mounts = mounts.with(MountPrefix.parse(mount.prefix()), mount.adapter());
    }
    this.table = mounts;
    mounts.mounts().forEach(mount -> mount.adapter().mountedUnder(mount.prefix()));
    for (Mount mount : builder.mounts) {
      warmUp(MountPrefix.parse(mount.prefix()), mount.adapter());
    }
  }

  /** Returns a session with default settings, an {@link HttpAdapter} each for https and http. */
  public static Session create() {
    return builder().build();
  }

  /** Returns a builder of a session with the settings of {@link #create()}. */
  public static Builder builder() {
    return new Builder();
  }

  /** Sends a request with any method, as it is spelled. */
  public Response request(String method, String url) throws HttpException {
    return request(method, url, request -> {});
  }

  /** Sends a request to which {@code spec} adds headers, parameters, a body, limits. */
  public Response request(String method, String url, Consumer<Request.Builder> spec)
      throws HttpException {
    Request.Builder builder = Request.builder(method, resolve(url));
    spec.accept(builder);
    return send(builder.build());
  }

  /** Sends a GET request. */
  public Response get(String url) throws HttpException {
    return request("GET", url);
  }

  /** Sends a GET request to which {@code spec} adds headers, parameters, limits. */
  public Response get(String url, Consumer<Request.Builder> spec) throws HttpException {
    return request("GET", url, spec);
  }

  /** Sends a HEAD request. */
  public Response head(String url) throws HttpException {
    return request("HEAD", url);
  }

  /** Sends a HEAD request to which {@code spec} adds headers, parameters, limits. */
  public Response head(String url, Consumer<Request.Builder> spec) throws HttpException {
    return request("HEAD", url, spec);
  }

  /** Sends an OPTIONS request. */
  public Response options(String url) throws HttpException {
    return request("OPTIONS", url);
  }

  /** Sends an OPTIONS request to which {@code spec} adds headers, parameters, limits. */
  public Response options(String url, Consumer<Request.Builder> spec) throws HttpException {
    return request("OPTIONS", url, spec);
  }

  /** Sends a DELETE request. */
  public Response delete(String url) throws HttpException {
    return request("DELETE", url);
  }

  /** Sends a DELETE request to which {@code spec} adds headers, parameters, a body. */
  public Response delete(String url, Consumer<Request.Builder> spec) throws HttpException {
    return request("DELETE", url, spec);
  }

  /** Sends a POST request with a body. */
  public Response post(String url, RequestBody body) throws HttpException {
    return request("POST", url, request -> request.body(body));
  }

  /** Sends a POST request to which {@code spec} adds a body, headers, limits. */
  public Response post(String url, Consumer<Request.Builder> spec) throws HttpException {
    return request("POST", url, spec);
  }

  /** Sends a PUT request with a body. */
  public Response put(String url, RequestBody body) throws HttpException {
    return request("PUT", url, request -> request.body(body));
  }

  /** Sends a PUT request to which {@code spec} adds a body, headers, limits. */
  public Response put(String url, Consumer<Request.Builder> spec) throws HttpException {
    return request("PUT", url, spec);
  }

  /** Sends a PATCH request with a body. */
  public Response patch(String url, RequestBody body) throws HttpException {
    return request("PATCH", url, request -> request.body(body));
  }

  /** Sends a PATCH request to which {@code spec} adds a body, headers, limits. */
  public Response patch(String url, Consumer<Request.Builder> spec) throws HttpException {
    return request("PATCH", url, spec);
  }

  /**
   * Sends a request. What it does not set itself comes from this session, then from the adapter.
   * Redirects are followed as requests does, unless the request or this session says otherwise;
   * HEAD follows none by default. Another origin sees neither {@code Authorization} nor {@code
   * Cookie}.
   *
   * @throws ClosedPoolException if this session is closed
   * @throws HttpException if there is no response; nothing is held
   * @throws IllegalArgumentException if no prefix covers its URL
   */
  public Response send(Request request) throws HttpException {
    SendOptions options = SendOptions.startingAt(ticker.nanos());
    Request complete = complete(request);
    boolean byDefault = followRedirects && !request.method().equals("HEAD");
    return complete.followRedirectsOr(byDefault)
        ? RedirectLoop.run(
            complete, redirects, (hop, budget) -> sendOnce(hop, options.withRedirects(budget)))
        : sendOnce(complete, options);
  }

  private Response sendOnce(Request request, SendOptions options) throws HttpException {
    if (closed) {
      throw new ClosedPoolException("session is closed: " + request);
    }
    return adapterFor(request.url()).send(request, options);
  }

  /**
   * Mounts an adapter: from now on it serves every URL that {@code prefix} covers, unless a longer
   * prefix does. Scheme, host, port and whole path segments must be the same; {@code http://a.com}
   * does not cover {@code http://a.com.evil.org}. A host without port and path covers all its
   * ports.
   *
   * @return the adapter that was mounted under the same prefix; unless it is mounted elsewhere too,
   *     its pools are retired, and it is the caller's to close
   * @throws IllegalArgumentException if {@code prefix} is not {@code scheme://…}
   */
  public Optional<TransportAdapter> mount(String prefix, TransportAdapter adapter) {
    Objects.requireNonNull(adapter, "adapter");
    MountPrefix parsed = MountPrefix.parse(prefix);
    TransportAdapter replaced;
    mounting.lock();
    try {
      MountTable before = table;
      table = before.with(parsed, adapter);
      replaced = before.get(parsed);
    } finally {
      mounting.unlock();
    }
    if (replaced != null && !adapters().contains(replaced)) {
      replaced.retire();
    }
    adapter.mountedUnder(parsed.text());
    warmUp(parsed, adapter);
    return Optional.ofNullable(replaced);
  }

  private static void warmUp(MountPrefix prefix, TransportAdapter adapter) {
    Url url = prefix.origin();
    if (url != null) {
      adapter.warmUp(url);
    }
  }

  /**
   * Returns the adapter of the longest prefix that covers {@code url}.
   *
   * @throws IllegalArgumentException if {@code url} is malformed or no prefix covers it; the
   *     message names the mounted prefixes
   */
  public TransportAdapter adapterFor(String url) {
    return adapterFor(resolve(url));
  }

  /** Returns what is mounted, longest prefix first, unmodifiable. */
  public List<Mount> mounts() {
    return table.mounts();
  }

  /** Returns one snapshot for each pool of every mount, unmodifiable. Takes no lock. */
  public List<PoolStats> pools() {
    List<PoolStats> pools = new ArrayList<>();
    adapters().forEach(adapter -> pools.addAll(adapter.pools()));
    return List.copyOf(pools);
  }

  /**
   * Closes every mounted adapter and refuses further requests; responses in flight finish.
   * Idempotent.
   */
  @Override
  public void close() {
    closed = true;
    adapters().forEach(TransportAdapter::close);
  }

  private TransportAdapter adapterFor(Url url) {
    MountTable mounts = table;
    TransportAdapter adapter = mounts.find(url);
    if (adapter == null) {
      throw new IllegalArgumentException(
          "no adapter is mounted for " + url.redacted() + "; mounted: " + mounts.prefixes());
    }
    return adapter;
  }

  private Url resolve(String url) {
    Objects.requireNonNull(url, "url");
    return baseUrl == null ? Url.parse(url) : baseUrl.resolve(url);
  }

  /** Credentials are the request's own, else those in its URL, else this session's. */
  private Request complete(Request request) {
    String userInfo = request.url().userInfo();
    return request.withDefaults(
        userInfo == null ? defaults : defaults.withAuth(Auth.ofUserInfo(userInfo)));
  }

  /** Each adapter once, also where it is mounted twice. */
  private Set<TransportAdapter> adapters() {
    Set<TransportAdapter> adapters = Collections.newSetFromMap(new IdentityHashMap<>());
    table.mounts().forEach(mount -> adapters.add(mount.adapter()));
    return adapters;
  }

  @Override
  public String toString() {
    return "Session" + table.prefixes();
  }

  /** Builds a {@link Session}. Not thread-safe. */
  public static final class Builder {
    private final Headers.Builder headers = DEFAULT_HEADERS.toBuilder();
    private final List<Mount> mounts = new ArrayList<>();
    private @Nullable Url baseUrl;
    private @Nullable Timeout timeout;
    private @Nullable Auth auth;
    private @Nullable JsonCodec json;
    private @Nullable TlsConfig tls;
    private @Nullable PoolListener listener;
    private boolean followRedirects = true;
    private int maxRedirects = 30;
    private Ticker ticker = Ticker.system();

    private Builder() {}

    /** Sets the clock by which calls begin, for tests. */
    Builder ticker(Ticker ticker) {
      this.ticker = ticker;
      return this;
    }

    /**
     * Sets the URL against which URLs without scheme and host are resolved, as a browser would:
     * with {@code https://h/api/}, {@code users} is {@code https://h/api/users} and {@code /users}
     * is {@code https://h/users}. None by default: such URLs are refused.
     *
     * @throws IllegalArgumentException if {@code baseUrl} is malformed
     */
    public Builder baseUrl(String baseUrl) {
      this.baseUrl = Url.parse(baseUrl);
      return this;
    }

    /**
     * Sets a header for requests that do not set it. {@code User-Agent}, {@code Accept} and {@code
     * Accept-Encoding} are set by default.
     *
     * @throws IllegalArgumentException if name or value are malformed
     */
    public Builder header(String name, String value) {
      headers.set(name, value);
      return this;
    }

    /** Sets each entry as {@link #header} does. */
    public Builder headers(Map<String, String> headers) {
      headers.forEach(this::header);
      return this;
    }

    /**
     * Sets the time limits of requests that bring none, in place of the adapters' own, which apply
     * by default.
     */
    public Builder timeout(Timeout timeout) {
      this.timeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /**
     * Sets credentials for requests that bring none and set no {@code Authorization}; none by
     * default.
     */
    public Builder auth(Auth auth) {
      this.auth = Objects.requireNonNull(auth, "auth");
      return this;
    }

    /** Sets the JSON codec of requests that bring none; none by default. */
    public Builder json(JsonCodec json) {
      this.json = Objects.requireNonNull(json, "json");
      return this;
    }

    /** Sets whether redirects are followed where the request does not say; true by default. */
    public Builder followRedirects(boolean follow) {
      followRedirects = follow;
      return this;
    }

    /**
     * Sets how many redirects are followed, 30 by default; one more is {@code
     * TooManyRedirectsException}.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder maxRedirects(int maxRedirects) {
      if (maxRedirects < 0) {
        throw new IllegalArgumentException("maxRedirects must be 0 or more: " + maxRedirects);
      }
      this.maxRedirects = maxRedirects;
      return this;
    }

    /**
     * Sets the TLS configuration of the adapter that the session creates for {@code https://}; the
     * JVM's trust store by default. It does not reach adapters that are mounted, which have their
     * own: {@link HttpAdapter.Builder#tls}.
     */
    public Builder tls(TlsConfig tls) {
      this.tls = Objects.requireNonNull(tls, "tls");
      return this;
    }

    /**
     * Sets the listener of the pools of the two adapters that the session creates for {@code
     * https://} and {@code http://}; none by default. It does not reach adapters that are mounted,
     * which have their own: {@link HttpAdapter.Builder#listener}.
     */
    public Builder listener(PoolListener listener) {
      this.listener = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /** Mounts an adapter, see {@link Session#mount}. The session closes it. */
    public Builder mount(String prefix, TransportAdapter adapter) {
      mounts.add(new Mount(MountPrefix.parse(prefix).text(), adapter));
      return this;
    }

    /**
     * Returns the session.
     *
     * @throws IllegalArgumentException if {@link #tls} or {@link #listener} is set and has no
     *     effect, since other adapters are mounted in place of those that it is for
     */
    public Session build() {
      requireEffect(tls, "tls", List.of("https://"));
      requireEffect(listener, "listener", DEFAULT_PREFIXES);
      return new Session(this);
    }

    private void requireEffect(@Nullable Object setting, String name, List<String> prefixes) {
      if (setting != null && mounts.stream().map(Mount::prefix).toList().containsAll(prefixes)) {
        throw new IllegalArgumentException(
            name
                + " has no effect: adapters are mounted under "
                + String.join(" and ", prefixes)
                + "; set it on those adapters");
      }
    }

    private HttpAdapter defaultAdapter() {
      HttpAdapter.Builder adapter = HttpAdapter.builder();
      if (tls != null) {
        adapter.tls(tls);
      }
      if (listener != null) {
        adapter.listener(listener);
      }
      return adapter.build();
    }
  }
}
