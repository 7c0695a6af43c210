package io.hostpool.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.DecodeException;
import io.hostpool.error.HttpStatusException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A response whose body is in memory. Upstream: test_response.py, TestResponse of requests. */
class ResponseTest {

  private static final Request REQUEST = Request.builder("GET", "http://h/p?secret").build();

  /** Upstream: test_default, test_none. */
  @Test
  void responseWithoutAnythingIsEmpty() throws IOException {
    Response response = Response.builder(REQUEST, 204).build();

    assertThat(response.bytes()).isEmpty();
    assertThat(response.text()).isEmpty();
    assertThat(response.body().read()).isEqualTo(-1);
    assertThat(response.reason()).isEmpty();
    assertThat(response.history()).isEmpty();
    assertThat(response.isStreamed()).isFalse();
  }

  /** Upstream: test_cache_content, test_preload. */
  @Test
  void bodyInMemoryCanBeReadInEveryWayAndAfterClose() throws IOException {
    Response response = response("text/plain", "foo".getBytes(StandardCharsets.UTF_8));
    response.close();
    response.close();

    assertThat(response.bytes()).isSameAs(response.bytes());
    assertThat(response.text()).isEqualTo("foo");
    assertThat(response.body().readAllBytes()).hasSize(3);
    assertThat(response.body().readAllBytes()).hasSize(3);
  }

