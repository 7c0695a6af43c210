package io.hostpool.internal.coding;

import static io.hostpool.internal.coding.Samples.BROTLI_BOMB;
import static io.hostpool.internal.coding.Samples.bytes;
import static io.hostpool.internal.coding.Samples.concat;
import static io.hostpool.internal.coding.Samples.decode;
import static io.hostpool.internal.coding.Samples.gzip;
import static io.hostpool.internal.coding.Samples.repeat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.hostpool.error.DeadlineExceededException;
import io.hostpool.error.DecodeException;
import io.hostpool.error.ProtocolException;
import io.hostpool.error.RequestInterruptedException;
import io.hostpool.http.Headers;
import io.hostpool.internal.time.Deadline;
import io.hostpool.internal.time.FakeTicker;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What decoding may cost, and what ends it. */
@Timeout(60)
class DecodingWorkTest {

  private static final int MIB = 1 << 20;

  /** 800 KB of empty members and one that is not, in 3 KB: within what may bring nothing. */
  private static final byte[] SLOW = gzip(concat(repeat(gzip(""), 40_000), gzip("x")));

  /** Empty members that a layer below makes out of nearly nothing: no read would ever time out. */
  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd"})
  void decoderThatIsFedForNothingGivesUp(String coding) {
    byte[] empty = coding.equals("gzip") ? gzip("") : Zstd.compress(new byte[0]);
    byte[] coded = gzip(concat(repeat(empty, 2 * MIB / empty.length), gzip("x")));

    assertThatThrownBy(() -> decode(coding + ", gzip", coded))
        .isInstanceOf(DecodeException.class)
        .hasMessage(
            "GET http://h/path?…: body does not decode as "
                + coding
                + ": more than 1048576 bytes between its codings bring nothing");
  }

  @Test
  void whatFollowsTheEndIsMadeForNothingToo() {
    byte[] coded = gzip(concat(gzip("x"), new byte[2 * MIB]));

    assertThatThrownBy(() -> decode("gzip, gzip", coded))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("between its codings bring nothing");
  }

  /** CVE-2025-66418, CVE-2026-22036: a byte now and then does not pay for what is in between. */
  @Test
  void workOfAllLayersIsBoundedAlthoughEachGivesABytePerRound() {
    byte[] bomb = Samples.chainBomb(20);
    assertThat(bomb).hasSizeLessThan(2000);

    assertThatThrownBy(() -> decode("gzip, gzip, gzip, gzip", bomb))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("between its codings bring nothing");
  }

  /** What earlier reads have paid for is not saved up for one that takes long. */
  @Test
  void readIsNotPaidForByThoseBeforeIt() throws Exception {
    byte[] plain = new byte[8 * MIB];
    byte[] coded = gzip(concat(gzip(plain), repeat(gzip(""), 2 * MIB / 20), gzip("x")));
    InputStream in = Samples.open("gzip, gzip", new ByteArrayInputStream(coded));

    assertThat(in.readNBytes(plain.length)).isEqualTo(plain);
    assertThatThrownBy(in::read)
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("between its codings bring nothing");
  }

  /** No layer made them, and a byte now and then does not pay for them. */
  @Test
  void bytesOffTheWireThatBringNothingAreBoundedToo() {
    byte[] members = concat(repeat(gzip(""), MIB / 20), gzip("x"));
    InputStream endless =
        new SequenceInputStream(
            Collections.enumeration(
                Stream.generate(() -> new ByteArrayInputStream(members)).limit(40).toList()));

    assertThatThrownBy(() -> decode("gzip", endless))
        .isInstanceOf(DecodeException.class)
        .hasMessageEndingWith("more than 33554432 bytes off the wire bring nothing");
  }

  @Test
  void membersOfOneByteComeOut() throws Exception {
    assertDecodes("gzip", repeat(gzip("x"), 2 * MIB), bytes("x".repeat(2 * MIB)));
  }

  /** CVE-2026-22036: the limit is asked before a single decoder is made. */
  @Test
  void thousandsOfCodingsAreRefusedBeforeAnyIsTakenOff() {
    String chain = String.join(",", Collections.nCopies(20_000, "gzip"));
    Wire wire = new Wire(() -> {});

    assertThatThrownBy(() -> decode(chain, wire))
        .isInstanceOf(DecodeException.class)
        .hasMessageEndingWith("body is coded 20000 times, more than 5");
    assertThat(wire.reads).isZero();
  }

  @Test
  void zerosUnderTwoCodingsComeOut() throws Exception {
    byte[] zeros = new byte[64 * MIB];

    assertDecodes("gzip, gzip", gzip(zeros, 2), zeros);
    assertDecodes("zstd, gzip", gzip(Zstd.compress(zeros)), zeros);
    assertDecodes("br, gzip", gzip(BROTLI_BOMB), new byte[32 * MIB]);
  }

  @Test
  void bytesThatDoNotCompressComeOutOfFiveCodings() throws Exception {
    byte[] noise = noise(5 * MIB);

    assertDecodes("gzip, gzip, gzip, gzip, gzip", gzip(noise, 5), noise);
  }

