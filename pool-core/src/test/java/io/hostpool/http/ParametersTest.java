package io.hostpool.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parameters of a query and fields of a form. requests: {@code params=}, {@code data=}. */
class ParametersTest {

  /** requests: test_params_are_not_added_if_none…. */
  @ParameterizedTest
  @ValueSource(strings = {"http://h/p", "http://h/p?x=1", "http://h/p?", "http://h/p#f"})
  void parametersWithoutAValueLeaveNothingBehind(String url) {
    Map<String, Object> none = new LinkedHashMap<>();
    none.put("a", null);
    none.put("b", List.of());
    none.put("c", new int[0]);
    none.put("d", Arrays.asList(null, null));

    Request request =
        Request.builder("GET", url).params(none).param("e", null).params(Map.of()).build();

    assertThat(request.url()).isEqualTo(Url.parse(url));
  }

  @Test
  void pairsKeepTheirOrderAndNamesThatComeAgain() throws Exception {
    List<Map.Entry<String, ?>> pairs =
        List.of(Map.entry("a", 1), Map.entry("b", "x y"), Map.entry("a", List.of(2, 3)));

    Request request = Request.builder("POST", "http://h/?z=0").params(pairs).form(pairs).build();

    assertThat(request.url().query()).isEqualTo("z=0&a=1&b=x+y&a=2&a=3");
    assertThat(request.bodyType()).isEqualTo("application/x-www-form-urlencoded");
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    Objects.requireNonNull(request.body()).writeTo(form);
    assertThat(form).hasToString("a=1&b=x+y&a=2&a=3");
    assertThat(RequestBody.form(List.of()).contentType()).isNull();
  }

  static Stream<Object[]> lists() {
    return Stream.of(
        new Object[] {new int[] {1, 2}, "k=1&k=2"},
        new Object[] {new byte[] {1, -2}, "k=1&k=-2"},
        new Object[] {new char[] {'a', '&'}, "k=a&k=%26"},
        new Object[] {new long[] {1L << 40}, "k=1099511627776"},
        new Object[] {new double[] {0.5}, "k=0.5"},
        new Object[] {new boolean[] {true, false}, "k=true&k=false"},
        new Object[] {new String[] {"x", null, "y"}, "k=x&k=y"},
        new Object[] {List.of("x", 1), "k=x&k=1"});
  }

  @ParameterizedTest
  @MethodSource("lists")
  void eachElementOfAnArrayOrIterableIsAField(Object value, String query) throws Exception {
    assertThat(query(value)).isEqualTo(query);
    assertThat(new String(RequestBodyTest.bytesOf(RequestBody.form(Map.of("k", value)))))
        .isEqualTo(query);
  }

  static Stream<Object> texts() {
    return Stream.of(
        new StringBuilder("a/b"),
        CharBuffer.wrap("c"),
        'x',
        1.5f,
        Thread.State.NEW,
        UUID.fromString("00000000-0000-0000-0000-000000000001"),
        java.time.Duration.ofSeconds(1),
        java.net.URI.create("http://x/"));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void valueWithATextIsSentAsIt(Object value) {
    String encoded =
        java.net.URLEncoder.encode(value.toString(), java.nio.charset.StandardCharsets.UTF_8);

    assertThat(query(value)).isEqualTo("k=" + encoded);
  }

  /** A path is an Iterable of its names, but means its text. */
  @Test
  void pathIsOneValue() {
    assertThat(query(Path.of("a", "b"))).isEqualTo("k=a%2Fb");
  }

  static Stream<Object> containers() {
    Supplier<String> lambda = () -> "x";
    Object nameless =
        new Object() {
          @Override
          public String toString() {
            return null;
          }
        };
    return Stream.of(
        Optional.of("x"),
        Optional.empty(),
        OptionalInt.of(1),
        Map.of("a", 1),
        new Object(),
        lambda,
        nameless,
        CompletableFuture.completedFuture("x"),
        ByteBuffer.wrap(new byte[] {1}),
        Stream.of(1),
        List.of(new int[] {1}),
        List.of(List.of(1)),
        List.of(Optional.of(1)),
        new Object[] {new Object()},
        new int[][] {{1}});
  }

  /** Else the identity of an object is sent, which is another one in each run. */
  @ParameterizedTest
  @MethodSource("containers")
  void valueWithoutATextIsRefusedByTheNameOfItsParameter(Object value) {
    for (Runnable use :
        List.<Runnable>of(() -> query(value), () -> RequestBody.form(Map.of("k", value)))) {
      assertThatThrownBy(use::run)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("parameter \"k\": a ")
          .hasMessageContaining("has no text to send");
    }
  }

  @Test
  void parameterWithoutANameIsRefusedByAMessage() {
    assertThatThrownBy(() -> Request.builder("GET", "http://h/").param(null, "x"))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("parameter name");
    assertThatThrownBy(() -> RequestBody.form(Collections.singletonMap(null, "x")))
        .hasMessage("parameter name");
    assertThatThrownBy(() -> RequestBody.multipart().field("a", null)).hasMessage("value");
    assertThatThrownBy(() -> RequestBody.multipart().field(null, "a")).hasMessage("name");
  }

  /** RFC 3986 section 2.3. */
  @ParameterizedTest
  @CsvSource({
    "~, ~",
    "a-b._c, a-b._c",
    "%7E, %257E",
    "a b, a+b",
    "+, %2B",
    "ä, %C3%A4",
    "/?, %2F%3F"
  })
  void unreservedCharactersAreNotEncoded(String value, String encoded) throws Exception {
    assertThat(query(value)).isEqualTo("k=" + encoded);
    assertThat(new String(RequestBodyTest.bytesOf(RequestBody.form(Map.of(value, value)))))
        .isEqualTo(encoded + "=" + encoded);
  }

  /** requests: {@code data={}} sends no type either. */
  @Test
  void formWithoutFieldsHasNoContentType() {
    Map<String, Object> none = new HashMap<>();
    none.put("a", null);

    assertThat(RequestBody.form(Map.of()).contentType()).isNull();
    assertThat(RequestBody.form(none).contentType()).isNull();
    assertThat(RequestBody.form(none).contentLength()).isZero();
    assertThat(RequestBody.form(Map.of("a", "")).contentType())
        .isEqualTo("application/x-www-form-urlencoded");
  }

  private static String query(Object value) {
    return Request.builder("GET", "http://h/").params(Map.of("k", value)).build().url().query();
  }
}
