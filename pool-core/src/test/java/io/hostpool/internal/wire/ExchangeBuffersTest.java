package io.hostpool.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.net.WireLimits;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A line on its way out. */
class ExchangeBuffersTest {

  private final ExchangeBuffers buffers = new ExchangeBuffers(WireLimits.defaults());
  private final ByteArrayOutputStream wire = new ByteArrayOutputStream();

  @Test
  void everyCharacterThatIsAByteGoesOutAsThatByte() throws Exception {
    StringBuilder line = new StringBuilder("\t");
    for (char c = ' '; c <= 0xff; c++) {
      line.append(c == 0x7f ? "" : c);
    }
    buffers.line().append(line.toString());

    buffers.writeLine(wire);
    buffers.out.flush(wire);

    assertThat(wire.toString(StandardCharsets.ISO_8859_1)).isEqualTo(line + "\r\n");
  }

  @Test
  void lineLongerThanEveryBufferGoesOutWhole() throws Exception {
    String text = "x".repeat(100_000);
    buffers.line().append(text);

    buffers.writeLine(wire);
    buffers.line();
    buffers.writeLine(wire);
    buffers.out.flush(wire);

    assertThat(wire.toString(StandardCharsets.ISO_8859_1)).isEqualTo(text + "\r\n\r\n");
    assertThat(buffers.reset()).isTrue();
  }

  /** The last check: nothing may end the line, and nothing may go out as another character. */
  @ParameterizedTest
  @ValueSource(chars = {'\r', '\n', '\0', '\u001b', '\u007f', '\u0100', '\u2028', '\uff0a'})
  void whatWouldEndTheLineOrIsNoByteIsRefused(char c) throws Exception {
    buffers.line().append("X: a" + c + "b");

    assertThatThrownBy(() -> buffers.writeLine(wire))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(String.format("U+%04X cannot be sent in the head of a request", (int) c));
    buffers.out.flush(wire);
    assertThat(wire.size()).isZero();
  }
}
