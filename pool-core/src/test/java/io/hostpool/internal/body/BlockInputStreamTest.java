package io.hostpool.internal.body;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class BlockInputStreamTest {

  @Test
  void singleByteIsUnsignedAndTheEndIsMinusOne() throws IOException {
    InputStream blocks = new ByteArrayInputStream(new byte[] {0, 1, (byte) 0x80, (byte) 0xff});
    InputStream stream =
        new BlockInputStream() {
          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            return blocks.read(bytes, offset, length);
          }
        };

    assertThat(stream.read()).isZero();
    assertThat(stream.read()).isEqualTo(1);
    assertThat(stream.read()).isEqualTo(0x80);
    assertThat(stream.read()).isEqualTo(0xff);
    assertThat(stream.read()).isEqualTo(-1);
  }
}
