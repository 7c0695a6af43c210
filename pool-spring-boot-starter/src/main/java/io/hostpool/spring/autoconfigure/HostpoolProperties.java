package io.hostpool.spring.autoconfigure;

import io.hostpool.internal.text.Escape;
import io.hostpool.policy.WhenExhausted;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What can be set under {@code hostpool}. Immutable. Unknown keys are refused, so that a typing
 * error is found when the application starts.
 *
 * @param enabled Whether to create a Session and its meters.
 * @param baseUrl URL against which URLs without scheme and host are resolved.
 * @param headers Headers of every request that does not set them itself.
 * @param maxRedirects Number of redirects that a request may follow; one more is an error.
 * @param poolConnections Number of pools to keep, one a host; the one used longest ago goes first.
 * @param poolMaxsize Number of connections to keep in each pool.
 * @param poolBlock Whether to wait when every connection of a pool is out, instead of opening one
 *     more that is discarded on return.
 * @param whenExhausted What to do when every connection of a pool is out; the longer form of
 *     pool-block.
 * @param poolTimeout Longest wait for a connection when blocking, 5 seconds if not set; zero means
 *     do not wait.
 * @param maxPending Number of threads that may wait for one pool at a time when blocking; no limit
 *     if not set.
 * @param maxRetries Number of times a failed request is repeated; the shorter form of retry.total.
 * @param retry What is repeated, how often and after which pause.
 * @param connectTimeout Longest time to resolve, connect and complete the TLS handshake.
 * @param readTimeout Longest wait for the next bytes of a response.
 * @param totalTimeout Longest time for a whole request: waiting, connecting, retries and body; no
 *     limit if not set.
 * @param idleTimeout Time after which an unused connection is closed.
 * @param maxLifetime Age at which a connection is closed, less up to a tenth at random; zero for no
 *     limit.
 * @param maxBodySize Size of the largest body, decoded, that is held in memory; a larger one can
 *     only be streamed.
 * @param maxConnections Number of connections that all pools of an adapter may have open together;
 *     no limit if not set.
 * @param leakDetectionThreshold Time after which a streamed response that is not closed is
 *     reported; no limit if not set.
 * @param mounts Adapters with settings of their own, by name. What one does not set comes from the
 *     top level.
 * @param metrics Meters of the pools.
 */
