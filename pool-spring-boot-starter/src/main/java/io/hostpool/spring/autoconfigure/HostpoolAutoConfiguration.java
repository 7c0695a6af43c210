package io.hostpool.spring.autoconfigure;

import io.hostpool.Session;
import io.hostpool.http.JsonCodec;
import io.hostpool.spring.HttpAdapterCustomizer;
import io.hostpool.spring.SessionCustomizer;
import io.hostpool.spring.metrics.PoolRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import tools.jackson.databind.json.JsonMapper;

/**
 * Creates a {@link Session} from the properties under {@code hostpool}. Customizers are applied
 * after the properties; a {@code Session} bean of the application replaces all of it.
 */
@AutoConfiguration(
    afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@ConditionalOnBooleanProperty(name = "hostpool.enabled", matchIfMissing = true)
@EnableConfigurationProperties(HostpoolProperties.class)
public final class HostpoolAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean(Session.class)
  PoolRegistry hostpoolPoolRegistry() {
    return new PoolRegistry();
  }

  /** The session is closed with the context; responses in flight finish first. */
  @Bean
  @Primary
  @ConditionalOnMissingBean(Session.class)
  Session hostpoolSession(
      HostpoolProperties properties,
      PoolRegistry registry,
      ObjectProvider<JsonCodec> json,
      ObjectProvider<HttpAdapterCustomizer> adapterCustomizers,
      ObjectProvider<SessionCustomizer> sessionCustomizers) {
    SessionFactory factory =
        new SessionFactory(
            properties,
            registry,
            adapterCustomizers.orderedStream().toList(),
            sessionCustomizers.orderedStream().toList());
    return factory.create(json.getIfAvailable());
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(JsonMapper.class)
  static class JacksonConfiguration {

    @Bean
    @ConditionalOnMissingBean
    JsonCodec hostpoolJsonCodec(ObjectProvider<JsonMapper> mapper) {
      return new JacksonJsonCodec(mapper.getIfAvailable(JsonMapper::shared));
    }
  }
}
