package io.hostpool.spring.autoconfigure;

import io.hostpool.internal.text.Escape;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What can be set under {@code hostpool}. Unknown keys are refused, so that a typing error is found
 * when the application starts. Not thread-safe.
 */
@ConfigurationProperties(prefix = "hostpool", ignoreUnknownFields = false)
class HostpoolProperties extends AdapterProperties {

  /** Whether to create a Session and its meters. */
  private boolean enabled = true;

  /** URL against which URLs without scheme and host are resolved. */
  private @Nullable String baseUrl;

  /** Headers of every request that does not set them itself. */
  private Map<String, String> headers = new LinkedHashMap<>();

  /** Number of redirects that a request may follow. One more is an error. */
  private int maxRedirects = 30;

  /**
   * Adapters with settings of their own, by name. What a mount does not set comes from the top
   * level.
   */
  private Map<String, Mount> mounts = new LinkedHashMap<>();

  /** Meters of the pools. */
  private final Metrics metrics = new Metrics();

  public boolean isEnabled() {
    return enabled;
  }

  public void setEnabled(boolean enabled) {
    this.enabled = enabled;
  }

  public @Nullable String getBaseUrl() {
    return baseUrl;
  }

  public void setBaseUrl(@Nullable String baseUrl) {
    this.baseUrl = baseUrl;
  }

  public Map<String, String> getHeaders() {
    return headers;
  }

  public void setHeaders(Map<String, String> headers) {
    this.headers = headers;
  }

  public int getMaxRedirects() {
    return maxRedirects;
  }

  public void setMaxRedirects(int maxRedirects) {
    this.maxRedirects = maxRedirects;
  }

  public Map<String, Mount> getMounts() {
    return mounts;
  }

  public void setMounts(Map<String, Mount> mounts) {
    this.mounts = mounts;
  }

  public Metrics getMetrics() {
    return metrics;
  }

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

  /** An adapter of its own for the URLs under a prefix. Not thread-safe. */
  static class Mount extends AdapterProperties {

    /**
     * URLs to serve: scheme://, scheme://host or scheme://host:port/path. If not set, the key of
     * the mount is the prefix.
     */
    private @Nullable String prefix;

    public @Nullable String getPrefix() {
      return prefix;
    }

    public void setPrefix(@Nullable String prefix) {
      this.prefix = prefix;
    }

    /** Returns a text without user, password and query. */
    @Override
    public String toString() {
      return "Mount[prefix=" + redacted(prefix) + "]";
    }
  }

  /** What can be set under {@code metrics}. Not thread-safe. */
  static class Metrics {

    /** Whether to register meters for every pool. */
    private boolean enabled = true;

    public boolean isEnabled() {
      return enabled;
    }

    public void setEnabled(boolean enabled) {
      this.enabled = enabled;
    }
  }
}
