package io.hostpool.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kinds of bodies: what they write, how long they are, whether they can be sent again. */
public class RequestBodyTest {

  @TempDir Path directory;

  @Test
  void textIsUtf8AndSaysSo() throws IOException {
    RequestBody body = RequestBody.of("grüß 😀");

    assertThat(written(body)).isEqualTo("grüß 😀");
    assertThat(body.contentLength()).isEqualTo(11);
    assertThat(body.contentType()).isEqualTo("text/plain; charset=UTF-8");
  }

  @Test
  void bytesHaveOnlyTheTypeTheyAreGiven() throws IOException {
    byte[] bytes = {0, 13, 10, -1};

    assertThat(bytesOf(RequestBody.of(bytes))).isEqualTo(bytes);
    assertThat(RequestBody.of(bytes).contentType()).isNull();
    assertThat(RequestBody.of(bytes, "image/png").contentType()).isEqualTo("image/png");
    assertThat(RequestBody.of(new byte[0]).contentLength()).isZero();
  }

  @Test
  void fileIsReadAnewForEachAttempt() throws IOException {
    Path file = Files.writeString(directory.resolve("a.txt"), "one");
    RequestBody body = RequestBody.of(file);
    assertThat(written(body)).isEqualTo("one");

    Files.writeString(file, "three");

    assertThat(body.contentLength()).isEqualTo(5);
    assertThat(written(body)).isEqualTo("three");
    assertThat(body.isReplayable()).isTrue();
  }

  @Test
  void fileThatIsNotThereIsNamed() {
    RequestBody body = RequestBody.of(directory.resolve("absent"));

    assertThatThrownBy(body::contentLength)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("absent");
    assertThatThrownBy(() -> written(body)).isInstanceOf(IOException.class);
  }

  @Test
  void streamCanBeReadOnceAndIsNotClosed() throws IOException {
    boolean[] closed = {false};
    RequestBody body =
        RequestBody.of(
            new FilterInputStream(new ByteArrayInputStream(new byte[] {'x'})) {
              @Override
              public void close() {
                closed[0] = true;
              }
            });
    assertThat(body.isReplayable()).isTrue();
    assertThat(body.contentLength()).isEqualTo(-1);

    assertThat(written(body)).isEqualTo("x");

    assertThat(body.isReplayable()).isFalse();
    assertThat(closed[0]).isFalse();
  }

  @Test
  void streamOfKnownLengthSaysIt() {
    assertThat(RequestBody.of(new ByteArrayInputStream(new byte[7]), 7).contentLength())
        .isEqualTo(7);
    assertThatThrownBy(() -> RequestBody.of(new ByteArrayInputStream(new byte[0]), -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("body length must be 0 or more: -1");
  }

  /** Upstream: test_post_with_urlencode, test_one_name_multiple_values. */
  @Test
  void formIsEncodedAsBrowsersDo() throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("a b", "c&d=e+f");
    fields.put("ü", List.of("1", 2, true));
    fields.put("", "");
    fields.put("none", List.of());

    RequestBody form = RequestBody.form(fields);

    assertThat(written(form)).isEqualTo("a+b=c%26d%3De%2Bf&%C3%BC=1&%C3%BC=2&%C3%BC=true&=");
    assertThat(form.contentType()).isEqualTo("application/x-www-form-urlencoded");
    assertThat(form.isReplayable()).isTrue();
  }

  /** requests leaves out what is None, in forms and in queries. */
  @Test
  void fieldWithoutAValueIsLeftOut() throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("a", null);
    fields.put("b", Arrays.asList("1", null));
    fields.put("c", new String[] {"2", "3"});

    assertThat(written(RequestBody.form(fields))).isEqualTo("b=1&c=2&c=3");
    assertThat(Request.builder("GET", "http://h/").params(fields).build().url().target())
        .isEqualTo("/?b=1&c=2&c=3");
  }

  @Test
  void jsonIsWrittenByTheCodecOfTheRequest() throws IOException {
    JsonCodec codec = new EchoCodec();

    Request request =
        Request.builder("POST", "http://h/").json(List.of(1)).jsonCodec(codec).build();

    assertThat(written(request.body())).isEqualTo("<[1]>");
    assertThat(request.body().contentType()).isEqualTo("application/json");
    assertThat(request.body().contentLength()).isEqualTo(5);
  }

  @Test
  void jsonWithoutACodecSaysWhereToSetOne() {
    RequestBody body = Request.builder("POST", "http://h/").json("x").build().body();

    assertThatThrownBy(body::contentLength)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Session.builder().json(codec)");
  }

  @Test
  void objectThatTheCodecCannotWriteIsNamedByItsTypeOnly() {
    assertThatThrownBy(
            () ->
                Request.builder("POST", "http://h/")
                    .json(new StringBuilder("secret"))
                    .jsonCodec(new EchoCodec())
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.StringBuilder")
        .hasMessageNotContaining("secret")
        .hasCauseInstanceOf(IOException.class);
  }

  /** A type goes out as a header of its own: it could bring another one with it. */
  @ParameterizedTest
  @ValueSource(strings = {"text/plain\r\nX-Evil: 1", "text/plain\n", "a\u0000b", " text/plain"})
  void contentTypeThatIsNoHeaderValueIsRefused(String type) {
    assertThatThrownBy(() -> RequestBody.of(new byte[0], type))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Content-Type");
  }

  @Test
  void absentSourceIsRefusedByName() {
    assertThatThrownBy(() -> RequestBody.of((String) null)).hasMessage("text");
    assertThatThrownBy(() -> RequestBody.of((byte[]) null)).hasMessage("bytes");
    assertThatThrownBy(() -> RequestBody.of((Path) null)).hasMessage("file");
    assertThatThrownBy(() -> RequestBody.of((java.io.InputStream) null)).hasMessage("stream");
    assertThatThrownBy(() -> RequestBody.of(new byte[0], null)).hasMessage("contentType");
  }

  public static byte[] bytesOf(RequestBody body) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    body.writeTo(out);
    return out.toByteArray();
  }

  static String written(RequestBody body) throws IOException {
    return new String(bytesOf(body), StandardCharsets.UTF_8);
  }

  /** Writes lists, nothing else. */
  private static final class EchoCodec implements JsonCodec {
    @Override
    public byte[] write(Object value) throws IOException {
      if (!(value instanceof List<?>)) {
        throw new IOException("no list");
      }
      return ("<" + value + ">").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public <T> T read(byte[] json, Class<T> type) throws IOException {
      throw new IOException("not used");
    }
  }
}
