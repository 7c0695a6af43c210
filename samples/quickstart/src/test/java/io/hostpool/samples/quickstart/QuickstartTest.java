package io.hostpool.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What a newcomer does first. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class QuickstartTest {

  @Autowired private StubHosts hosts;
  @LocalServerPort private int port;

  @Test
  void fetchesThroughThePoolAndShowsItInActuator(CapturedOutput output) throws Exception {
    for (String url : hosts.urls()) {
      HttpResponse<String> fetched = get("/fetch?url=" + url);

      assertThat(fetched.statusCode()).isEqualTo(200);
      assertThat(fetched.body()).startsWith("hello from the ");
    }

    assertThat(get("/pools").body()).contains("\"key\":\"http://127.0.0.1:");
    assertThat(get("/actuator/metrics/hostpool.connections.idle").body())
        .contains("\"name\":\"hostpool.connections.idle\"")
        .contains("\"tag\":\"pool\"");
    assertThat(output).contains("/actuator/metrics/hostpool.connections.idle");
  }

  @Test
  void badUrlsAreAnsweredWithTheReason() throws Exception {
    assertThat(get("/fetch?url=" + encode("nonsense")).statusCode()).isEqualTo(400);
    assertThat(get("/fetch?url=" + encode("ftp://127.0.0.1/")).body())
        .contains("no adapter is mounted for ftp://127.0.0.1");
    assertThat(get("/fetch?url=" + encode("http://127.0.0.1:1/")).statusCode()).isEqualTo(502);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
