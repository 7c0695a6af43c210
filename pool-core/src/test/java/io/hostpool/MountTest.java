package io.hostpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.adapter.SendOptions;
import io.hostpool.adapter.TransportAdapter;
import io.hostpool.http.Headers;
import io.hostpool.http.Request;
import io.hostpool.http.Response;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which adapter serves which URL. requests: test_transport_adapter_ordering,
 * test_session_get_adapter_prefix_*.
 */
class MountTest {

  private final Session session = Session.create();

  @AfterEach
  void close() {
    session.close();
  }

  /** requests: test_transport_adapter_ordering. */
  @Test
  void mountsAreOrderedLongestPrefixFirst() {
    for (String prefix :
        List.of(
            "http://git",
            "http://github",
            "http://github.com",
            "http://github.com/about/",
            "http://github.com/about")) {
      session.mount(prefix, new Recorder());
    }

    assertThat(session.mounts())
        .extracting(Mount::prefix)
        .containsExactly(
            "http://github.com/about/",
            "http://github.com/about",
            "http://github.com",
            "http://github",
            "http://git",
            "https://",
            "http://");
  }

  /** requests: the same test with an adapter that takes the place of another. */
  @Test
  void mountUnderTheSamePrefixTakesThePlaceOfTheOther() {
    Recorder first = new Recorder();
    Recorder second = new Recorder();
    assertThat(session.mount("HTTP://Example.COM/", first)).isEmpty();

    assertThat(session.mount("http://example.com/", second)).containsSame(first);

    assertThat(first.retired).isEqualTo(1);
    assertThat(first.closed).isZero();
    assertThat(session.adapterFor("http://example.com/x")).isSameAs(second);
    assertThat(session.mounts()).hasSize(3);
  }

  @Test
  void adapterThatIsMountedElsewhereTooIsNotRetired() {
    Recorder both = new Recorder();
    session.mount("http://a/", both);
    session.mount("http://b/", both);

    session.mount("http://a/", new Recorder());

    assertThat(both.retired).isZero();
  }

  @Test
  void adapterIsToldEachPrefixInItsNormalForm() {
    Recorder adapter = new Recorder();
    try (Session built = Session.builder().mount("HTTP://A", adapter).build()) {
      built.mount("http://b:80/x", adapter);
    }

    assertThat(adapter.prefixes).containsExactly("http://a", "http://b/x");
  }

  @Test
  void sessionClosesEachAdapterOnce() {
    Recorder both = new Recorder();
    session.mount("http://a/", both);
    session.mount("http://b/", both);

    session.close();

    assertThat(both.closed).isEqualTo(1);
  }

  /**
   * requests: test_session_get_adapter_prefix_matching, …_mixed_case, …_is_case_insensitive. Parts
   * are compared here, not characters: the rows that end in false match in requests.
   */
  @ParameterizedTest
  @CsvSource({
    "https://example.com, https://example.com/some/path, true",
    "https://example.com/, https://example.com, true",
    "https://example.com/some/path, https://example.com/some/path/other, true",
    "https://example.com/some/path, https://example.com/some/path?q, true",
    "hTtPs://eXamPle.CoM/MixEd_CAse, HtTpS://ExaMPLe.cOm/MixEd_CAse/x, true",
    "https://example.com/MixEd_CAse, https://example.com/mixed_case/x, false",
    "https://example.com, https://example.com.evil.org/, false",
    "https://example.com, https://example.community/, false",
    "https://example.com, https://www.example.com/, false",
    "https://example.com, https://example.com@evil.org/, false",
    "https://example.com, http://example.com/, false",
    "https://example.com/v1, https://example.com/v10, false",
    "https://example.com/v1, https://example.com/v1/../v2, false",
    "https://example.com/v1, https://example.com/x/../v1/y, true",
    "https://example.com, https://example.com:8443/, true",
    "https://example.com/, https://example.com:8443/, false",
    "https://example.com:443, https://example.com/x, true",
    "https://example.com:8443, https://example.com:8443/x, true",
    "https://example.com:8443, https://example.com:84430/, false",
    "https://[::1], https://[::1]:8/, true",
    "https://[::1]:8, https://[::1]/, false",
    "https://bücher.example/, https://xn--bcher-kva.example/x, true"
  })
  void prefixCoversWholeParts(String prefix, String url, boolean covers) {
    Recorder adapter = new Recorder();
    session.mount(prefix, adapter);

    boolean chosen;
    try {
      chosen = session.adapterFor(url) == adapter;
    } catch (IllegalArgumentException noUrl) {
      chosen = false;
    }

    assertThat(chosen).isEqualTo(covers);
  }

