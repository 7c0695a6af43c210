package io.hostpool;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostpool.adapter.HttpAdapter;
import io.hostpool.error.HttpException;
import io.hostpool.http.Request;
import io.hostpool.http.RequestBody;
import io.hostpool.http.Response;
import io.hostpool.policy.Retry;
import io.hostpool.pool.HttpConnectionPool;
import io.hostpool.testkit.Exchange;
import io.hostpool.testkit.LoopbackServer;
import io.hostpool.testkit.ReceivedRequest;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How often a request is sent, and with which methods, against urllib3 2.7.0 ("u3") and requests
 * 2.34.2 ("rq") on the same server. Where this differs on purpose the row says why.
 */
@Timeout(60)
class AttemptTableSocketTest {

  private static final String AS_UPSTREAM = "";
  private static final String PAST = "Wed,_21_Oct_2015_07:28:00_GMT";

  private final LoopbackServer server = LoopbackServer.start(AttemptTableSocketTest::answer);

  @AfterEach
  void stop() {
    server.close();
  }

  static Stream<Arguments> rows() {
    Retry forcelist = Retry.builder().total(2).statusForcelist(Set.of(500)).build();
    return Stream.of(
        u3("default GET 503", "GET", "/status/503", null, "503", "G"),
        u3("default GET 503 Retry-After:0", "GET", "/status/503/0", null, "503", "GGGG"),
        u3("default GET 503 Retry-After past", "GET", "/status/503/" + PAST, null, "503", "GGGG"),
        row(
            "u3 default GET 503 Retry-After garbage",
            "the response is the answer; urllib3 throws InvalidHeader over it",
            server -> u3(server, "GET", "/status/503/soon", null),
            "503",
            "G"),
        u3("default POST 503 Retry-After:0", "POST", "/status/503/0", null, "503", "P"),
        u3("default GET 500 Retry-After:0", "GET", "/status/500/0", null, "500", "G"),
        u3("Retry(1) GET 429 Retry-After:1", "GET", "/status/429/1", Retry.of(1), "429", "GG"),
        u3(
            "Retry(2,forcelist) GET 500",
            "GET",
            "/status/500",
            forcelist,
            "MaxRetryException/HttpStatusException",
            "GGG"),
        u3(
            "same, raise_on_status=False",
            "GET",
            "/status/500",
            forcelist.toBuilder().raiseOnStatus(false).build(),
            "500",
            "GGG"),
        u3("Retry(2,forcelist) POST 500", "POST", "/status/500", forcelist, "500", "P"),
        u3(
            "forcelist allowed_methods=None POST 500",
            "POST",
            "/status/500",
            forcelist.toBuilder().allowAllMethods().build(),
            "MaxRetryException/HttpStatusException",
            "PPP"),
        u3(
            "backoff_factor=.2 x3",
            "GET",
            "/status/500",
            forcelist.toBuilder().total(3).backoffFactor(0.2).build(),
            "MaxRetryException/HttpStatusException",
            "GGGG"),
        u3(
            "default GET rudeclose",
            "GET",
            "/rudeclose",
            null,
            "MaxRetryException/ProtocolException",
            "GGGG"),
        u3("default POST rudeclose", "POST", "/rudeclose", null, "ProtocolException", "P"),
        u3(
            "retries=False GET rudeclose",
            "GET",
            "/rudeclose",
            Retry.none(),
            "ProtocolException",
            "G"),
        u3("302 POST", "POST", "/redirto/302/done", null, "200", "PP"),
        u3("303 POST", "POST", "/redirto/303/done", null, "200", "PG"),
        u3("307 POST", "POST", "/redirto/307/done", null, "200", "PP"),
        u3(
            "default loop",
            "GET",
            "/loop",
            null,
            "MaxRetryException/TooManyRedirectsException",
            "GGGG"),
        u3("retries=False loop", "GET", "/loop", Retry.none(), "302", "G"),
        row(
            "u3 redirect=False",
            AS_UPSTREAM,
            server -> u3(server, "GET", "/loop", null, r -> r.followRedirects(false)),
            "302",
            "G"),
        u3(
            "Retry(redirect=0) loop",
            "GET",
            "/loop",
            Retry.builder().redirect(0).build(),
            "MaxRetryException/TooManyRedirectsException",
            "G"),
        rq("default GET rudeclose", "GET", "/rudeclose", Retry.of(0), "ProtocolException", "G"),
        rq(
            "max_retries=2 GET rudeclose",
            "GET",
            "/rudeclose",
            Retry.of(2),
            "MaxRetryException/ProtocolException",
            "GGG"),
        rq(
            "max_retries=2 POST rudeclose",
            "POST",
            "/rudeclose",
            Retry.of(2),
            "ProtocolException",
            "P"),
        rq("default GET 503 Retry-After:0", "GET", "/status/503/0", Retry.of(0), "503", "G"),
        rq(
            "max_retries=2 GET 503 Retry-After:0",
            "GET",
            "/status/503/0",
            Retry.of(2),
            "503",
            "GGG"),
        rq(
            "Retry(2,forcelist) GET 500",
            "GET",
            "/status/500",
            forcelist,
            "MaxRetryException/HttpStatusException",
            "GGG"),
        rq("301 POST", "POST", "/redirto/301/done", Retry.of(0), "200", "PG"),
        rq("301 PUT", "PUT", "/redirto/301/done", Retry.of(0), "200", "PP"),
        rq("302 POST", "POST", "/redirto/302/done", Retry.of(0), "200", "PG"),
        rq("302 PUT", "PUT", "/redirto/302/done", Retry.of(0), "200", "PG"),
        rq("303 POST", "POST", "/redirto/303/done", Retry.of(0), "200", "PG"),
        rq("303 PUT", "PUT", "/redirto/303/done", Retry.of(0), "200", "PG"),
        rq("307 POST", "POST", "/redirto/307/done", Retry.of(0), "200", "PP"),
        rq("307 PUT", "PUT", "/redirto/307/done", Retry.of(0), "200", "PP"),
        rq("308 POST", "POST", "/redirto/308/done", Retry.of(0), "200", "PP"),
        rq("308 PUT", "PUT", "/redirto/308/done", Retry.of(0), "200", "PP"),
        rq("303 HEAD allow_redirects", "HEAD", "/redirto/303/done", Retry.of(0), "200", "HH"),
        rq("loop", "GET", "/loop", Retry.of(0), "TooManyRedirectsException", "G".repeat(31)),
        rq(
            "max_retries=2 loop",
            "GET",
            "/loop",
            Retry.of(2),
            "TooManyRedirectsException",
            "G".repeat(31)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void requestIsSentAsOftenAndWithTheMethodsOfUpstream(Row row) throws Exception {
    String result;
    try {
      result = Integer.toString(row.call.send(server).status());
    } catch (HttpException e) {
      result = e.getClass().getSimpleName();
      if (e.getCause() instanceof HttpException cause) {
        result += "/" + cause.getClass().getSimpleName();
      }
    }

    assertThat(result).as(row.deviation).isEqualTo(row.result);
    assertThat(
            server.requests().stream()
                .map(ReceivedRequest::method)
                .map(method -> method.substring(0, 1))
                .collect(Collectors.joining()))
        .isEqualTo(row.methods);
  }

  /** Sends one request in one of the two ways. */
  @FunctionalInterface
  interface Call {
    Response send(LoopbackServer server) throws HttpException;
  }

  /**
   * A row of the table.
   *
   * @param deviation why it differs from upstream, empty if it does not
   * @param methods the first letters of what the server received
   */
  record Row(String name, String deviation, Call call, String result, String methods) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Arguments u3(
      String name, String method, String path, Retry retries, String result, String methods) {
    return row("u3 " + name, AS_UPSTREAM, s -> u3(s, method, path, retries), result, methods);
  }

  private static Arguments rq(
      String name, String method, String path, Retry retries, String result, String methods) {
    return row("rq " + name, AS_UPSTREAM, s -> rq(s, method, path, retries), result, methods);
  }

  private static Arguments row(
      String name, String deviation, Call call, String result, String methods) {
    return Arguments.of(new Row(name, deviation, call, result, methods));
  }

  private static Response u3(LoopbackServer server, String method, String path, Retry retries)
      throws HttpException {
    return u3(server, method, path, retries, r -> {});
  }

  private static Response u3(
      LoopbackServer server,
      String method,
      String path,
      Retry retries,
      Consumer<Request.Builder> more)
      throws HttpException {
    try (HttpConnectionPool pool = HttpConnectionPool.fromUrl(server.url("/"))) {
      return pool.urlopen(
          method,
          path,
          r -> {
            addBody(method, r);
            if (retries != null) {
              r.retries(retries);
            }
            more.accept(r);
          });
    }
  }

  private static Response rq(LoopbackServer server, String method, String path, Retry retries)
      throws HttpException {
    try (Session session = Session.create()) {
      session.mount("http://", HttpAdapter.builder().maxRetries(retries).build());
      Request.Builder request = Request.builder(method, server.url(path)).followRedirects(true);
      addBody(method, request);
      return session.send(request.build());
    }
  }

  private static void addBody(String method, Request.Builder request) {
    if (method.startsWith("P")) {
      request.body(RequestBody.of("x"));
    }
  }

  private static void answer(Exchange exchange) throws Exception {
    String[] parts = exchange.target().split("/", 4);
    switch (parts[1]) {
      case "status" -> {
        int status = Integer.parseInt(parts[2]);
        if (parts.length > 3) {
          exchange.respond(status, "ok", "Retry-After: " + parts[3].replace('_', ' '));
        } else {
          exchange.respond(status, "ok");
        }
      }
      case "redirto" -> exchange.respond(Integer.parseInt(parts[2]), "", "Location: /" + parts[3]);
      case "loop" -> exchange.respond(302, "x", "Location: /loop");
      case "rudeclose" -> exchange.fin();
      default -> exchange.respond(200, "ok");
    }
  }
}