  /** requests: test_status_raising and its kin. */
  @ParameterizedTest
  @CsvSource({
    "100,true",
    "200,true",
    "304,true",
    "399,true",
    "400,false",
    "599,false",
    "999,false"
  })
  void statusFrom400IsAnError(int status, boolean ok) throws Exception {
    Response response = Response.builder(REQUEST, status).reason("Be\r\nBad").build();

    assertThat(response.ok()).isEqualTo(ok);
    if (ok) {
      assertThat(response.raiseForStatus()).isSameAs(response);
    } else {
      assertThatThrownBy(response::raiseForStatus)
          .isInstanceOfSatisfying(
              HttpStatusException.class, e -> assertThat(e.status()).isEqualTo(status))
          .hasMessageContaining("GET http://h/p?…")
          .hasMessageContaining("\"Be\\r\\nBad\"")
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void statusErrorCarriesTheHeadersAndLeavesABodyInMemory() throws Exception {
    Response response =
        Response.builder(REQUEST, 503)
            .headers(Headers.received(new String[] {"Retry-After", "7", "X-A", "1", "x-a", "2"}))
            .body("why".getBytes(StandardCharsets.UTF_8))
            .build();

    assertThatThrownBy(response::raiseForStatus)
        .isInstanceOfSatisfying(
            HttpStatusException.class,
            e -> {
              assertThat(e.headers().get("RETRY-AFTER")).containsExactly("7");
              assertThat(e.headers().get("x-A")).containsExactly("1", "2");
              assertThatThrownBy(() -> e.headers().clear())
                  .isInstanceOf(UnsupportedOperationException.class);
            });
    assertThat(response.text()).isEqualTo("why");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 99, 1000})
  void numberThatIsNoStatusIsRefused(int status) {
    assertThatThrownBy(() -> Response.builder(REQUEST, status))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a status code: " + status);
  }

  /** requests: test_response_decode_unicode, test_get_encoding_from_headers. */
  @ParameterizedTest
  @CsvSource({
    "text/html; charset=ISO-8859-1", "text/html;charset=iso-8859-1",
    "'text/html; Charset=\"latin1\"'", "text/html; charset=latin1; x=y",
    "text/html; x=y; charset= latin1 "
  })
  void textIsReadByItsCharset(String type) throws IOException {
    assertThat(response(type, new byte[] {(byte) 0xe4}).text()).isEqualTo("ä");
  }

  /** RFC 9110 section 5.6.6: a parameter has a name, and its value may hold anything in quotes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain; x-charset=utf-8; charset=iso-8859-1",
        "text/plain; title=\"charset=utf-8\"; charset=iso-8859-1",
        "text/plain; title=\"a;charset=utf-8\"; charset=iso-8859-1",
        "text/plain; title=\"\\\"; charset=utf-8\"; charset=iso-8859-1",
        "text/plain; charset=iso-8859-1; charset=utf-8",
        "text/plain; charset=\"iso-8859-1\"; x",
        "text/plain; charset=\"iso\\-8859-1\"",
        "text/plain; charset='iso-8859-1'",
        "text/plain ; charset = iso-8859-1",
        "text/plain;\tCHARSET\t=\t'ISO-8859-1'\t;x",
        "text/plain;;charset=iso-8859-1",
        "text/plain; x; charset=iso-8859-1",
        ";charset=iso-8859-1",
        "text/plain; charset=\"iso-8859-1"
      })
  void charsetIsReadAsAParameter(String type) throws IOException {
    assertThat(response(type, new byte[] {(byte) 0xe4}).text()).isEqualTo("ä");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "charset=iso-8859-1",
        "text/plain; xcharset=iso-8859-1",
        "text/plain; title=\"; charset=iso-8859-1",
        "text/plain; charset",
        "text/plain; charset=''iso-8859-1''",
        "text/html",
        "text/html; charset=",
        "text/html; charset=nonsense",
        "text/html; charset=*",
        "text/html; charset=\"",
        "charset",
        "x; charset=utf8"
      })
  void textOfUnknownCharsetIsUtf8(String type) throws IOException {
    assertThat(response(type, "ä".getBytes(StandardCharsets.UTF_8)).text()).isEqualTo("ä");
  }

  @Test
  void jsonIsReadByTheCodecOfTheRequest() throws Exception {
    assertThat(json("7").json(Integer.class)).isEqualTo(7);
  }

  /** requests: test_json_decode_errors_are_serializable_deserializable, JSONDecodeError. */
  @Test
  void bodyThatIsNoJsonIsADecodeFailureWithoutTheBody() {
    assertThatThrownBy(() -> json("hunter2").json(Integer.class))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("java.lang.Integer")
        .hasMessageNotContaining("hunter2")
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void typeWithArgumentsIsReadByACodecThatKnowsTypes() throws Exception {
    JsonCodec codec =
        new NumberCodec() {
          @Override
          public Object read(byte[] json, Type type) throws IOException {
            return List.of(read(json, Integer.class), type.getTypeName());
          }
        };
    List<Object> read = json("7", codec).json(new JsonType<List<Object>>() {});

    assertThat(read).containsExactly(7, "java.util.List<java.lang.Object>");
  }

  @Test
  void codecThatKnowsClassesOnlySaysWhatToOverride() throws Exception {
    assertThat(json("7").json((Type) Integer.class)).isEqualTo(7);
    assertThatThrownBy(() -> json("7").json(new JsonType<List<Integer>>() {}))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("reads classes only, not java.util.List<java.lang.Integer>")
        .hasMessageContaining("override read(byte[], Type)");
  }

  @Test
  @SuppressWarnings("rawtypes") // what is tested
  void jsonTypeWithoutItsTypeIsRefused() {
    assertThatThrownBy(() -> new JsonType() {})
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("JsonType needs its type: new JsonType<List<User>>() {}");
    assertThat(new JsonType<List<String>>() {}).hasToString("java.util.List<java.lang.String>");
  }

  @Test
  void headerIsTheFirstOfItsName() {
    Response response =
        Response.builder(REQUEST, 200)
            .headers(Headers.received(new String[] {"X-A", "1", "x-a", "2"}))
            .build();

    assertThat(response.header("x-A")).isEqualTo("1");
    assertThat(response.header("X-B")).isNull();
  }

  @Test
  void bodyThatIsDecodedLaterIsReadOnce() throws Exception {
    AtomicInteger opened = new AtomicInteger();
    Response response =
        Response.builder(REQUEST, 302)
            .body(
                () -> {
                  opened.incrementAndGet();
                  return new ByteArrayInputStream(new byte[] {'x'});
                })
            .build();

    assertThat(response.text()).isEqualTo("x");
    assertThat(response.toBuilder().build().bytes()).isSameAs(response.bytes());
    assertThat(response.body().readAllBytes()).containsExactly('x');
    assertThat(opened).hasValue(1);
    assertThat(response.isStreamed()).isFalse();
  }

  @Test
  void jsonWithoutACodecSaysWhereToSetOne() {
    assertThatThrownBy(() -> Response.builder(REQUEST, 200).build().json(Object.class))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Session.builder().json(codec)");
  }

  @Test
  void historyIsCopiedAndCannotBeChanged() {
    List<Response> history = new ArrayList<>(List.of(Response.builder(REQUEST, 302).build()));
    Response response = Response.builder(REQUEST, 200).history(history).build();
    history.clear();

    assertThat(response.history()).hasSize(1);
    assertThatThrownBy(() -> response.history().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void textOfAResponseHasNoQuery() {
    assertThat(Response.builder(REQUEST, 200).build())
        .hasToString("Response[200 GET http://h/p?…]");
    assertThat(REQUEST).hasToString("GET http://h/p?…");
  }

  private static Response response(String type, byte[] body) {
    return Response.builder(REQUEST, 200)
        .headers(Headers.received(new String[] {"Content-Type", type}))
        .body(body)
        .build();
  }

  /** Reads numbers. */
  private static class NumberCodec implements JsonCodec {
    @Override
    public byte[] write(Object value) throws IOException {
      throw new IOException("not used");
    }

    @Override
    public <T> T read(byte[] json, Class<T> type) throws IOException {
      try {
        return type.cast(Integer.parseInt(new String(json, StandardCharsets.UTF_8)));
      } catch (NumberFormatException e) {
        throw new IOException("no number", e);
      }
    }
  }

  private static Response json(String body) {
    return json(body, new NumberCodec());
  }

  private static Response json(String body, JsonCodec codec) {
    Request request = Request.builder("GET", "http://h/").jsonCodec(codec).build();
    return Response.builder(request, 200).body(body.getBytes(StandardCharsets.UTF_8)).build();
  }
}