@ConfigurationProperties(prefix = "hostpool", ignoreUnknownFields = false)
record HostpoolProperties(
    @DefaultValue("true") boolean enabled,
    @Nullable String baseUrl,
    @DefaultValue Map<String, String> headers,
    @DefaultValue("30") int maxRedirects,
    @DefaultValue("10") int poolConnections,
    @DefaultValue("10") int poolMaxsize,
    @Nullable Boolean poolBlock,
    @Nullable WhenExhausted whenExhausted,
    @Nullable Duration poolTimeout,
    @Nullable Integer maxPending,
    @Nullable Integer maxRetries,
    @DefaultValue Retry retry,
    @DefaultValue("5s") Duration connectTimeout,
    @DefaultValue("30s") Duration readTimeout,
    @Nullable Duration totalTimeout,
    @DefaultValue("60s") Duration idleTimeout,
    @DefaultValue("5m") Duration maxLifetime,
    @DefaultValue("256MB") DataSize maxBodySize,
    @Nullable Integer maxConnections,
    @Nullable Duration leakDetectionThreshold,
    @DefaultValue Map<String, Mount> mounts,
    @DefaultValue Metrics metrics) {

  /** Returns a text without values of headers, users, passwords and queries. */
  @Override
  public String toString() {
    return "HostpoolProperties[baseUrl="
        + redacted(baseUrl)
        + ", headers="
        + headers.keySet().stream().map(HostpoolProperties::redacted).toList()
        + ", mounts="
        + mounts.entrySet().stream()
            .map(mount -> redacted(mount.getKey()) + "=" + mount.getValue())
            .toList()
        + "]";
  }

  private static @Nullable String redacted(@Nullable String url) {
    return url == null ? null : Escape.url(url);
  }

  /**
   * An adapter of its own for the URLs under a prefix.
   *
   * @param prefix URLs to serve: scheme://, scheme://host or scheme://host:port/path. If not set,
   *     the key of the mount is the prefix.
   * @param poolConnections Number of pools to keep, one a host; the one used longest ago goes
   *     first.
   * @param poolMaxsize Number of connections to keep in each pool.
   * @param poolBlock Whether to wait when every connection of a pool is out, instead of opening one
   *     more that is discarded on return.
   * @param whenExhausted What to do when every connection of a pool is out; the longer form of
   *     pool-block.
   * @param poolTimeout Longest wait for a connection when blocking; zero means do not wait.
   * @param maxPending Number of threads that may wait for one pool at a time when blocking.
   * @param maxRetries Number of times a failed request is repeated; the shorter form of
   *     retry.total.
   * @param retry What is repeated, how often and after which pause.
   * @param connectTimeout Longest time to resolve, connect and complete the TLS handshake.
   * @param readTimeout Longest wait for the next bytes of a response.
   * @param totalTimeout Longest time for a whole request: waiting, connecting, retries and body.
   * @param idleTimeout Time after which an unused connection is closed.
   * @param maxLifetime Age at which a connection is closed, less up to a tenth at random.
   * @param maxBodySize Size of the largest body, decoded, that is held in memory.
   * @param maxConnections Number of connections that all pools of the mount may have open together.
   * @param leakDetectionThreshold Time after which a streamed response that is not closed is
   *     reported.
   */
  record Mount(
      @Nullable String prefix,
      @Nullable Integer poolConnections,
      @Nullable Integer poolMaxsize,
      @Nullable Boolean poolBlock,
      @Nullable WhenExhausted whenExhausted,
      @Nullable Duration poolTimeout,
      @Nullable Integer maxPending,
      @Nullable Integer maxRetries,
      @Nullable Retry retry,
      @Nullable Duration connectTimeout,
      @Nullable Duration readTimeout,
      @Nullable Duration totalTimeout,
      @Nullable Duration idleTimeout,
      @Nullable Duration maxLifetime,
      @Nullable DataSize maxBodySize,
      @Nullable Integer maxConnections,
      @Nullable Duration leakDetectionThreshold) {

    /** Returns a text without user, password and query. */
    @Override
    public String toString() {
      return "Mount[prefix=" + redacted(prefix) + "]";
    }
  }

  /**
   * What is repeated, how often and after which pause.
   *
   * @param total Number of retries in all, whatever their cause; max-retries if not set.
   * @param connect Number of times that opening a connection is tried again; no limit but the total
   *     if not set.
   * @param read Number of times that a request is sent again after it was sent and no response
   *     came; no limit but the total if not set.
   * @param redirect Number of redirects that the pool manager of an adapter follows where it is
   *     asked itself; a session counts by max-redirects. No limit but the total if not set.
   * @param status Number of times that a request is sent again because of the status of its
   *     response; no limit but the total if not set.
   * @param other Number of times that other failures are tried again, TLS for one; no limit but the
   *     total if not set.
   * @param allowedMethods Methods that may be repeated after they were sent; empty for every one,
   *     POST included.
   * @param statusForcelist Statuses of responses that are tried again; none if not set.
   * @param backoffFactor Seconds that, doubled with every retry, are the pause before it; the first
   *     retry has none.
   * @param backoffMax Longest pause.
   * @param backoffJitter Seconds of which a random part is added to each pause.
   * @param respectRetryAfter Whether Retry-After of 413, 429 and 503 is followed.
   * @param retryAfterMax Longest Retry-After; longer ones are cut to it.
   * @param raiseOnStatus Whether a status that is still there after the last retry is an error; if
   *     not, the last response is returned.
   */
  record Retry(
      @Nullable Integer total,
      @Nullable Integer connect,
      @Nullable Integer read,
      @Nullable Integer redirect,
      @Nullable Integer status,
      @Nullable Integer other,
      @Nullable Set<String> allowedMethods,
      @Nullable Set<Integer> statusForcelist,
      @Nullable Double backoffFactor,
      @Nullable Duration backoffMax,
      @Nullable Double backoffJitter,
      @Nullable Boolean respectRetryAfter,
      @Nullable Duration retryAfterMax,
      @Nullable Boolean raiseOnStatus) {

    static final Retry UNSET =
        new Retry(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null);
  }

  /**
   * Meters of the pools.
   *
   * @param enabled Whether to register meters for every pool.
   */
  record Metrics(@DefaultValue("true") boolean enabled) {}
}
