package io.hostpool.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostpool.Session;
import io.hostpool.http.Auth;
import io.hostpool.net.TlsConfig;
import io.hostpool.policy.Retry;
import io.hostpool.spring.HttpAdapterCustomizer;
import io.hostpool.spring.SessionCustomizer;
import io.hostpool.spring.autoconfigure.HostpoolAutoConfiguration;
import io.hostpool.testkit.LoopbackServer;
import io.hostpool.testkit.TestCa;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans of requests.md. */
@Timeout(60)
class CustomizersSnippetTest {

  private final TestCa ca = TestCa.create();

  @Configuration(proxyBeanMethods = false)
  static class Customizers {
    private final String token = "t0";

    // tag::customizers[]
    @Bean
    HttpAdapterCustomizer adapters(SSLContext context) {
      return (mount, adapter) -> {
        adapter.tls(TlsConfig.builder().sslContext(context).build());
        if (mount.equals("github")) {
          adapter.maxRetries(Retry.builder().total(3).backoffFactor(0.2).build());
        }
      };
    }

    @Bean
    SessionCustomizer credentials() {
      return session -> session.auth(Auth.bearer(token)).maxRedirects(5);
    }
    // end::customizers[]
  }

  @Test
  void beansSetWhatPropertiesCannot() {
    try (LoopbackServer server =
        LoopbackServer.builder(exchange -> exchange.respond(200, "secret"))
            .tls(ca.serverContext("127.0.0.1"))
            .start()) {
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(HostpoolAutoConfiguration.class))
          .withBean(SSLContext.class, ca::clientContext)
          .withUserConfiguration(Customizers.class)
          .withPropertyValues("hostpool.mounts.github.prefix=https://api.github.com/")
          .run(
              context -> {
                Session session = context.getBean(Session.class);

                assertThat(session.get(server.url("/")).text()).isEqualTo("secret");
                assertThat(server.requests().get(0).header("Authorization")).isEqualTo("Bearer t0");
              });
    }
  }
}
