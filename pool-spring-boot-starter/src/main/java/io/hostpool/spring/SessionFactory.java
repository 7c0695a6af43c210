package io.hostpool.spring;

import io.hostpool.Session;
import io.hostpool.adapter.HttpAdapter;
import io.hostpool.http.JsonCodec;
import io.hostpool.pool.WhenExhausted;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/** Makes the session from properties, customizers and the beans that it uses. Immutable. */
final class SessionFactory {

  /** The mount that serves what no other does. */
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
   * Returns the session.
   *
   * @throws InvalidConfigurationPropertyValueException naming a property with a bad value
   */
  Session create(@Nullable JsonCodec json) {
    AdapterSettings top = AdapterSettings.of(properties);
    Map<String, AdapterSettings> mounts = mounts(top);
    checkTop(top, mounts);
    Session.Builder session = Session.builder();
    applyBaseUrl(session);
    applyHeaders(session);
    if (json != null) {
      session.json(json);
    }
    HttpAdapter adapter = adapter(DEFAULT_MOUNT, top);
    session.mount("https://", adapter).mount("http://", adapter);
    Map<String, String> names = new LinkedHashMap<>();
    mounts.forEach((name, settings) -> mount(session, name, settings, names));
    sessionCustomizers.forEach(customizer -> customizer.customize(session));
    return session.build();
  }

  private Map<String, AdapterSettings> mounts(AdapterSettings top) {
    Map<String, AdapterSettings> mounts = new LinkedHashMap<>();
    properties
        .mounts()
        .forEach(
            (name, own) -> {
              AdapterSettings settings = top.with("hostpool.mounts." + name, own);
              settings.refuseContradiction(own);
              settings.refuseWaitWithoutBlocking(own);
              mounts.put(name, settings);
            });
    return mounts;
  }

  /** A wait that is set at the top may be meant for the mounts that block. */
  private static void checkTop(AdapterSettings top, Map<String, AdapterSettings> mounts) {
    top.refuseContradiction(top.values());
    boolean inherited =
        mounts.values().stream().anyMatch(mount -> mount.mode() == WhenExhausted.BLOCK);
    if (!inherited) {
      top.refuseWaitWithoutBlocking(top.values());
    }
  }

  private void applyBaseUrl(Session.Builder session) {
    String baseUrl = properties.baseUrl();
    if (baseUrl != null) {
      try {
        session.baseUrl(baseUrl);
      } catch (IllegalArgumentException e) {
        throw new InvalidConfigurationPropertyValueException(
            "hostpool.base-url", baseUrl, String.valueOf(e.getMessage()));
      }
    }
  }

  private void applyHeaders(Session.Builder session) {
    properties
        .headers()
        .forEach(
            (name, value) -> {
              try {
                session.header(name, value);
              } catch (IllegalArgumentException e) {
                throw new SecretPropertyException(
                    "hostpool.headers." + name, String.valueOf(e.getMessage()));
              }
            });
  }

  private void mount(
      Session.Builder session, String name, AdapterSettings settings, Map<String, String> names) {
    String given = settings.values().prefix();
    String prefix = given == null ? name : given;
    String twin = names.putIfAbsent(prefix, name);
    if (twin != null) {
      refuseUnlessEqual(twin, name, prefix);
      return;
    }
    HttpAdapter adapter = adapter(name, settings);
    try {
      session.mount(prefix, adapter);
    } catch (IllegalArgumentException e) {
      throw given == null
          ? settings.invalid(
              "prefix",
              null,
              "is missing, and the name of the mount is no prefix: " + e.getMessage())
          : settings.invalid("prefix", given, String.valueOf(e.getMessage()));
    }
  }

  /**
   * A mount named {@code github-api} that is also set from the environment appears twice, as {@code
   * githubapi} too, with the same content.
   */
  private void refuseUnlessEqual(String first, String second, String prefix) {
    HostpoolProperties.Mount one = properties.mounts().get(first);
    HostpoolProperties.Mount other = properties.mounts().get(second);
    if (other == null || !other.equals(one)) {
      throw new InvalidConfigurationPropertyValueException(
          "hostpool.mounts." + second + ".prefix",
          prefix,
          "is the prefix of mount " + first + " too, with other settings. Remove one of them");
    }
  }

  private HttpAdapter adapter(String name, AdapterSettings settings) {
    HttpAdapter.Builder builder = settings.toBuilder();
    builder.listener(registry.listenerFor(name));
    adapterCustomizers.forEach(customizer -> customizer.customize(name, builder));
    HttpAdapter adapter = builder.build();
    registry.add(name, adapter);
    return adapter;
  }
}
