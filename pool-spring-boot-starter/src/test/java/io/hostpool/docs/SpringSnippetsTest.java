package io.hostpool.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostpool.Session;
import io.hostpool.adapter.SendOptions;
import io.hostpool.adapter.TransportAdapter;
import io.hostpool.error.HttpException;
import io.hostpool.http.Request;
import io.hostpool.http.Response;
import io.hostpool.spring.SessionClientHttpRequestFactory;
import io.hostpool.spring.SessionCustomizer;
import io.hostpool.spring.autoconfigure.HostpoolAutoConfiguration;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Service;
import org.springframework.web.client.RestClient;

/** The beans of README.md and recipes.md. */
@Timeout(60)
class SpringSnippetsTest {

  private final ApplicationContextRunner application =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(HostpoolAutoConfiguration.class))
          .withBean(
              SessionCustomizer.class,
              () -> session -> session.mount("https://api.github.com/", new TargetAsText()));

  // tag::bean[]
  @Service
  class Users {
    private final Session session;

    Users(Session session) {
      this.session = session;
    }

    String name(int id) throws HttpException {
      return session.get("https://api.github.com/user/" + id).raiseForStatus().text();
    }
  }

  // end::bean[]

  @Configuration(proxyBeanMethods = false)
  static class Clients {

    // tag::restClient[]
    @Bean
    RestClient github(Session session) {
      return RestClient.builder()
          .baseUrl("https://api.github.com")
          .requestFactory(new SessionClientHttpRequestFactory(session))
          .build();
    }
    // end::restClient[]
  }

  @Test
  void restClientRunsOverTheSession() {
    application
        .withUserConfiguration(Clients.class)
        .run(
            context -> {
              RestClient client = context.getBean(RestClient.class);

              assertThat(client.get().uri("/user/7").retrieve().body(String.class))
                  .isEqualTo("/user/7");
            });
  }

  @Test
  void sessionIsInjected() {
    application.run(
        context ->
            assertThat(new Users(context.getBean(Session.class)).name(7)).isEqualTo("/user/7"));
  }

  /** Answers with the target of the request. */
  private static final class TargetAsText implements TransportAdapter {

    @Override
    public Response send(Request request, SendOptions options) {
      byte[] body = request.url().target().getBytes(StandardCharsets.UTF_8);
      return Response.builder(request, 200).body(body).build();
    }

    @Override
    public void close() {}
  }
}
