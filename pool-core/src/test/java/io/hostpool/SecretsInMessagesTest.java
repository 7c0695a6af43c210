package io.hostpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.hostpool.adapter.HttpAdapter;
import io.hostpool.http.Headers;
import io.hostpool.http.Request;
import io.hostpool.http.Response;
import io.hostpool.http.Url;
import io.hostpool.internal.redirect.Redirects;
import io.hostpool.internal.socket.Endpoint;
import io.hostpool.pool.HttpConnectionPool;
import io.hostpool.pool.PoolManager;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A URL that is refused is told of without its password and query, whoever refuses it. */
class SecretsInMessagesTest {

  static Stream<String> urls() {
    return Stream.of(
        "http://u:hunter2#x@h/",
        "http://u:hunter2?x@h/",
        "http://u:hunter2/x@h/%zz",
        "http://u:hunter2\\@h/",
        "http://u:hunter2@h:99999/",
        "http://u:hunter2@a b/",
        "http://u:hunter2@0127.0.0.1/",
        "http://u:hunter2@\u0301a/",
        "http://u:hunter2@[::1",
        "http://u:hunter2%40h/",
        "http://u:hunter2@[::1%25]/",
        "http://u:hunter2@/",
        "http://u:hunter2@h/\u0000",
        "http://u:\u0000hunter2@h/",
        "http://u:\ud800hunter2@h/",
        "http://hunter2:x@\u1c90/",
        "http://h:x/?hunter2",
        "http://h:x/#hunter2",
        "http://h:0/?a@b&hunter2",
        "http://h:0/#a@hunter2",
        "http:/u:hunter2@h//x",
        "u:hunter2@h//x",
        "u:hunter2//x@h",
        "://u:hunter2@h",
        "//u:hunter2@h:x/",
        "h/?hunter2",
        "ftp://u:hunter2@h/?hunter2",
        "http://?hunter2",
        "/?hunter2\u0000");
  }

  @ParameterizedTest
  @MethodSource("urls")
  void messageHasNeitherPasswordNorQuery(String url) {
    Url base = Url.parse("http://base.example/");
    try (Session session = Session.create();
        PoolManager manager = PoolManager.create(1);
        HttpConnectionPool pool = HttpConnectionPool.builder("base.example").build();
        HttpAdapter adapter = HttpAdapter.create()) {
      List<ThrowingCallable> uses =
          List.of(
              () -> Url.parse(url),
              () -> base.resolve(url),
              () -> Redirects.target(redirectTo(url)),
              () -> Request.builder("GET", url),
              () -> session.adapterFor(url),
              () -> session.mount(url, adapter),
              () -> Mount.canonicalPrefix(url),
              () -> Session.builder().mount(url, adapter),
              () -> Session.builder().baseUrl(url),
              () -> manager.connectionFromUrl(url),
              () -> manager.connectionFromHost(url, 80, "http"),
              () -> manager.connectionFromHost("h", 80, url),
              () -> pool.isSameHost(url),
              () -> pool.urlopen("GET", url.startsWith("/") ? "http://x/?hunter2" : url),
              () -> HttpConnectionPool.fromUrl(url),
              () -> HttpConnectionPool.builder(url),
              () -> Endpoint.of("http", url, 80),
              () -> Endpoint.of(url, "h", 80));
      for (int i = 0; i < uses.size(); i++) {
        for (Throwable t = catchThrowable(uses.get(i)); t != null; t = t.getCause()) {
          assertThat(String.valueOf(t.getMessage())).as("use " + i).doesNotContain("hunter2");
        }
      }
    }
  }

  /** What is accepted is shown in messages all the same, of an adapter that fails for example. */
  @ParameterizedTest
  @MethodSource("urls")
  void textOfWhatIsAcceptedHasNeitherPasswordNorQuery(String text) {
    Url url;
    try {
      url = Url.parse(text);
    } catch (IllegalArgumentException refused) {
      return;
    }
    Request request = Request.builder("GET", url).build();

    assertThat(url.redacted()).doesNotContain("hunter2");
    assertThat(request.toString()).doesNotContain("hunter2");
    assertThat(Response.builder(request, 200).build().toString()).doesNotContain("hunter2");
  }

  private static Response redirectTo(String location) {
    return Response.builder(Request.builder("GET", "http://base.example/?hunter2").build(), 302)
        .headers(Headers.received(new String[] {"Location", location}))
        .build();
  }
}