  /** Else what the server reads as another path gets the credentials that a mount is for. */
  @ParameterizedTest
  @CsvSource({
    "http://h/secure/, http://h/secure/%2E%2E/evil, false",
    "http://h/secure/, http://h/secure/.%2e/evil, false",
    "http://h/secure/, http://h/secure/x/%2e%2e/%2e%2e/evil, false",
    "http://h/secure/, http://h/secure/%2e/x, true",
    "http://h/secure/, http://h/x/%2e%2e/secure/y, true",
    "http://h/secure/, http://h/%73ecure/x, true",
    "http://h/secure/, http://h/secure%2fx, false",
    "http://h/x/%2e%2e/secure/, http://h/secure/y, true",
    "http://h/x/%2e%2e/secure/, http://h/x/y, false",
    "http://h/%73ecure, http://h/secure/y, true",
    "http://[fe80::1%25eth0]/, http://[fe80::1%eth0]/x, true",
    "http://[fe80::1%25eth0]/, http://[fe80::1%25eth1]/x, false"
  })
  void prefixCoversWhatIsSentInWhateverSpelling(String prefix, String url, boolean covers) {
    Recorder adapter = new Recorder();
    session.mount(prefix, adapter);

    assertThat(session.adapterFor(url) == adapter).isEqualTo(covers);
    assertThat(session.mounts().get(0).prefix()).isEqualTo(Mount.canonicalPrefix(prefix));
    assertThat(Mount.canonicalPrefix(Mount.canonicalPrefix(prefix)))
        .isEqualTo(Mount.canonicalPrefix(prefix));
  }

  @Test
  void longestPrefixThatCoversWins() {
    Recorder host = new Recorder();
    Recorder path = new Recorder();
    Recorder deep = new Recorder();
    session.mount("http://h/a/b", deep);
    session.mount("http://h", host);
    session.mount("http://h/a", path);

    assertThat(session.adapterFor("http://h/a/b/c")).isSameAs(deep);
    assertThat(session.adapterFor("http://h/a/bc")).isSameAs(path);
    assertThat(session.adapterFor("http://h/ab")).isSameAs(host);
    assertThat(session.adapterFor("http://x/a/b")).isNotIn(host, path, deep);
  }

