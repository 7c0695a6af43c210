package io.hostpool.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms of several parts. Upstream: test_filepost.py, test_fields.py. */
class MultipartBodyTest {

  @TempDir Path directory;

  @Test
  void partsStandBetweenBoundariesInTheirOrder() throws IOException {
    Path file = Files.writeString(directory.resolve("data.bin"), "content");
    MultipartBody body =
        RequestBody.multipart()
            .field("name", "wért")
            .file("upload", file)
            .part("raw", null, RequestBody.of(new byte[] {'x'}, "image/png"))
            .build();

    String boundary = body.contentType().substring("multipart/form-data; boundary=".length());

    assertThat(RequestBodyTest.written(body))
        .isEqualTo(
            "--B\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nwért\r\n"
                    .replace("B", boundary)
                + "--B\r\nContent-Disposition: form-data; name=\"upload\"; filename=\"data.bin\"\r\n"
                    .replace("--B", "--" + boundary)
                + "Content-Type: application/octet-stream\r\n\r\ncontent\r\n"
                + "--B\r\nContent-Disposition: form-data; name=\"raw\"\r\n"
                    .replace("--B", "--" + boundary)
                + "Content-Type: image/png\r\n\r\nx\r\n"
                + "--"
                + boundary
                + "--\r\n");
  }

  /** CVE-2025-22150: of {@code Math.random}, other bodies tell what the next boundary will be. */
  @Test
  void boundaryIsRandomOfACryptographicGenerator() {
    Set<UUID> boundaries = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      String type = RequestBody.multipart().field("a", "b").build().contentType();
      String random = type.substring("multipart/form-data; boundary=hostpool-".length());
      boundaries.add(UUID.fromString(random));
    }

    // Version 4: 122 bits of a SecureRandom.
    assertThat(boundaries).hasSize(1000).allMatch(uuid -> uuid.version() == 4);
  }

  @Test
  void lengthIsThatOfWhatIsWritten() throws IOException {
    MultipartBody body =
        RequestBody.multipart()
            .field("ü", "grüß")
            .part("f", "日本.txt", RequestBody.of("x".repeat(5000)))
            .build();

    assertThat(body.contentLength()).isEqualTo(RequestBodyTest.bytesOf(body).length);
    assertThat(body.isReplayable()).isTrue();
  }

  @Test
  void partOfUnknownLengthThatCanBeReadOnceMakesTheWholeSo() throws IOException {
    MultipartBody body =
        RequestBody.multipart()
            .field("a", "b")
            .part("s", "s.bin", RequestBody.of(new ByteArrayInputStream(new byte[3])))
            .build();
    assertThat(body.contentLength()).isEqualTo(-1);
    assertThat(body.isReplayable()).isTrue();

    RequestBodyTest.bytesOf(body);

    assertThat(body.isReplayable()).isFalse();
  }

  /** A type is a header value, whose characters are bytes, also those of U+0080 to U+009F. */
  @Test
  void typeOfAPartThatWasReceivedIsWrittenByteForByte() throws IOException {
    MultipartBody body =
        RequestBody.multipart()
            .part("ü", null, RequestBody.of(new byte[0], "text/x; title=\u00c3\u0080"))
            .build();

    byte[] written = RequestBodyTest.bytesOf(body);

    assertThat(new String(written, StandardCharsets.ISO_8859_1))
        .contains("name=\"\u00c3\u00bc\"\r\nContent-Type: text/x; title=\u00c3\u0080\r\n\r\n");
    assertThat(body.contentLength()).isEqualTo(written.length);
  }

  /** As browsers write them: quotes escaped, other characters in UTF-8. */
  @Test
  void namesWithQuotesAndOtherAlphabetsArriveWhole() throws IOException {
    MultipartBody body =
        RequestBody.multipart()
            .part("a\"b", "x\"; filename=\"evil.exe", RequestBody.of(new byte[0]))
            .part("c", "日本 語\\.txt", RequestBody.of(new byte[0]))
            .build();

    assertThat(RequestBodyTest.written(body))
        .contains("name=\"a%22b\"; filename=\"x%22; filename=%22evil.exe\"\r\n")
        .contains("name=\"c\"; filename=\"日本 語\\.txt\"\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nX: 1", "a\nb", "a\rb", "a\u0000b", "a\u007fb"})
  void nameThatCouldEndALineIsRefused(String name) {
    RequestBody empty = RequestBody.of(new byte[0]);

    assertThatThrownBy(() -> RequestBody.multipart().field(name, "v"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RequestBody.multipart().part("n", name, empty))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** A body of the caller's own may say anything about itself. */
  @Test
  void typeOfAPartThatCouldBringAnotherHeaderIsRefused() {
    RequestBody evil = new BodyOfType(() -> "text/plain\r\nX-Evil: 1");

    assertThatThrownBy(() -> RequestBody.multipart().part("n", null, evil))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Content-Type");
  }

  @Test
  void boundariesOfTwoBodiesDiffer() {
    assertThat(RequestBody.multipart().field("a", "b").build().contentType())
        .isNotEqualTo(RequestBody.multipart().field("a", "b").build().contentType());
  }

  @Test
  void bodyWithoutPartsIsRefused() {
    assertThatThrownBy(() -> RequestBody.multipart().build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a multipart body needs at least one part");
  }

  @Test
  void builderThatGoesOnDoesNotChangeWhatItBuilt() throws IOException {
    MultipartBody.Builder builder = RequestBody.multipart().field("a", "b");
    MultipartBody body = builder.build();
    long length = body.contentLength();

    builder.field("c", "d");

    assertThat(body.contentLength()).isEqualTo(length);
  }
}
