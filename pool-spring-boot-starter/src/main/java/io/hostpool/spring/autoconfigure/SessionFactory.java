package io.hostpool.spring.autoconfigure;

import io.hostpool.Mount;
import io.hostpool.Session;
import io.hostpool.adapter.HttpAdapter;
import io.hostpool.http.JsonCodec;
import io.hostpool.http.Url;
import io.hostpool.spring.HttpAdapterCustomizer;
import io.hostpool.spring.SessionCustomizer;
import io.hostpool.spring.metrics.PoolRegistry;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/** Creates the session from properties, customizers and the beans that it uses. Immutable. */
final class SessionFactory {

  /** The name of the mount that serves all URLs that no other mount serves. */
  static final String DEFAULT_MOUNT = "default";

  private final HostpoolProperties properties;
  private final PoolRegistry registry;
  private final List<HttpAdapterCustomizer> adapterCustomizers;
  private final List<SessionCustomizer> sessionCustomizers;

  SessionFactory(
      HostpoolProperties properties,
      PoolRegistry registry,
      List<HttpAdapterCustomizer> adapterCustomizers,
      List<SessionCustomizer> sessionCustomizers) {
    this.properties = properties;
    this.registry = registry;
    this.adapterCustomizers = adapterCustomizers;
    this.sessionCustomizers = sessionCustomizers;
  }

  /**
   * Creates the session and its adapters, which the registry then knows.
   *
   * @throws InvalidConfigurationPropertyValueException naming a property with a bad value
   */
  Session create(@Nullable JsonCodec json) {
    AdapterSettings top = AdapterSettings.of(properties);
    Map<String, AdapterSettings> mounts = mounts(top);
    Contradictions.check(top, mounts);
    Session.Builder session = Session.builder();
    applyBaseUrl(session);
    applyMaxRedirects(session);
    applyHeaders(session);
    if (json != null) {
      session.json(json);
    }
    HttpAdapter adapter = adapter(DEFAULT_MOUNT, top);
    session.mount("https://", adapter).mount("http://", adapter);
    Map<String, AdapterSettings> mounted = new HashMap<>();
    mounts.forEach((name, settings) -> mount(session, name, settings, mounted));
    sessionCustomizers.forEach(customizer -> customizer.customize(session));
    return session.build();
  }

  private Map<String, AdapterSettings> mounts(AdapterSettings top) {
    Map<String, AdapterSettings> mounts = new LinkedHashMap<>();
    properties
        .getMounts()
        .forEach(
            (name, own) -> {
              refuseSecrets(name, own);
              mounts.put(name, top.mount(name, own));
            });
    return mounts;
  }

  /** Refuses what may hold a password or a token, before any other check can print it. */
  private static void refuseSecrets(String name, HostpoolProperties.Mount own) {
    if (mayHoldSecret(name)) {
      throw new SecretPropertyException(
          "hostpool.mounts",
          "the key of a mount must not contain '@', '?' or '#', and a prefix must not have a user"
              + " or a query");
    }
    if (own.getPrefix() != null && mayHoldSecret(own.getPrefix())) {
      throw new SecretPropertyException(
          "hostpool.mounts." + name + ".prefix",
          "must not have a user, an '@' elsewhere, a query or a fragment");
    }
  }

  private static boolean mayHoldSecret(String url) {
    return url.chars().anyMatch(c -> "@?#".indexOf(c) >= 0);
  }

  private void applyBaseUrl(Session.Builder session) {
    String baseUrl = properties.getBaseUrl();
    if (baseUrl != null) {
      try {
        session.baseUrl(baseUrl);
      } catch (IllegalArgumentException e) {
        if (mayHoldSecret(baseUrl)) {
          throw new SecretPropertyException("hostpool.base-url", reason(baseUrl, e));
        }
        throw new InvalidConfigurationPropertyValueException(
            "hostpool.base-url", baseUrl, String.valueOf(e.getMessage()));
      }
    }
  }

