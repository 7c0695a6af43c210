package io.hostpool.faults;

import static io.hostpool.internal.coding.Samples.bytes;
import static io.hostpool.internal.coding.Samples.concat;
import static io.hostpool.internal.coding.Samples.gzip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.hostpool.error.BodyTooLargeException;
import io.hostpool.error.DecodeException;
import io.hostpool.error.IncompleteReadException;
import io.hostpool.error.MaxRetryException;
import io.hostpool.error.Phase;
import io.hostpool.http.Response;
import io.hostpool.internal.coding.Samples;
import io.hostpool.policy.Retry;
import io.hostpool.stats.CloseReason;
import io.hostpool.testkit.LoopbackServer;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows 25 to 28 of docs/faults.md: what a server can do to a content coding. */
@Timeout(120)
class DecodingSocketTest {

  private static final int MIB = 1 << 20;

  /** 256 MiB of zeros in 256 KiB. */
  private static final byte[] BOMB = gzip(new byte[256 * MIB]);

  /** 32 MiB of zeros in 32 KiB, which a drain would read. */
  private static final byte[] SMALL_BOMB = gzip(new byte[32 * MIB]);

  private static final byte[] HELLO = gzip("hello");

  /** CVE-2025-66471: a read costs what it asks for, not what the body could become. */
  @Test
  void row25BombIsStreamedWithinItsBuffers() throws Exception {
    try (FaultBench bench = new FaultBench(coded("gzip", BOMB))) {
      byte[] buffer = new byte[8192];
      bench.requireRecovered();

      long before = allocated();
      long count = 0;
      try (Response response = bench.send("GET", r -> r.stream(true));
          InputStream body = response.body()) {
        for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
          count += n;
        }
      }

      assertThat(count).isEqualTo(256L * MIB);
      assertThat(allocated() - before).isLessThan(MIB);
      bench.requireRecovered();
      assertThat(bench.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void row25BombReadIntoMemoryEndsAtTheLimit(boolean stream) throws Exception {
    try (FaultBench bench = new FaultBench(coded("gzip", BOMB), Retry.of(3))) {
      assertThatThrownBy(() -> bench.send("GET", r -> r.stream(stream).maxBodyBytes(MIB)).bytes())
          .isInstanceOf(BodyTooLargeException.class);

      assertThat(bench.attempts()).isEqualTo(1);
      bench.requireConnectionGone();
    }
  }

  /** CVE-2026-21441. */
  @Test
  void row25BombOnARedirectIsNotDecodedUntilSomebodyLooks() throws Exception {
    try (FaultBench bench =
        new FaultBench(
            exchange ->
                exchange.respond(302, SMALL_BOMB, "Location: /canary", "Content-Encoding: gzip"),
            Retry.of(1))) {
      bench.requireRecovered();

      long before = allocated();
      Response response = bench.send("GET", r -> r.maxBodyBytes(2 * MIB));

      assertThat(response.text()).isEqualTo("canary");
      assertThat(allocated() - before).isLessThan(MIB);
      Response redirect = response.history().get(0);
      assertThat(redirect.isStreamed()).isFalse();
      assertThatThrownBy(redirect::bytes).isInstanceOf(BodyTooLargeException.class);
      assertThat(redirect.body().readNBytes(10)).isEqualTo(new byte[10]);
      bench.requireRecovered();
      assertThat(bench.connections()).isEqualTo(1);
    }
  }

  /** CVE-2026-44432. */
  @Test
  void row25DrainNeverDecodesAlsoAfterAPartWasRead() throws Exception {
    for (byte[] body : new byte[][] {SMALL_BOMB, concat(HELLO, new byte[0]), bytes("rubbish")}) {
      try (FaultBench bench = new FaultBench(coded("gzip", body))) {
        bench.send("GET", r -> r.stream(true)).close();
        assertThat(bench.pool.stats().idle()).isEqualTo(1);

        Response part = bench.send("GET", r -> r.stream(true));
        long before = allocated();
        if (body != SMALL_BOMB) {
          part.close();
        } else {
          assertThat(part.body().readNBytes(10)).hasSize(10);
          part.close();
        }

        assertThat(allocated() - before).isLessThan(MIB);
        bench.requireRecovered();
        assertThat(bench.connections()).isEqualTo(1);
      }
    }
  }

  /** What is wrong with a gzip body. */
  enum Damage {
    CUT_IN_THE_HEADER(Arrays.copyOf(HELLO, 5)),
    CUT_IN_THE_DATA(Arrays.copyOf(HELLO, 12)),
    CUT_IN_THE_TRAILER(Arrays.copyOf(HELLO, HELLO.length - 1)),
    WRONG_CHECKSUM(flipped(HELLO.length - 8)),
    WRONG_LENGTH(flipped(HELLO.length - 4)),
    CORRUPT(flipped(10)),
    SECOND_MEMBER_CUT(concat(HELLO, Arrays.copyOf(HELLO, 12))),
    RUBBISH(bytes("this is not gzip"));

    private final byte[] body;

    Damage(byte[] body) {
      this.body = body;
    }

    private static byte[] flipped(int index) {
      byte[] copy = HELLO.clone();
      copy[index] ^= 7;
      return copy;
    }
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void row26DamagedGzipIsRefusedAndNotRetried(Damage damage) throws Exception {
    try (FaultBench bench = new FaultBench(coded("gzip", damage.body), Retry.of(3))) {
      DecodeException e = bench.getFails(DecodeException.class);

      assertThat(e).hasMessageContaining("/fault: body does not decode as gzip: ");
      assertThat(e.phase()).isEqualTo(Phase.BODY);
      assertThat(e.requestSent()).isTrue();
      assertThat(bench.attempts()).isEqualTo(1);
      assertThat(bench.pool.stats().closedBy()).containsEntry(CloseReason.ERROR, 1L);
      bench.requireConnectionGone();
    }
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void row26DamagedGzipIsRefusedWhenStreamed(Damage damage) throws Exception {
    try (FaultBench bench = new FaultBench(coded("gzip", damage.body))) {
      Response response = bench.send("GET", r -> r.stream(true));

      assertThatThrownBy(() -> response.body().readAllBytes()).isInstanceOf(DecodeException.class);

      assertThatThrownBy(() -> response.body().read()).isInstanceOf(DecodeException.class);
      bench.requireConnectionGone();
    }
  }

  @Test
  void row26JunkAfterGzipIsDroppedAndTheConnectionComesBack() throws Exception {
    try (FaultBench bench = new FaultBench(coded("gzip", concat(HELLO, bytes("\0\0junk"))))) {
      assertThat(bench.get().text()).isEqualTo("hello");
      assertThat(bench.send("GET", r -> r.stream(true)).text()).isEqualTo("hello");

      bench.requireRecovered();
      assertThat(bench.connections()).isEqualTo(1);
    }
  }

  /** The wire broke, not the coding: that is retried. */
  @Test
  void row26BodyCutByTheConnectionIsAnIncompleteRead() throws Exception {
    try (FaultBench bench =
        new FaultBench(
            exchange ->
                exchange
                    .send(head("gzip", HELLO.length))
                    .send(Arrays.copyOf(HELLO, HELLO.length - 3))
                    .fin(),
            Retry.of(1))) {
      assertThat(bench.getFails(MaxRetryException.class))
          .hasCauseInstanceOf(IncompleteReadException.class);
      assertThat(bench.attempts()).isEqualTo(2);
      bench.requireConnectionGone();
    }
  }

  /** CVE-2025-66418. */
  @ParameterizedTest
  @CsvSource({"5, true", "6, false", "12, false"})
  void row27ChainOfMoreThanFiveIsRefused(int times, boolean taken) throws Exception {
    String chain = String.join(", ", Collections.nCopies(times, "gzip"));
    try (FaultBench bench = new FaultBench(coded(chain, gzip(bytes("hello"), times)))) {
      if (taken) {
        assertThat(bench.get().text()).isEqualTo("hello");
        bench.requireRecovered();
        return;
      }

      assertThat(bench.getFails(DecodeException.class))
          .hasMessageContaining("body is coded " + times + " times, more than 5");
      bench.requireConnectionGone();

      Response streamed = bench.send("GET", r -> r.stream(true));
      assertThatThrownBy(() -> streamed.body().read()).isInstanceOf(DecodeException.class);
      bench.requireConnectionGone();

      bench.send("GET", r -> r.stream(true)).close();
      assertThat(bench.pool.stats().idle()).as("drained, not decoded").isEqualTo(1);
    }
  }

  /** CVE-2025-66418, CVE-2026-22036: four codings are few, and were enough for minutes of work. */
  @Test
  void row27WorkOfAChainIsBoundedHoweverShortItIs() throws Exception {
    String chain = "gzip,gzip,gzip,gzip";
    byte[] bomb = Samples.chainBomb(20);
    try (FaultBench bench = new FaultBench(coded(chain, bomb), Retry.of(3))) {
      assertThat(bench.getFails(DecodeException.class)).hasMessageContaining("bring nothing");
      assertThat(bench.attempts()).isEqualTo(1);
      bench.requireConnectionGone();

      Response streamed = bench.send("GET", r -> r.stream(true));
      assertThatThrownBy(() -> streamed.body().read())
          .isInstanceOf(DecodeException.class)
          .hasMessageContaining("bring nothing");
      bench.requireConnectionGone();
    }
    try (FaultBench bench =
        new FaultBench(
            exchange ->
                exchange.respond(
                    302, bomb, "Location: /canary", "Content-Encoding: gzip, gzip, gzip, gzip"),
            Retry.of(1))) {
      Response redirect = bench.get().history().get(0);

      assertThatThrownBy(redirect::bytes).isInstanceOf(DecodeException.class);
      assertThatThrownBy(() -> redirect.body().read()).isInstanceOf(DecodeException.class);
      bench.requireRecovered();
    }
  }

  /** CVE-2023-23916: the limit was one of each line. */
  @ParameterizedTest
  @CsvSource({"5, true", "6, false"})
  void row27CodingsOnSeveralHeaderLinesAreOneChain(int lines, boolean taken) throws Exception {
    byte[] body = gzip(bytes("hello"), lines);
    String[] headers = Collections.nCopies(lines, "Content-Encoding: gzip").toArray(new String[0]);
    try (FaultBench bench = new FaultBench(exchange -> exchange.respond(200, body, headers))) {
      if (taken) {
        assertThat(bench.get().text()).isEqualTo("hello");
        bench.requireRecovered();
        return;
      }

      assertThat(bench.getFails(DecodeException.class))
          .hasMessageContaining("body is coded 6 times, more than 5");
      bench.requireConnectionGone();
    }
  }

  /** CVE-2026-64607: another client lost a connection each time. */
  @Test
  void row28UnknownCodingIsLeftAndTheConnectionComesBackEveryTime() throws Exception {
    try (FaultBench bench = new FaultBench(coded("foo", bytes("as it is")))) {
      for (int i = 0; i < 2_000; i++) {
        boolean stream = i % 2 == 0;
        try (Response response = bench.send("GET", r -> r.stream(stream))) {
          assertThat(response.text()).isEqualTo("as it is");
          assertThat(response.headers().get("Content-Encoding")).isEqualTo("foo");
        }
        assertThat(bench.pool.stats().idle() - bench.pool.stats().leased()).isEqualTo(1);
      }
      bench.requireRecovered();
      assertThat(bench.connections()).isEqualTo(1);
    }
  }

  @Test
  void row28DamagedBodyGivesThePermitBackEveryTime() throws Exception {
    try (FaultBench bench = new FaultBench(coded("gzip", bytes("rubbish")))) {
      for (int i = 0; i < 300; i++) {
        bench.getFails(DecodeException.class);
        assertThat(bench.pool.stats().leased() + bench.pool.stats().idle()).isZero();
      }
      bench.requireRecovered();
    }
  }

  private static LoopbackServer.Handler coded(String coding, byte[] body) {
    return exchange -> exchange.send(concat(bytes(head(coding, body.length)), body));
  }

  private static String head(String coding, int length) {
    return "HTTP/1.1 200 OK\r\nContent-Encoding: "
        + coding
        + "\r\nContent-Length: "
        + length
        + "\r\n\r\n";
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
