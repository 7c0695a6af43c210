package io.hostpool.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Header fields as a value. Upstream: TestHTTPHeaderDict of test_collections.py. */
class HeadersTest {

  private final Headers cookies =
      Headers.builder().add("Cookie", "foo").add("cookie", "bar").build();

  /** Upstream: test_getlist, test_dunder_contains, test_add_well_known_multiheader. */
  @Test
  void namesCompareWithoutCase() {
    assertThat(cookies.getAll("COOKIE")).containsExactly("foo", "bar");
    assertThat(cookies.get("cOOkie")).isEqualTo("foo");
    assertThat(cookies.contains("cookiE")).isTrue();
    assertThat(cookies.contains("cook")).isFalse();
    assertThat(cookies.get("b")).isNull();
    assertThat(cookies.getAll("b")).isEmpty();
  }

  /** Upstream: test_items, test_header_repeat, test_len; fields are counted, not names. */
  @Test
  void orderCaseAndRepetitionAreKept() {
    Headers headers =
        cookies.toBuilder().add("other-Header", "hello").add("Other-header", "world").build();

    List<String> seen = new ArrayList<>();
    headers.forEach((name, value) -> seen.add(name + "=" + value));

    assertThat(seen)
        .containsExactly("Cookie=foo", "cookie=bar", "other-Header=hello", "Other-header=world");
    assertThat(headers.size()).isEqualTo(4);
    assertThat(headers.name(3)).isEqualTo("Other-header");
    assertThat(headers.value(3)).isEqualTo("world");
  }

  /** Upstream: test_setitem, test_update. */
  @Test
  void settingReplacesEveryFieldOfTheName() {
    Headers headers = cookies.toBuilder().set("COOKIE", "with, comma").build();

    assertThat(headers.getAll("cookie")).containsExactly("with, comma");
    assertThat(headers.name(0)).isEqualTo("COOKIE");
  }

  /** Upstream: test_delitem, test_discard, test_pop. */
  @Test
  void removingTakesEveryFieldOfTheName() {
    assertThat(cookies.toBuilder().remove("cOOKIE").build()).isSameAs(Headers.empty());
    assertThat(cookies.toBuilder().remove("absent").build()).isEqualTo(cookies);
  }

  /** Upstream: test_create_from_dict, test_dict_conversion. */
  @Test
  void mapKeepsItsOrderAndCase() {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("Content-Length", "0");
    map.put("Content-type", "text/plain");
    map.put("Server", "Hypercorn/1.2.3");

    Headers headers = Headers.of(map);

    assertThat(headers.toMap().keySet()).containsExactlyElementsOf(map.keySet());
    assertThat(headers.toMap()).containsEntry("Server", List.of("Hypercorn/1.2.3"));
    assertThat(cookies.toMap()).containsExactly(Map.entry("Cookie", List.of("foo", "bar")));
  }

  /** Upstream: test_copy, test_getlist_after_copy, test_equal, test_extend_from_headerdict. */
  @Test
  void copiesAreEqualAndIndependent() {
    Headers.Builder builder = cookies.toBuilder();
    Headers copy = builder.build();
    builder.add("x", "y");

    assertThat(copy).isEqualTo(cookies).hasSameHashCodeAs(cookies);
    assertThat(builder.build()).isNotEqualTo(cookies);
    assertThat(Headers.builder().addAll(cookies).addAll(cookies).build().size()).isEqualTo(4);
  }

  @Test
  void nothingThatComesOutCanBeChanged() {
    assertThatThrownBy(() -> cookies.getAll("cookie").add("x"))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> cookies.toMap().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> cookies.toMap().get("Cookie").add("x"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  /** Upstream: test_merge_headers_with_pool_manager_headers. */
  @Test
  void defaultsFillInWhatIsNotSet() {
    Headers defaults = Headers.builder().add("A", "1").add("COOKIE", "x").add("a", "2").build();

    assertThat(cookies.withDefaults(defaults).toMap())
        .containsExactly(
            Map.entry("A", List.of("1", "2")), Map.entry("Cookie", List.of("foo", "bar")));
    assertThat(cookies.withDefaults(Headers.empty())).isSameAs(cookies);
    assertThat(cookies.withDefaults(cookies)).isSameAs(cookies);
    assertThat(Headers.empty().withDefaults(defaults)).isSameAs(defaults);
  }

  /** Netty CVE-2021-43797 and CVE-2022-41915: every byte at every place of a name. */
  @Test
  void nameThatIsNoTokenIsRefused() {
    String tokens = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (char c = 0; c < 0x180; c++) {
      for (String name : List.of(c + "name", "na" + c + "me", "name" + c, "" + c)) {
        if (tokens.indexOf(c) >= 0) {
          assertThat(Headers.builder().add(name, "v").build().get(name)).isEqualTo("v");
        } else {
          assertRefused(() -> Headers.builder().add(name, "v"));
          assertRefused(() -> Headers.builder().set(name, "v"));
        }
      }
    }
    assertRefused(() -> Headers.builder().add("", "v"));
  }

  /** As above, for values: only what HTTP/1.1 can carry in a line, no blanks at the edges. */
  @Test
  void valueThatCouldEndALineIsRefused() {
    for (char c = 0; c < 0x180; c++) {
      boolean inside = c == '\t' || (c >= ' ' && c != 0x7f && c <= 0xff);
      boolean edge = inside && c != '\t' && c != ' ';
      assertAccepted("va" + c + "lue", inside);
      assertAccepted(c + "value", edge);
      assertAccepted("value" + c, edge);
      assertAccepted("" + c, edge);
    }
    assertAccepted("", true);
  }

  private static void assertAccepted(String value, boolean accepted) {
    if (accepted) {
      assertThat(Headers.builder().add("n", value).build().get("n")).isEqualTo(value);
    } else {
      assertRefused(() -> Headers.builder().add("n", value));
      assertRefused(() -> Headers.of(Map.of("n", value)));
    }
  }

  /** OkHttp CVE-2023-0833: a refused value may be a secret. */
  @ParameterizedTest
  @ValueSource(strings = {"hunter2\r\nX: y", " hunter2", "hunter2\u0000", "hunter2€"})
  void messageNamesTheHeaderAndNotItsValue(String value) {
    assertThatThrownBy(() -> Headers.builder().add("Authorization", value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Authorization")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void textShowsNoValues() {
    assertThat(Headers.builder().add("Authorization", "secret").build())
        .hasToString("Headers[Authorization]");
  }

  /** Upstream: test_string_enforcement. */
  @Test
  void absentNameOrValueIsRefusedByName() {
    assertThatThrownBy(() -> Headers.builder().add(null, "v")).hasMessage("header name");
    assertThatThrownBy(() -> Headers.builder().add("n", null)).hasMessage("header value");
  }

  private static void assertRefused(Runnable call) {
    assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class);
  }
}
