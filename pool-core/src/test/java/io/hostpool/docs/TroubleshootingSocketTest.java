package io.hostpool.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import io.hostpool.CapturedLog;
import io.hostpool.Session;
import io.hostpool.adapter.HttpAdapter;
import io.hostpool.http.Response;
import io.hostpool.policy.WhenExhausted;
import io.hostpool.testkit.Eventually;
import io.hostpool.testkit.LoopbackServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The messages that troubleshooting.md explains are those that a user sees. */
@Timeout(60)
class TroubleshootingSocketTest {

  private static final String LOGGER = "io.hostpool.pool";

  private final LoopbackServer server =
      LoopbackServer.start(
          exchange ->
              exchange.respond(
                  200, "ok", exchange.target().equals("/close") ? "Connection: close" : "A: b"));
  private final CapturedLog log = CapturedLog.of(LOGGER, Level.DEBUG);
  private final Session session = Session.create();

  @AfterEach
  void stop() {
    session.close();
    log.close();
    server.close();
  }

  @Test
  void poolThatIsFull() throws Exception {
    mount(adapter -> adapter.poolMaxsize(1));
    try (Response first = session.get(server.url("/"), r -> r.stream(true))) {
      session.get(server.url("/"));
      first.close();
    }

    assertExplained(log.messages(Level.WARN));
  }

  @Test
  void poolThatIsEmpty() throws Exception {
    mount(adapter -> adapter.poolMaxsize(1).poolBlock(true).poolTimeout(Duration.ofMillis(20)));
    try (Response held = session.get(server.url("/"), r -> r.stream(true))) {
      assertExplained(() -> session.get(server.url("/")));
      held.close();
    }
  }

  @Test
  void poolThatDoesNotWait() throws Exception {
    mount(adapter -> adapter.poolMaxsize(1).whenExhausted(WhenExhausted.FAIL));
    try (Response held = session.get(server.url("/"), r -> r.stream(true))) {
      assertExplained(() -> session.get(server.url("/")));
      held.close();
    }
  }

  @Test
  void limitOfAllPools() throws Exception {
    mount(adapter -> adapter.maxConnections(1).poolTimeout(Duration.ofMillis(20)));
    try (Response held = session.get(server.url("/"), r -> r.stream(true))) {
      assertExplained(() -> session.get("http://127.0.0.2:" + server.port() + "/"));
      held.close();
    }
  }

  @Test
  void responseThatIsNotClosed() throws Exception {
    mount(adapter -> adapter.leakDetectionThreshold(Duration.ofMillis(20)));
    try (Response held = session.get(server.url("/"), r -> r.stream(true))) {
      Eventually.until("it is reported", () -> !log.messages(Level.WARN).isEmpty());
      held.close();
    }

    assertExplained(log.messages(Level.WARN));
  }

  @Test
  void poolsThatAreEvictedAgainAndAgain() throws Exception {
    mount(adapter -> adapter.poolConnections(1));
    for (int i = 0; i < 20 && log.messages(Level.WARN).isEmpty(); i++) {
      session.get(server.url("/"));
      session.get("http://localhost:" + server.port() + "/");
    }

    assertExplained(log.messages(Level.WARN));
  }

  @Test
  void adapterThatIsMissing() {
    assertExplained(() -> session.get("ftp://files.example.com/"));
  }

  @Test
  void linesOfTheLogger() throws Exception {
    session.get(server.url("/users?page=2"));
    server.closeConnections();
    Eventually.until("the server closed", () -> server.open() == 0);
    session.get(server.url("/users?page=3"));

    assertExplained(log.messages());
  }

  private void mount(Consumer<HttpAdapter.Builder> settings) {
    HttpAdapter.Builder adapter = HttpAdapter.builder();
    settings.accept(adapter);
    session.mount("http://", adapter.build());
  }

  private void assertExplained(ThrowingCallable request) {
    Throwable failure = catchThrowable(request);
    assertThat(failure).isNotNull();
    assertExplained(List.of(failure.getMessage()));
  }

  /** Ports and times aside, each line stands in the document. */
  private void assertExplained(List<String> lines) {
    String document = plain(read(Path.of("../docs/troubleshooting.md")));
    assertThat(lines).isNotEmpty();
    for (String line : lines) {
      assertThat(document).contains(plain(line));
    }
  }

  private static String plain(String text) {
    String times = Pattern.compile("\\d+ (ms|s)\\b").matcher(text).replaceAll("<time>");
    return times.replaceAll(":\\d{2,5}\\b", ":<port>").replaceAll("\\s+", " ");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
