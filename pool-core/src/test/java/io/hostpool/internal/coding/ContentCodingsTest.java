package io.hostpool.internal.coding;

import static io.hostpool.internal.coding.Samples.BROTLI;
import static io.hostpool.internal.coding.Samples.BROTLI_BOMB;
import static io.hostpool.internal.coding.Samples.CONTEXT;
import static io.hostpool.internal.coding.Samples.TEXT;
import static io.hostpool.internal.coding.Samples.bytes;
import static io.hostpool.internal.coding.Samples.concat;
import static io.hostpool.internal.coding.Samples.decode;
import static io.hostpool.internal.coding.Samples.deflate;
import static io.hostpool.internal.coding.Samples.flipped;
import static io.hostpool.internal.coding.Samples.gzip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import io.hostpool.error.BodyTooLargeException;
import io.hostpool.error.DecodeException;
import io.hostpool.error.IncompleteReadException;
import io.hostpool.error.Phase;
import io.hostpool.error.Progress;
import io.hostpool.http.Headers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ContentCodingsTest {

  private static final Progress BODY = Progress.sent(Phase.BODY);

  @Test
  void everythingOnTheClassPathIsAccepted() {
    assertThat(ContentCodings.accepted()).isEqualTo("gzip, deflate, br, zstd");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "GZip", " gzip ", "x-gzip", "X-GZIP", "gzip,", "identity, gzip"})
  void namesComeInAnyCaseAndWithBlanks(String name) throws Exception {
    assertThat(decode(name, gzip("hello"))).isEqualTo("hello");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ",", "identity", "Identity", "foo", "gzip, foo", "foo, gzip", "gzip;q=1"})
  void bodyThatIsNotCodedOrNotKnownIsLeftAsItIs(String name) throws Exception {
    assertThat(decode(name, bytes("raw"))).isEqualTo("raw");
  }

  @Test
  void codingsInTwoHeadersAreOneList() throws Exception {
    Headers headers =
        Headers.received(new String[] {"Content-Encoding", "deflate", "content-encoding", "GZIP"});
    byte[] coded = gzip(deflate("hello", true));

    InputStream in = ContentCodings.of(headers).decode(new ByteArrayInputStream(coded), CONTEXT);

    assertThat(in.readAllBytes()).isEqualTo(bytes("hello"));
  }

  /** CVE-2026-97688: bytes after the end of deflate must not be tried for ever. */
  @ParameterizedTest
  @CsvSource({"true", "false"})
  void deflateIsReadWithAndWithoutItsWrapping(boolean zlib) throws Exception {
    byte[] coded = deflate(TEXT, zlib);

    assertThat(decode("deflate", coded)).isEqualTo(TEXT);
    assertThat(decode("deflate", Samples.byteByByte(coded))).isEqualTo(TEXT);
    assertThat(decode("deflate", concat(coded, bytes("junk")))).isEqualTo(TEXT);
    assertThat(decode("deflate", deflate("", zlib))).isEmpty();
    for (int length = 1; length < coded.length; length++) {
      byte[] cut = Arrays.copyOf(coded, length);
      assertThatThrownBy(() -> decode("deflate", cut)).isInstanceOf(DecodeException.class);
    }
  }

  @Test
  void deflateThatIsRubbishIsRefused() {
    for (String rubbish : new String[] {"hello", "\u0007", "x\u009cjunk", "x\u00bb\0\0\0\0abc"}) {
      assertThatThrownBy(() -> decode("deflate", bytes(rubbish)))
          .isInstanceOf(DecodeException.class);
    }
    byte[] zlib = deflate("hello", true);
    assertThatThrownBy(() -> decode("deflate", flipped(zlib, zlib.length - 1, 1)))
        .isInstanceOf(DecodeException.class);
  }

  @Test
  void brotliIsDecodedAndCheckedForItsEnd() throws Exception {
    assertThat(decode("br", BROTLI)).isEqualTo(TEXT);
    assertThat(decode("BR", Samples.byteByByte(BROTLI))).isEqualTo(TEXT);
    for (int length = 1; length < BROTLI.length; length++) {
      byte[] cut = Arrays.copyOf(BROTLI, length);
      assertThatThrownBy(() -> decode("br", cut))
          .isInstanceOf(DecodeException.class)
          .hasMessageContaining("does not decode as br");
    }
  }

  @Test
  void zstdIsDecodedFrameByFrameAndCheckedForItsEnd() throws Exception {
    byte[] coded = concat(Zstd.compress(bytes(TEXT)), Zstd.compress(bytes("more")));

    assertThat(decode("zstd", coded)).isEqualTo(TEXT + "more");
    assertThat(decode("zstd", Samples.byteByByte(coded))).isEqualTo(TEXT + "more");
    byte[] frame = Zstd.compress(bytes(TEXT));
    for (int length = 1; length < frame.length; length++) {
      byte[] cut = Arrays.copyOf(frame, length);
      assertThatThrownBy(() -> decode("zstd", cut))
          .isInstanceOf(DecodeException.class)
          .hasMessageContaining("does not decode as zstd");
    }
  }

  /** RFC 9659: a window of more than 8 MiB costs memory that the server chooses. */
  @Test
  void zstdWithAWindowBeyondTheStandardIsRefused() throws Exception {
    ByteArrayOutputStream coded = new ByteArrayOutputStream();
    try (ZstdOutputStream out = new ZstdOutputStream(coded).setLong(27)) {
      out.write(new byte[1 << 20]);
    }

    assertThatThrownBy(() -> decode("zstd", coded.toByteArray()))
        .isInstanceOf(DecodeException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "zstd", "gzip", "deflate"})
  void emptyBodyIsEmptyAndRubbishIsRefusedWhateverTheCoding(String coding) throws Exception {
    assertThat(decode(coding, new byte[0])).isEmpty();
    assertThatThrownBy(() -> decode(coding, bytes("\u00ff\u00ffnothing of the kind")))
        .isInstanceOf(DecodeException.class);
  }

  /**
   * CVE-2023-3635 and its like: whatever the bits are, nothing else comes out and nothing hangs.
   */
  @ParameterizedTest
  @ValueSource(strings = {"br", "zstd", "deflate"})
  void flippedBitGivesOtherTextOrADecodeException(String coding) throws Exception {
    String plain = TEXT.substring(0, 100) + "Something else, so that there are literals too.";
    byte[] coded =
        switch (coding) {
          case "br" -> BROTLI;
          case "zstd" -> Zstd.compress(bytes(plain));
          default -> deflate(plain, false);
        };
    for (int bit = 0; bit < 8 * coded.length; bit++) {
      byte[] wrong = flipped(coded, bit / 8, 1 << bit % 8);
      try (InputStream in = Samples.open(coding, new ByteArrayInputStream(wrong))) {
        assertThat(in.readNBytes(1 << 20)).as("bit %d", bit).isNotNull();
      } catch (DecodeException expected) {
        assertThat(expected).hasMessageContaining("does not decode as " + coding);
      }
    }
  }

  @Test
  void fiveCodingsComeOffAndSixAreRefused() throws Exception {
    assertThat(decode("gzip, gzip, gzip, gzip, gzip", gzip(bytes("hello"), 5))).isEqualTo("hello");
    assertThatThrownBy(() -> decode("gzip,gzip,gzip,gzip,gzip,gzip", gzip(bytes("hello"), 6)))
        .isInstanceOf(DecodeException.class)
        .hasMessage("GET http://h/path?…: body is coded 6 times, more than 5");
  }

  @Test
  void chainOfEveryCodingComesOffInReverse() throws Exception {
    byte[] coded = gzip(Zstd.compress(deflate(new String(BROTLI, "ISO-8859-1"), false)));

    assertThat(decode("br, deflate, zstd, gzip", Samples.byteByByte(coded))).isEqualTo(TEXT);
  }

  /** Reading a little of a bomb decodes a little of it: it draws no more than a buffer. */
  @Test
  void bombIsDecodedOnlyAsFarAsItIsRead() throws Exception {
    byte[] zeros = new byte[64 << 20];
    byte[] bomb = gzip(zeros);
    CountingInput counted = new CountingInput(bomb);
    InputStream in = Samples.open("gzip", counted);

    assertThat(in.readNBytes(100_000)).hasSize(100_000);

    assertThat(counted.count).isLessThanOrEqualTo(8192 + 1);
    in.close();
  }

  @Test
  void bombReadIntoMemoryEndsAtTheLimit() throws Exception {
    byte[][] bombs = {
      gzip(new byte[32 << 20]), BROTLI_BOMB, Zstd.compress(new byte[32 << 20]),
    };
    String[] names = {"gzip", "br", "zstd"};
    for (int i = 0; i < bombs.length; i++) {
      ContentCodings codings =
          ContentCodings.of(Headers.received(new String[] {"Content-Encoding", names[i]}));
      InputStream bomb = new ByteArrayInputStream(bombs[i]);

      assertThatThrownBy(() -> codings.readAll(bomb, CONTEXT, 1 << 20))
          .isInstanceOf(BodyTooLargeException.class)
          .hasMessageContaining("larger than the 1048576 bytes of maxBodyBytes");
      assertThat(codings.readAll(new ByteArrayInputStream(bombs[i]), CONTEXT, 32 << 20))
          .hasSize(32 << 20);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "br", "zstd"})
  void failureOfTheWirePassesThroughAsItIs(String coding) {
    IncompleteReadException cut = new IncompleteReadException("cut", BODY, 3, null);
    byte[] whole =
        switch (coding) {
          case "gzip" -> gzip(TEXT);
          case "br" -> BROTLI;
          default -> Zstd.compress(bytes(TEXT));
        };
    InputStream failing =
        new InputStream() {
          private int at;

          @Override
          public int read() throws IncompleteReadException {
            if (at == whole.length / 2) {
              throw cut;
            }
            return whole[at++] & 0xff;
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IncompleteReadException {
            bytes[offset] = (byte) read();
            return 1;
          }
        };

    assertThatThrownBy(() -> decode(coding, failing)).isSameAs(cut);
  }

  /** A class path without the two libraries, whose classes are loaded anew. */
  @Test
  void missingLibraryIsNotOfferedAndNamedWhenItIsNeeded() throws Exception {
    URL[] without =
        Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
            .filter(entry -> !entry.contains("brotli") && !entry.contains("zstd-jni"))
            .map(ContentCodingsTest::url)
            .toArray(URL[]::new);
    try (URLClassLoader loader =
        new URLClassLoader(without, ClassLoader.getPlatformClassLoader())) {
      Class<?> samples = loader.loadClass(Samples.class.getName());
      Class<?> codings = loader.loadClass(ContentCodings.class.getName());
      var decode = samples.getDeclaredMethod("decode", String.class, byte[].class);
      decode.setAccessible(true);

      assertThat(codings.getMethod("accepted").invoke(null)).isEqualTo("gzip, deflate");
      assertThat(decode.invoke(null, "gzip", gzip("hello"))).isEqualTo("hello");
      assertThatThrownBy(() -> decode.invoke(null, "br", BROTLI))
          .cause()
          .hasToString(
              "io.hostpool.error.DecodeException: GET http://h/path?…: "
                  + "body is coded as br, which needs org.brotli:dec on the class path");
      assertThatThrownBy(() -> decode.invoke(null, "zstd", Zstd.compress(bytes("x"))))
          .cause()
          .hasMessageContaining("which needs com.github.luben:zstd-jni on the class path");
    }
  }

  private static URL url(String entry) {
    try {
      return Path.of(entry).toUri().toURL();
    } catch (java.net.MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static final class CountingInput extends ByteArrayInputStream {
    private int count;

    CountingInput(byte[] bytes) {
      super(bytes);
    }

    @Override
    public synchronized int read(byte[] bytes, int offset, int length) {
      int n = super.read(bytes, offset, length);
      count += Math.max(n, 0);
      return n;
    }
  }
}