  /** requests: InvalidSchema; here the message says what there is. */
  @Test
  void urlWithoutAnAdapterNamesThePrefixes() {
    assertThatThrownBy(() -> session.adapterFor("ftp://h/?secret"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no adapter is mounted for ftp://h/?…; mounted: [https://, http://]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "http",
        "http:",
        "//h/",
        "://h",
        "http://u@h/",
        "http://h/?q",
        "http://h/#f",
        "http://h:99999/",
        "http://[::1",
        "http:///x",
        "http://a b/"
      })
  void prefixThatIsNoneIsRefused(String prefix) {
    assertThatThrownBy(() -> session.mount(prefix, new Recorder()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Session.builder().mount(prefix, new Recorder()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(session.mounts()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://u:pass@h/", "https://u:pass@h/?q", "//u:pass@h", "https://u:pass@b h/"})
  void prefixWithAUserIsRefusedWithoutRepeatingIt(String prefix) {
    assertThatThrownBy(() -> session.mount(prefix, new Recorder()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must not have a user")
        .hasMessageNotContaining("pass");
  }

  @ParameterizedTest
  @CsvSource({
    "HTTPS://A.example/, https://a.example/",
    "https://a:443/v1, https://a/v1",
    "https://a:/v1, https://a/v1",
    "http://a:80/, http://a/",
    "http://a:0080/, http://a/",
    "https://a:80/v1, https://a:80/v1",
    "https://a/x/../v1, https://a/v1",
    "https://[::1]:443/v1, https://[::1]/v1",
    "https://[::1]:8443/v1, https://[::1]:8443/v1",
    "https://bücher.example/v1, https://xn--bcher-kva.example/v1",
    "https://a:443, https://a:443",
    "https://A, https://a",
    "HTTPS://, https://"
  })
  void spellingsOfOnePrefixHaveOneNormalForm(String prefix, String normalised) {
    assertThat(Mount.canonicalPrefix(prefix)).isEqualTo(normalised);

    session.mount(prefix, new Recorder());

    assertThat(session.mounts()).extracting(Mount::prefix).contains(normalised);
  }

  @Test
  void prefixWithTheOwnPortOfItsSchemeIsNoLongerForIt() {
    Recorder root = new Recorder();
    Recorder path = new Recorder();
    session.mount("https://a:443/", root);
    session.mount("https://a/v1", path);

    assertThat(session.adapterFor("https://a/v1/x")).isSameAs(path);
  }

  @Test
  void listOfMountsDoesNotChangeUnderItsReader() {
    List<Mount> before = session.mounts();
    session.mount("http://h/", new Recorder());

    assertThat(before).hasSize(2);
    assertThatThrownBy(before::clear).isInstanceOf(UnsupportedOperationException.class);
  }

  /** A query may hold a URL; that does not make the reference an absolute one. */
  @ParameterizedTest
  @CsvSource({
    "users, https://h/api/users",
    "/users, https://h/users",
    "'', https://h/api/",
    "?q=1, https://h/api/?q=1",
    "login?next=https://other/x, https://h/api/login?next=https://other/x",
    "/proxy/http://other/x, https://h/proxy/http://other/x",
    "https://other/x, https://other/x",
    "//other/x, https://other/x"
  })
  void urlIsResolvedAgainstTheBaseOfTheSession(String url, String sent) throws Exception {
    Recorder adapter = new Recorder();
    try (Session based =
        Session.builder().baseUrl("https://h/api/").mount("https://", adapter).build()) {
      based.get(url);
    }

    assertThat(adapter.sent).extracting(request -> request.url().toString()).containsExactly(sent);
  }

  /** requests: test_headers_on_session_with_None…, merging of session and request. */
  @Test
  void requestGoesBeforeTheSession() throws Exception {
    Recorder adapter = new Recorder();
    try (Session defaults =
        Session.builder()
            .header("A", "session")
            .header("B", "session")
            .mount("http://", adapter)
            .build()) {
      defaults.get("http://h/", r -> r.header("a", "request"));
    }

    Headers headers = adapter.sent.get(0).headers();
    assertThat(headers.getAll("A")).containsExactly("request");
    assertThat(headers.get("B")).isEqualTo("session");
    assertThat(headers.get("User-Agent")).isEqualTo("hostpool");
    assertThat(headers.get("Accept")).isEqualTo("*/*");
  }

  @Test
  void closedSessionRefusesAlsoAdaptersMountedLater() {
    session.close();
    session.mount("http://h/", new Recorder());

    assertThatThrownBy(() -> session.get("http://h/"))
        .isInstanceOf(io.hostpool.error.ClosedPoolException.class)
        .hasMessageContaining("session is closed");
  }

  /** Answers everything, and remembers. */
  private static final class Recorder implements TransportAdapter {
    final List<Request> sent = new ArrayList<>();
    final List<String> prefixes = new ArrayList<>();
    int retired;
    int closed;

    @Override
    public Response send(Request request, SendOptions options) {
      sent.add(request);
      return Response.builder(request, 200).build();
    }

    @Override
    public void mountedUnder(String prefix) {
      prefixes.add(prefix);
    }

    @Override
    public void retire() {
      retired++;
    }

    @Override
    public void close() {
      closed++;
    }
  }
}
