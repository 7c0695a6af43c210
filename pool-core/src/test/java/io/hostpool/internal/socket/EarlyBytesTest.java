package io.hostpool.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EarlyBytesTest {

  private static final String INTERIM = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n";

  @Test
  void whatCameEarlyIsAnAnswerOnlyBehindAllInterimOnes() throws IOException {
    String answer = "HTTP/1.1 413 Too Large\r\n";

    assertThat(early("").hasFinalAnswer()).isFalse();
    assertThat(early("HTTP/1.1 ").hasFinalAnswer()).isFalse();
    assertThat(early(answer).hasFinalAnswer()).isTrue();
    assertThat(early("HTTP/1.1 100 Continue\r\n").hasFinalAnswer()).isFalse();
    assertThat(early(INTERIM).hasFinalAnswer()).isFalse();
    assertThat(early(INTERIM + INTERIM + "HTTP/1.1").hasFinalAnswer()).isFalse();
    assertThat(early(INTERIM + answer).hasFinalAnswer()).isTrue();
    assertThat(early("HTTP/1.1 102 Processing\n\n" + answer).hasFinalAnswer()).isTrue();
    assertThat(early("\r\n\r\n rubbish that is no head").hasFinalAnswer()).isTrue();
    assertThat(early("HTTP/1.1 100 " + "x".repeat(20_000)).hasFinalAnswer()).isTrue();
  }

  @Test
  void whatCameEarlyIsReadOnceAndInOrder() throws IOException {
    EarlyBytes early = early("abcdef");
    byte[] read = new byte[10];

    assertThat(early.read(read, 1, 4)).isEqualTo(4);
    assertThat(early.isEmpty()).isFalse();
    assertThat(early.read(read, 5, 5)).isEqualTo(2);

    assertThat(early.isEmpty()).isTrue();
    assertThat(new String(read, 1, 6, StandardCharsets.US_ASCII)).isEqualTo("abcdef");
  }

  private static EarlyBytes early(String text) throws IOException {
    EarlyBytes early = new EarlyBytes();
    early.fill(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)));
    return early;
  }
}
