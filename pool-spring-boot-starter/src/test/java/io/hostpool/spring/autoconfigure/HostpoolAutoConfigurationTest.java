package io.hostpool.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.Mount;
import io.hostpool.Session;
import io.hostpool.adapter.HttpAdapter;
import io.hostpool.error.ClosedPoolException;
import io.hostpool.http.JsonCodec;
import io.hostpool.http.JsonType;
import io.hostpool.policy.WhenExhausted;
import io.hostpool.pool.PoolManager;
import io.hostpool.spring.HttpAdapterCustomizer;
import io.hostpool.spring.SessionCustomizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.MapPropertySource;
import tools.jackson.databind.json.JsonMapper;

class HostpoolAutoConfigurationTest {

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  HostpoolAutoConfiguration.class, HostpoolMetricsAutoConfiguration.class));

  @Test
  void withoutPropertiesTheSessionHasTheDocumentedDefaults() {
    runner.run(
        context -> {
          assertThat(context).hasSingleBean(Session.class).hasBean("hostpoolSession");
          Session session = context.getBean(Session.class);
          PoolManager manager = manager(session, "http://any.example/");

          assertThat(session.mounts())
              .extracting(Mount::prefix)
              .containsExactly("https://", "http://");
          assertThat(manager).isSameAs(manager(session, "https://any.example/"));
          assertThat(manager.numPools()).isEqualTo(10);
          assertThat(manager.capacity().maxsize()).isEqualTo(10);
          assertThat(manager.capacity().whenExhausted()).isEqualTo(WhenExhausted.OVERFLOW);
        });
  }

  @Test
  void eachSizePropertyReachesTheAdapter() {
    runner
        .withPropertyValues(
            "hostpool.pool-connections=3",
            "hostpool.pool-maxsize=4",
            "hostpool.pool-block=true",
            "hostpool.pool-timeout=250ms",
            "hostpool.max-pending=7")
        .run(
            context -> {
              PoolManager manager = manager(context.getBean(Session.class), "http://any.example/");

              assertThat(manager.numPools()).isEqualTo(3);
              assertThat(manager.capacity().maxsize()).isEqualTo(4);
              assertThat(manager.capacity().whenExhausted()).isEqualTo(WhenExhausted.BLOCK);
              assertThat(manager.capacity().poolTimeout()).isEqualTo(Duration.ofMillis(250));
              assertThat(manager.capacity().maxPending()).isEqualTo(7);
            });
  }

  @Test
  void theLongerFormOfPoolBlockKnowsAllThreeModes() {
    runner
        .withPropertyValues("hostpool.when-exhausted=FAIL")
        .run(
            context ->
                assertThat(
                        manager(context.getBean(Session.class), "http://any.example/")
                            .capacity()
                            .whenExhausted())
                    .isEqualTo(WhenExhausted.FAIL));
  }

  @Test
  void mountInheritsWhatItDoesNotSet() {
    runner
        .withPropertyValues(
            "hostpool.pool-connections=3",
            "hostpool.pool-maxsize=4",
            "hostpool.mounts.github.prefix=https://api.github.com/",
            "hostpool.mounts.github.pool-maxsize=5",
            "hostpool.mounts.github.pool-block=true",
            "hostpool.mounts.github.pool-timeout=1s")
        .run(
            context -> {
              Session session = context.getBean(Session.class);
              PoolManager github = manager(session, "https://api.github.com/users");
              PoolManager rest = manager(session, "https://api.github.com:8443/users");

              assertThat(github.numPools()).isEqualTo(3);
              assertThat(github.capacity().maxsize()).isEqualTo(5);
              assertThat(github.capacity().whenExhausted()).isEqualTo(WhenExhausted.BLOCK);
              assertThat(github.capacity().poolTimeout()).isEqualTo(Duration.ofSeconds(1));
              assertThat(rest.capacity().maxsize()).isEqualTo(4);
              assertThat(rest.capacity().whenExhausted()).isEqualTo(WhenExhausted.OVERFLOW);
            });
  }

  @Test
  void keyOfAMountInBracketsIsItsPrefix() {
    runner
        .withInitializer(
            context ->
                context
                    .getEnvironment()
                    .getPropertySources()
                    .addFirst(
                        new MapPropertySource(
                            "test",
                            Map.of(
                                "hostpool.mounts[https://legacy.example.com:8443/v1/].pool-maxsize",
                                2))))
        .run(
            context -> {
              Session session = context.getBean(Session.class);

              assertThat(session.mounts())
                  .extracting(Mount::prefix)
                  .containsExactly("https://legacy.example.com:8443/v1/", "https://", "http://");
              assertThat(
                      manager(session, "https://legacy.example.com:8443/v1/x").capacity().maxsize())
                  .isEqualTo(2);
            });
  }

  @Test
  void mountThatTheEnvironmentRepeatsUnderAnotherSpellingIsTakenOnce() {
    runner
        .withPropertyValues(
            "hostpool.mounts.github-api.prefix=https://api.github.com/",
            "hostpool.mounts.githubapi.prefix=https://api.github.com/")
        .run(
            context ->
                assertThat(context.getBean(Session.class).mounts())
                    .extracting(Mount::prefix)
                    .containsExactly("https://api.github.com/", "https://", "http://"));
  }

  @Test
  void mountThatIsSpelledInTwoWaysWithOneSettingIsTakenOnce() {
    runner
        .withPropertyValues(
            "hostpool.mounts.a.prefix=https://a.example/v1",
            "hostpool.mounts.b.prefix=HTTPS://A.example:443/v1")
        .run(
            context ->
                assertThat(context.getBean(Session.class).mounts())
                    .extracting(Mount::prefix)
                    .containsExactly("https://a.example/v1", "https://", "http://"));
  }

  @Test
  void textOfThePropertiesHoldsNoSecret() {
    runner
        .withPropertyValues(
            "hostpool.base-url=https://user:pass@a.example/?to=a@b&token=secret",
            "hostpool.headers.Authorization=secret",
            "hostpool.mounts.a.prefix=https://b.example/")
        .run(
            context ->
                assertThat(context.getBean(HostpoolProperties.class).toString())
                    .contains("https://…", "Authorization", "b.example")
                    .doesNotContain("pass", "secret"));
  }

  @Test
  void sessionOfTheApplicationWins() {
    runner
        .withUserConfiguration(OwnSession.class)
        .run(
            context ->
                assertThat(context)
                    .hasSingleBean(Session.class)
                    .hasBean("own")
                    .doesNotHaveBean("hostpoolSession"));
  }

  @Test
  void nothingIsMadeWhenDisabled() {
    runner
        .withPropertyValues("hostpool.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(Session.class));
  }

  @Test
  void startsWithoutMicrometerAndJacksonOnTheClassPath() {
    runner
        .withClassLoader(new FilteredClassLoader("io.micrometer", "tools.jackson"))
        .run(
            context ->
                assertThat(context)
                    .hasNotFailed()
                    .hasSingleBean(Session.class)
                    .doesNotHaveBean(JsonCodec.class)
                    .doesNotHaveBean("hostpoolPoolMeters"));
  }

  @Test
  void customizersComeAfterPropertiesInTheirOrder() {
    runner
        .withPropertyValues("hostpool.pool-maxsize=4", "hostpool.mounts.a.prefix=http://a.example/")
        .withUserConfiguration(Customizers.class)
        .run(
            context -> {
              Session session = context.getBean(Session.class);

              assertThat(Customizers.CALLS)
                  .containsExactly(
                      "first default", "second default", "first a", "second a", "session");
              assertThat(manager(session, "http://any.example/").capacity().maxsize())
                  .isEqualTo(22);
              assertThat(session.adapterFor("http://mounted.example/x"))
                  .isNotSameAs(session.adapterFor("http://other.example/"));
            });
  }

  @Test
  void jsonGoesThroughTheMapperOfTheApplication() {
    runner
        .withBean(JsonMapper.class, () -> JsonMapper.builder().build())
        .run(
            context -> {
              JsonCodec codec = context.getBean(JsonCodec.class);

              assertThat(codec.read(codec.write(List.of(1, 2)), int[].class)).containsExactly(1, 2);
              assertThat(codec.read(codec.write(List.of(1)), new JsonType<List<Long>>() {}.type()))
                  .isEqualTo(List.of(1L));
            });
  }

  @Test
  void closingTheContextClosesTheSession() {
    Session[] session = new Session[1];
    runner.run(context -> session[0] = context.getBean(Session.class));

    assertThat(session[0]).isNotNull();
    assertThatThrownBy(() -> session[0].get("http://127.0.0.1:1/"))
        .isInstanceOf(ClosedPoolException.class);
  }

  private static PoolManager manager(Session session, String url) {
    return ((HttpAdapter) session.adapterFor(url)).poolManager();
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnSession {
    @Bean
    Session own() {
      return Session.create();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Customizers {
    static final List<String> CALLS = new ArrayList<>();

    @Bean
    @Order(2)
    HttpAdapterCustomizer second() {
      return (mount, builder) -> {
        CALLS.add("second " + mount);
        builder.poolMaxsize(22);
      };
    }

    @Bean
    @Order(1)
    HttpAdapterCustomizer first() {
      return (mount, builder) -> {
        CALLS.add("first " + mount);
        builder.poolMaxsize(11);
      };
    }

    @Bean
    SessionCustomizer session() {
      return builder -> {
        CALLS.add("session");
        builder.mount("http://mounted.example", HttpAdapter.create());
      };
    }
  }
}
