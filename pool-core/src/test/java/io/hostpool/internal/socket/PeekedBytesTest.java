package io.hostpool.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PeekedBytesTest {

  private static final String INTERIM = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n";

  @Test
  void whatCameEarlyIsAnAnswerOnlyBehindAllInterimOnes() throws IOException {
    String answer = "HTTP/1.1 413 Too Large\r\n";

    assertThat(peeked("").hasFinalAnswer()).isFalse();
    assertThat(peeked("HTTP/1.1 ").hasFinalAnswer()).isFalse();
    assertThat(peeked(answer).hasFinalAnswer()).isTrue();
    assertThat(peeked("HTTP/1.1 100 Continue\r\n").hasFinalAnswer()).isFalse();
    assertThat(peeked(INTERIM).hasFinalAnswer()).isFalse();
    assertThat(peeked(INTERIM + INTERIM + "HTTP/1.1").hasFinalAnswer()).isFalse();
    assertThat(peeked(INTERIM + answer).hasFinalAnswer()).isTrue();
    assertThat(peeked("HTTP/1.1 102 Processing\n\n" + answer).hasFinalAnswer()).isTrue();
    assertThat(peeked("\r\n\r\n rubbish that is no head").hasFinalAnswer()).isTrue();
    assertThat(peeked("HTTP/1.1 100 " + "x".repeat(20_000)).hasFinalAnswer()).isTrue();
  }

  @Test
  void whatCameEarlyIsReadOnceAndInOrder() throws IOException {
    PeekedBytes peeked = peeked("abcdef");
    byte[] read = new byte[10];

    assertThat(peeked.read(read, 1, 4)).isEqualTo(4);
    assertThat(peeked.isEmpty()).isFalse();
    assertThat(peeked.read(read, 5, 5)).isEqualTo(2);

    assertThat(peeked.isEmpty()).isTrue();
    assertThat(new String(read, 1, 6, StandardCharsets.US_ASCII)).isEqualTo("abcdef");
  }

  private static PeekedBytes peeked(String text) throws IOException {
    PeekedBytes peeked = new PeekedBytes();
    peeked.fill(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)));
    return peeked;
  }
}
