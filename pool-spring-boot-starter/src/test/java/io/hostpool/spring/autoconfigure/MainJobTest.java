package io.hostpool.spring.autoconfigure;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.trafficlistener.WiremockNetworkTrafficListener;
import io.hostpool.Session;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The way of a user: one starter, application.yml, an injected session, and the pools in actuator.
 * WireMock counts the connections that were really opened.
 */
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    classes = MainJobTest.Application.class,
    properties = "spring.config.name=main-job")
@Timeout(120)
class MainJobTest {

  private static final CountingHost ORDERS = new CountingHost();
  private static final CountingHost USERS = new CountingHost();

  @Autowired private Session session;
  @LocalServerPort private int port;

  @DynamicPropertySource
  static void hosts(DynamicPropertyRegistry registry) {
    registry.add("orders.url", ORDERS.server::baseUrl);
  }

  @AfterAll
  static void stop() {
    ORDERS.server.stop();
    USERS.server.stop();
  }

  @Test
  void gaugesSayWhatTheServersCounted() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Integer>> statuses = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        String url = (i % 2 == 0 ? ORDERS : USERS).server.baseUrl() + "/item/" + i;
        statuses.add(threads.submit(() -> session.get(url).status()));
      }
      for (Future<Integer> status : statuses) {
        assertThat(status.get()).isEqualTo(200);
      }
    } finally {
      threads.shutdownNow();
    }

    // The mount of the orders host blocks, so no connection is discarded and every one is idle now.
    assertThat(ORDERS.opened.get()).isBetween(1, 3);
    assertThat(metric("hostpool.connections.idle", ORDERS)).isEqualTo(ORDERS.opened.get());
    assertThat(metric("hostpool.connections.max", ORDERS)).isEqualTo(3);
    assertThat(metric("hostpool.connections.opened", ORDERS)).isEqualTo(ORDERS.opened.get());
    assertThat(metric("hostpool.connections.reused", ORDERS)).isEqualTo(100 - ORDERS.opened.get());
    // The other overflows: what was opened is idle, or was discarded beyond the size of 2.
    assertThat(metric("hostpool.connections.idle", USERS)).isBetween(1, 2);
    assertThat(metric("hostpool.connections.opened", USERS)).isEqualTo(USERS.opened.get());
    assertThat(
            metric("hostpool.connections.idle", USERS)
                + metric("hostpool.connections.closed", USERS))
        .isEqualTo(USERS.opened.get());
    assertThat(metric("hostpool.connections.active", ORDERS)).isZero();
    assertThat(metric("hostpool.connections.active", USERS)).isZero();
  }

  private int metric(String name, CountingHost host) throws Exception {
    String url =
        "http://127.0.0.1:"
            + port
            + "/actuator/metrics/"
            + name
            + "?tag=pool:"
            + host.server.baseUrl();
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(url)).build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(url).isEqualTo(200);
    JsonNode json = JsonMapper.shared().readTree(response.body());
    return json.get("measurements").get(0).get("value").asInt();
  }

  private static final class CountingHost {
    private final AtomicInteger opened = new AtomicInteger();
    private final WireMockServer server =
        new WireMockServer(
            wireMockConfig()
                .bindAddress("127.0.0.1")
                .dynamicPort()
                .networkTrafficListener(
                    new WiremockNetworkTrafficListener() {
                      @Override
                      public void opened(Socket socket) {
                        opened.incrementAndGet();
                      }

                      @Override
                      public void incoming(Socket socket, ByteBuffer bytes) {}

                      @Override
                      public void outgoing(Socket socket, ByteBuffer bytes) {}

                      @Override
                      public void closed(Socket socket) {}
                    }));

    CountingHost() {
      server.start();
      server.stubFor(any(anyUrl()).willReturn(aResponse().withBody("ok").withFixedDelay(5)));
    }
  }

  @SpringBootApplication
  static class Application {}
}
