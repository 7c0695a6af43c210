package io.hostpool.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.error.HttpException;
import io.hostpool.error.IncompleteReadException;
import io.hostpool.error.Phase;
import io.hostpool.error.Progress;
import io.hostpool.error.ReadTimeoutException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What reading and closing a streamed body tells its owner. Upstream: test_response.py, as far as
 * it is about neither decoding nor chunks.
 */
class BodyStreamTest {

  private static final Request REQUEST = Request.builder("GET", "http://h/p?secret").build();

  private final List<String> told = new ArrayList<>();
  private final BodyOwner owner =
      new BodyOwner() {
        @Override
        public void bodyEnded() {
          told.add("ended");
        }

        @Override
        public void bodyFailed() {
          told.add("failed");
        }

        @Override
        public void bodyAbandoned() {
          told.add("abandoned");
        }
      };

  /** Upstream: test_io_not_closed_until_all_data_is_read, test_streaming. */
  @Test
  void endIsToldOnceAndOnlyWhenItWasSeen() throws IOException {
    InputStream body = response(new ByteArrayInputStream(new byte[3])).body();

    assertThat(body.read(new byte[3])).isEqualTo(3);
    assertThat(told).isEmpty();
    assertThat(body.read()).isEqualTo(-1);
    assertThat(body.read(new byte[9])).isEqualTo(-1);

    assertThat(told).containsExactly("ended");
  }

  /** Upstream: test_io_not_closed_after_requesting_0_bytes, test_stream_zero_amt. */
  @Test
  void readingNothingIsNotTheEnd() throws IOException {
    InputStream body = response(new ByteArrayInputStream(new byte[1])).body();

    assertThat(body.read(new byte[0])).isZero();
    assertThat(body.read(new byte[4], 2, 0)).isZero();

    assertThat(told).isEmpty();
    assertThat(body.read()).isZero();
  }

  @Test
  void bytesBeyond127AreNotNegative() throws IOException {
    assertThat(response(new ByteArrayInputStream(new byte[] {-1})).body().read()).isEqualTo(255);
  }

  /** Two threads that both read from one connection would leave it in the middle of an answer. */
  @Test
  @Timeout(60)
  void closeUnderAReadOfAnotherThreadGivesTheConnectionUpAndWaitsForNothing() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch gone = new CountDownLatch(1);
    InputStream blocked =
        new InputStream() {
          @Override
          public int read() throws IOException {
            reading.countDown();
            try {
              gone.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            throw new IncompleteReadException("gone", Progress.sent(Phase.BODY), 0, null);
          }
        };
    Response response = response(blocked);
    Thread reader =
        new Thread(
            () ->
                assertThatThrownBy(() -> response.body().read())
                    .isInstanceOf(IncompleteReadException.class));
    reader.start();
    reading.await();

    response.close();

    assertThat(told).containsExactly("failed");
    gone.countDown();
    reader.join();
  }

  @Test
  void closeBeforeTheEndAbandonsTheBodyOnce() throws IOException {
    Response response = response(new ByteArrayInputStream(new byte[3]));
    InputStream body = response.body();
    assertThat(body.read()).isZero();

    response.close();
    body.close();
    response.close();

    assertThat(told).containsExactly("abandoned");
    assertThat(body.available()).isZero();
    assertThatThrownBy(body::read).isInstanceOf(IOException.class).hasMessageContaining("closed");
  }

  /** Upstream: test_read_chunked_on_closed_response. */
  @Test
  void bytesOfAClosedResponseCannotBeRead() {
    Response response = response(new ByteArrayInputStream(new byte[3]));
    response.close();

    assertThatThrownBy(response::bytes)
        .isInstanceOf(HttpException.class)
        .hasMessageContaining("closed");
  }

  /** Upstream: test_incomplete_chunk, test_buggy_incomplete_read; the error there comes once. */
  @Test
  void bodyThatFailedNeverLooksWhole() throws IOException {
    InputStream body = response(failingAfter(2)).body();
    assertThat(body.read()).isEqualTo('x');
    assertThat(body.read()).isEqualTo('x');

    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(body::read).isInstanceOf(IncompleteReadException.class);
      assertThatThrownBy(() -> body.read(new byte[1])).isInstanceOf(IncompleteReadException.class);
      assertThatThrownBy(() -> body.skip(1)).isInstanceOf(IncompleteReadException.class);
    }

    assertThat(told).containsExactly("failed");
    assertThat(body.available()).isZero();
  }

  @Test
  void bytesThatFailedOnceFailAgain() {
    Response response = response(failingAfter(5));

    assertThatThrownBy(response::bytes).isInstanceOf(IncompleteReadException.class);
    assertThatThrownBy(response::bytes).isInstanceOf(IncompleteReadException.class);
    assertThatThrownBy(response::text).isInstanceOf(IncompleteReadException.class);
    assertThat(told).startsWith("failed");
  }

  /** An error such as OutOfMemoryError leaves the stream at an unknown place. */
  @Test
  void errorInTheMiddleIsAFailureToo() {
    InputStream body =
        response(
                new InputStream() {
                  @Override
                  public int read() {
                    throw new OutOfMemoryError("planted");
                  }
                })
            .body();

    assertThatThrownBy(body::read).isInstanceOf(OutOfMemoryError.class);
    assertThatThrownBy(body::read).isInstanceOf(HttpException.class);
    assertThat(told).containsExactly("failed");
  }

  @Test
  void skippingCountsWhatIsThere() throws IOException {
    InputStream body = response(new ByteArrayInputStream(new byte[20_000])).body();

    assertThat(body.skip(-1)).isZero();
    assertThat(body.skip(0)).isZero();
    assertThat(body.skip(15_000)).isEqualTo(15_000);
    assertThat(body.skip(Long.MAX_VALUE)).isEqualTo(5000);
    assertThat(told).containsExactly("ended");
  }

  @Test
  void bodyCannotBeRewound() {
    InputStream body = response(new ByteArrayInputStream(new byte[3])).body();

    assertThat(body.markSupported()).isFalse();
    body.mark(3);
    assertThatThrownBy(body::reset).isInstanceOf(IOException.class);
  }

  /** Upstream: test_cache_content_preload_false. */
  @Test
  void bytesAreReadOnceAndKept() throws IOException {
    Response response = response(new ByteArrayInputStream("foo".getBytes(StandardCharsets.UTF_8)));

    assertThat(response.text()).isEqualTo("foo");
    assertThat(response.bytes()).isSameAs(response.bytes());
    assertThat(response.body().readAllBytes()).hasSize(3);
    assertThat(response.body().readAllBytes()).hasSize(3);
    assertThat(told).containsExactly("ended");
  }

  /** Upstream: test_cache_content_ignored_during_and_after_partial_read. */
  @Test
  void bytesAfterTheStreamWasTakenAreAMistake() {
    Response response = response(new ByteArrayInputStream(new byte[3]));

    assertThat(response.body()).isSameAs(response.body());

    assertThatThrownBy(response::bytes)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the body was taken as a stream");
  }

  private Response response(InputStream raw) {
    return Response.builder(REQUEST, 200).body(raw, owner).build();
  }

  private static InputStream failingAfter(int count) {
    return new InputStream() {
      private int left = count;
      private boolean failed;

      @Override
      public int read() throws IOException {
        if (left-- > 0) {
          return 'x';
        }
        if (failed) {
          throw new ReadTimeoutException("asked again", Progress.sent(Phase.BODY), null);
        }
        failed = true;
        throw new IncompleteReadException("cut", Progress.sent(Phase.BODY), count, null);
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        bytes[offset] = (byte) read();
        return 1;
      }
    };
  }
}