  /** Brotli shows none of it before it has all of it. */
  @Test
  void brotliMayFillAWindowOfSixteenMebibytes() throws Exception {
    byte[] noise = noise(16 * MIB);
    byte[] stored = storedBrotli(noise);

    assertDecodes("br", stored, noise);
    assertDecodes("br, gzip", gzip(stored), noise);
  }

  @Test
  void manySmallMembersUnderAnotherCodingComeOut() throws Exception {
    byte[] members = repeat(gzip("one line of a log\n"), 200_000);

    assertDecodes("gzip, gzip", gzip(members), bytes("one line of a log\n".repeat(200_000)));
    assertDecodes("gzip, gzip", gzip(repeat(gzip("x"), 40_000)), bytes("x".repeat(40_000)));
  }

  @Test
  void lineByLineFlushedTwiceComesOut() throws Exception {
    ByteArrayOutputStream coded = new ByteArrayOutputStream();
    try (GZIPOutputStream outer = new GZIPOutputStream(coded, 512, true);
        DeflaterOutputStream inner = new DeflaterOutputStream(outer, new Deflater(), 512, true)) {
      for (int i = 0; i < 100_000; i++) {
        inner.write(bytes("data: {}\n\n"));
        inner.flush();
      }
    }

    assertDecodes("deflate, gzip", coded.toByteArray(), bytes("data: {}\n\n".repeat(100_000)));
  }

  @Test
  void deadlineIsAskedInsideDecoding() {
    FakeTicker ticker = new FakeTicker();
    Deadline deadline = Deadline.after(ticker, Duration.ofMillis(500).toNanos());
    Wire wire = new Wire(() -> ticker.advance(Duration.ofMillis(500)));

    assertThatThrownBy(() -> slow(wire, deadline).read())
        .isInstanceOf(DeadlineExceededException.class)
        .hasMessage("GET http://h/path?…: total time of 500 ms is over while the body is decoded");
    assertThat(wire.reads).isEqualTo(2);
    assertThatThrownBy(() -> codings().readAll(wire, Samples.context(deadline), MIB))
        .isInstanceOf(DeadlineExceededException.class);
  }

  @Test
  void interruptEndsDecodingAndKeepsTheFlag() {
    Wire wire = new Wire(() -> Thread.currentThread().interrupt());

    assertThatThrownBy(() -> slow(wire, Deadline.none()).read())
        .isInstanceOf(RequestInterruptedException.class)
        .hasCauseInstanceOf(InterruptedException.class)
        .hasMessage("GET http://h/path?…: interrupted while the body was decoded");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(wire.reads).isEqualTo(2);
  }

  /** The reader is held in the wire while another thread closes, which waits for nothing. */
  @Test
  void closeEndsDecodingInAnotherThread() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    Wire wire =
        new Wire(
            () -> {
              reading.countDown();
              await(closed);
            });
    InputStream in = slow(wire, Deadline.none());
    Exception[] seen = new Exception[1];
    Thread reader =
        new Thread(
            () -> {
              try {
                in.read();
              } catch (IOException e) {
                seen[0] = e;
              }
            });
    reader.start();
    reading.await();

    in.close();
    closed.countDown();
    reader.join();

    assertThat(seen[0])
        .isInstanceOf(ProtocolException.class)
        .hasMessage("GET http://h/path?…: body was closed while it was read");
    assertThat(wire.reads).isEqualTo(2);
    assertThatThrownBy(in::read).hasMessage("body is closed");
  }

  /** A decoder that fills a large buffer of the reader must not be out of reach for long. */
  @Test
  void readGivesAPieceAtATimeHoweverMuchIsAskedFor() throws Exception {
    InputStream in = Samples.open("br", new ByteArrayInputStream(BROTLI_BOMB));

    assertThat(in.read(new byte[MIB])).isBetween(1, 64 * 1024);
    in.close();
  }

  private static InputStream slow(InputStream wire, Deadline deadline) {
    return codings().decode(wire, Samples.context(deadline));
  }

  private static ContentCodings codings() {
    return ContentCodings.of(Headers.of(Map.of("Content-Encoding", "gzip, gzip")));
  }

  private static void assertDecodes(String codings, byte[] coded, byte[] plain) throws IOException {
    try (InputStream in = Samples.open(codings, new ByteArrayInputStream(coded))) {
      assertThat(in.readAllBytes()).as("%s", codings).isEqualTo(plain);
    }
  }

  private static byte[] noise(int length) {
    byte[] noise = new byte[length];
    new Random(7).nextBytes(noise);
    return noise;
  }

  /** One stored meta-block of 16 MiB in a window of 16 MiB, and an empty last one. */
  private static byte[] storedBrotli(byte[] plain) {
    // From the lowest bit: window 1111, not last 0, six nibbles 01, 24 bits of length, stored 1.
    long head = 0b1111L | 2L << 5 | (long) (plain.length - 1) << 7 | 1L << 31;
    byte[] first = {(byte) head, (byte) (head >> 8), (byte) (head >> 16), (byte) (head >> 24)};
    return concat(first, plain, new byte[] {3});
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Gives all of {@link #SLOW} at once by the second read, after something has happened. */
  private static final class Wire extends ByteArrayInputStream {
    private final Runnable event;
    private int reads;

    Wire(Runnable event) {
      super(SLOW);
      this.event = event;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      if (++reads == 2) {
        event.run();
      }
      return super.read(bytes, offset, length);
    }
  }
}