  /** Returns what is wrong with a URL, judged only by what follows its user and password. */
  private static String reason(String url, IllegalArgumentException refusal) {
    int at = url.lastIndexOf('@');
    if (at < 0) {
      return String.valueOf(refusal.getMessage());
    }
    int start = url.indexOf("://");
    String scheme = start > 0 && start < url.indexOf('@') ? url.substring(0, start + 3) : "";
    try {
      Url.parse(scheme + url.substring(at + 1));
    } catch (IllegalArgumentException e) {
      boolean isHost = url.substring(0, at).chars().noneMatch(c -> "?#".indexOf(c) >= 0);
      if (isHost) {
        return String.valueOf(e.getMessage());
      }
    }
    return "URL is malformed before its last '@'. Percent-encode the special characters before it";
  }

  private void applyMaxRedirects(Session.Builder session) {
    try {
      session.maxRedirects(properties.getMaxRedirects());
    } catch (IllegalArgumentException e) {
      throw BadProperty.of("hostpool.max-redirects", properties.getMaxRedirects(), e);
    }
  }

  private void applyHeaders(Session.Builder session) {
    properties
        .getHeaders()
        .forEach(
            (name, value) -> {
              try {
                session.header(name, value);
              } catch (IllegalArgumentException e) {
                if (name.indexOf('@') >= 0) {
                  throw new SecretPropertyException(
                      "hostpool.headers", "a header name must not contain '@'");
                }
                throw new SecretPropertyException(
                    "hostpool.headers." + name, String.valueOf(e.getMessage()));
              }
            });
  }

  private void mount(
      Session.Builder session,
      String name,
      AdapterSettings settings,
      Map<String, AdapterSettings> mounted) {
    refuseNameOfTheBuiltIn(name, settings);
    String prefix = prefix(name, settings);
    AdapterSettings twin = mounted.putIfAbsent(prefix, settings);
    if (twin != null) {
      refuseUnlessEqual(twin, settings, prefix);
      return;
    }
    session.mount(prefix, adapter(name, settings));
  }

  private static void refuseNameOfTheBuiltIn(String name, AdapterSettings settings) {
    if (!name.equals(DEFAULT_MOUNT)) {
      return;
    }
    String reason =
        "belongs to a mount named default, the name of the adapter for all other URLs. Set the"
            + " properties of that adapter under hostpool itself, or choose another name";
    String prefix = settings.prefix();
    throw prefix == null
        ? new UnusableMountException(settings.path(), reason)
        : settings.invalid("prefix", prefix, reason);
  }

  /** Returns the prefix of a mount in normal form, which all spellings of a prefix share. */
  private static String prefix(String name, AdapterSettings settings) {
    String given = settings.prefix();
    if (given == null && !name.contains("://")) {
      throw new UnusableMountException(
          settings.path(),
          "has no prefix. Set "
              + settings.path()
              + ".prefix, for example https://api.example.com/");
    }
    try {
      return Mount.canonicalPrefix(given == null ? name : given);
    } catch (IllegalArgumentException e) {
      String reason = String.valueOf(e.getMessage());
      throw given == null
          ? new UnusableMountException(settings.path(), reason)
          : settings.invalid("prefix", given, reason);
    }
  }

  /**
   * Refuses two mounts with one prefix unless they have the same settings. A mount named {@code
   * github-api} that is also set from the environment appears twice, as {@code githubapi} too, with
   * the same content.
   */
  private static void refuseUnlessEqual(AdapterSettings one, AdapterSettings other, String prefix) {
    if (!one.hasSameValuesAs(other)) {
      throw other.invalid(
          "prefix",
          prefix,
          "is the prefix of " + one.path() + " too, with other settings. Remove one of them");
    }
  }

  private HttpAdapter adapter(String name, AdapterSettings settings) {
    HttpAdapter.Builder builder = settings.builder();
    builder.listener(registry.listenerFor(name));
    adapterCustomizers.forEach(customizer -> customizer.customize(name, builder));
    HttpAdapter adapter = builder.build();
    registry.add(name, adapter);
    return adapter;
  }
}
