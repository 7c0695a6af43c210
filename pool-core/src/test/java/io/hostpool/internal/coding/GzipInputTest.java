package io.hostpool.internal.coding;

import static io.hostpool.internal.coding.Samples.TEXT;
import static io.hostpool.internal.coding.Samples.bytes;
import static io.hostpool.internal.coding.Samples.concat;
import static io.hostpool.internal.coding.Samples.decode;
import static io.hostpool.internal.coding.Samples.flipped;
import static io.hostpool.internal.coding.Samples.gzip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.DecodeException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class GzipInputTest {

  private static final byte[] HELLO = gzip("hello");
  private static final byte[] WORLD = gzip(" world");

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 8191, 8192, 8193, 100_000})
  void bodyOfAnySizeComesBack(int size) throws Exception {
    byte[] plain = new byte[size];
    new Random(size).nextBytes(plain);

    String decoded = decode("gzip", gzip(plain));

    assertThat(bytes(decoded)).isEqualTo(plain);
  }

  @Test
  void membersFollowOneAnotherAlsoByteByByte() throws Exception {
    byte[] members = concat(HELLO, gzip(""), WORLD);

    assertThat(decode("gzip", members)).isEqualTo("hello world");
    assertThat(decode("gzip", Samples.byteByByte(members))).isEqualTo("hello world");
  }

  @Test
  void bodyCutAnywhereIsRefused() throws Exception {
    byte[] whole = fullHeader("name", "comment", "extra", true, HELLO);
    assertThat(decode("gzip", whole)).isEqualTo("hello");

    for (int length = 1; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);

      assertThatThrownBy(() -> decode("gzip", cut))
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOf(DecodeException.class)
          .hasMessage("GET http://h/path?…: body does not decode as gzip: it is cut short");
    }
  }

  /** At the border of members there is nothing to notice: the framing of the body has to. */
  @Test
  void secondMemberCutAnywhereButAtItsStartIsRefused() throws Exception {
    byte[] both = concat(HELLO, WORLD);
    assertThat(decode("gzip", Arrays.copyOf(both, HELLO.length))).isEqualTo("hello");

    for (int length = HELLO.length + 1; length < both.length; length++) {
      byte[] cut = Arrays.copyOf(both, length);

      assertThatThrownBy(() -> decode("gzip", cut))
          .as("%d of %d bytes", length, both.length)
          .isInstanceOf(DecodeException.class);
    }
  }

  @Test
  void emptyBodyIsEmpty() throws Exception {
    assertThat(decode("gzip", new byte[0])).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\0", "\0\0\0\0\0\0\0\0\0\0", "junk", "\u001f\u008b\0junk", "x\u001f\u008b\b"})
  void whatFollowsAWholeMemberIsDropped(String junk) throws Exception {
    byte[] followed = concat(HELLO, bytes(junk), WORLD);

    assertThat(decode("gzip", followed)).isEqualTo("hello");
    assertThat(decode("gzip", Samples.byteByByte(followed))).isEqualTo("hello");
  }

  @Test
  void wrongChecksumOrLengthIsRefusedInAnyMember() {
    for (byte[] before : new byte[][] {{}, HELLO}) {
      for (int fromEnd = 1; fromEnd <= 8; fromEnd++) {
        byte[] wrong = concat(before, flipped(WORLD, WORLD.length - fromEnd, 1));

        assertThatThrownBy(() -> decode("gzip", wrong))
            .isInstanceOf(DecodeException.class)
            .hasMessageContaining(fromEnd <= 4 ? "wrong length" : "wrong checksum");
      }
    }
  }

  @Test
  void headerWithEveryFieldIsReadAndItsChecksumChecked() throws Exception {
    byte[] whole = fullHeader("a name", "a comment", "an extra field", true, HELLO);

    assertThat(decode("gzip", Samples.byteByByte(whole))).isEqualTo("hello");
    assertThatThrownBy(() -> decode("gzip", flipped(whole, 14, 1)))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("wrong checksum of the header");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"h", "hello", "\u001f\u008b\u0007\0\0\0\0\0\0\0", "<html>not gzip</html>"})
  void rubbishIsRefused(String rubbish) {
    assertThatThrownBy(() -> decode("gzip", bytes(rubbish)))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("does not begin like gzip");
  }

  @Test
  void unknownFlagIsRefused() {
    assertThatThrownBy(() -> decode("gzip", flipped(HELLO, 3, 0x20)))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("unknown flags");
  }

  @Test
  void endlessNameInTheHeaderIsRefused() {
    byte[] endless = fullHeader("x".repeat(200_000), null, null, false, HELLO);

    assertThatThrownBy(() -> decode("gzip", endless))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("header is longer than");
  }

  /**
   * CVE-2023-3635 and its like. Each bit of twenty samples: nothing but the plain text or a
   * DecodeException comes of it.
   */
  @Test
  void flippedBitIsNoticedOrHarmless() throws Exception {
    for (int sample = 0; sample < 20; sample++) {
      byte[] plain = bytes(TEXT.substring(0, 10 * sample));
      byte[] coded = gzip(plain);
      for (int bit = 0; bit < 8 * coded.length; bit++) {
        byte[] wrong = flipped(coded, bit / 8, 1 << bit % 8);
        try {
          assertThat(bytes(decode("gzip", wrong))).isEqualTo(plain);
        } catch (DecodeException expected) {
          assertThat(expected).hasMessageContaining("does not decode as gzip");
        }
      }
    }
  }

  /** Why there is a reader of our own. */
  @Test
  void readerOfThePlatformTakesABrokenMemberForTheEnd() throws Exception {
    byte[] broken = concat(HELLO, Arrays.copyOf(WORLD, 9));

    assertThat(new GZIPInputStream(new ByteArrayInputStream(broken)).readAllBytes())
        .isEqualTo(bytes("hello"));
    assertThatThrownBy(() -> decode("gzip", broken)).isInstanceOf(DecodeException.class);
  }

  private static byte[] fullHeader(
      String name, String comment, String extra, boolean checked, byte[] member) {
    int flags =
        (checked ? 2 : 0)
            | (extra != null ? 4 : 0)
            | (name != null ? 8 : 0)
            | (comment != null ? 16 : 0);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0x1f, (byte) 0x8b, 8, (byte) flags, 1, 2, 3, 4, 0, 3});
    if (extra != null) {
      out.write(extra.length());
      out.write(extra.length() >> 8);
      out.writeBytes(bytes(extra));
    }
    if (name != null) {
      out.writeBytes(bytes(name + "\0"));
    }
    if (comment != null) {
      out.writeBytes(bytes(comment + "\0"));
    }
    if (checked) {
      CRC32 crc = new CRC32();
      crc.update(out.toByteArray());
      out.write((int) crc.getValue());
      out.write((int) crc.getValue() >> 8);
    }
    out.write(member, 10, member.length - 10);
    return out.toByteArray();
  }
}
