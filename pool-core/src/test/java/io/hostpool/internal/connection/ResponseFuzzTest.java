package io.hostpool.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostpool.internal.socket.ReadWatch;
import io.hostpool.internal.socket.SocketInput;
import io.hostpool.internal.wire.BodyFraming;
import io.hostpool.internal.wire.ChunkedBody;
import io.hostpool.internal.wire.ExchangeBuffers;
import io.hostpool.internal.wire.HeadBudget;
import io.hostpool.internal.wire.ResponseHead;
import io.hostpool.net.WireLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.impl.io.ContentLengthInputStream;
import org.apache.hc.core5.http.impl.io.IdentityInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Breaks good responses at random and reads them in pieces of random size. Whatever the bytes are,
 * only an {@code IOException} may come out, and pieces must make no difference. A failure names its
 * seed; {@code -Dhostpool.fuzz.seed} repeats it.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ResponseFuzzTest {

  /** What a read that takes too long would close; these never wait. */
  private static final SocketChannel NO_CHANNEL = channel();

  private static final ReadWatch WATCH = new ReadWatch();

  private static final int RUNS = 60_000;
  private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n";
  private static final String[] GOOD = {
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: a\r\n b\r\n\r\nhello",
    "HTTP/1.0 404 Not Found\r\nConnection: keep-alive\r\nContent-Length: 5, 5\r\n\r\nhello",
    "HTTP/1.1 204\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    "HTTP/1.1 200 OK\nServer: x\n\nto the end",
    "\r\nHTTP/1.1 301 M\r\nLocation: /a\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n",
    CHUNKED + "\r\n5\r\nhello\r\n0\r\n\r\n",
    CHUNKED + "Content-Length: 9\r\n\r\n5;a=\"\\\"b\" ; c\r\nhello\r\n000\r\nX: 1\r\n\r\n",
    CHUNKED + "Keep-Alive: timeout=5\r\n\r\n00a\r\n0123456789\r\n1\r\nx\r\n0;z\r\n\r\nrest"
  };
  private static final String TRICKY = "\r\n\t :;,=\"\\0159afAFx+-\0\u007f\u0080\u00ff";

  @Test
  void noResponseBreaksTheReaderAndPiecesMakeNoDifference() {
    long first = Long.getLong("hostpool.fuzz.seed", 1);
    int runs = Long.getLong("hostpool.fuzz.seed") == null ? RUNS : 1;
    for (long seed = first; seed < first + runs; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] response = mutate(GOOD[random.nextInt(GOOD.length)], random);

      String whole = read(response, () -> response.length);
      String bytes = read(response, () -> 1);
      String pieces = read(response, () -> 1 + random.nextInt(16));

      assertThat(bytes).as("seed %d", seed).isEqualTo(whole);
      assertThat(pieces).as("seed %d", seed).isEqualTo(whole);
    }
  }

  private static byte[] mutate(String good, SplittableRandom random) {
    StringBuilder text = new StringBuilder(good);
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(text.length());
      char c =
          random.nextInt(4) == 0
              ? (char) random.nextInt(256)
              : TRICKY.charAt(random.nextInt(TRICKY.length()));
      switch (random.nextInt(5)) {
        case 0 -> text.setCharAt(at, c);
        case 1 -> text.insert(at, c);
        case 2 -> text.deleteCharAt(at);
        case 3 -> text.insert(at, text.substring(at, Math.min(text.length(), at + 12)));
        default -> text.setLength(Math.max(at, 1));
      }
      if (text.isEmpty()) {
        break;
      }
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static SocketChannel channel() {
    try {
      SocketChannel channel = SocketChannel.open();
      channel.close();
      return channel;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns what came out, in words that are equal if and only if it is. */
  private static String read(byte[] response, Pieces pieces) {
    WireLimits limits = WireLimits.defaults();
    ExchangeBuffers buffers = new ExchangeBuffers(limits);
    StringBuilder seen = new StringBuilder();
    try {
      SocketInput socket =
          new SocketInput(NO_CHANNEL, new Socket(), new InPieces(response, pieces), WATCH);
      ResponseHead head = ResponseHead.read(buffers, socket, HeadBudget.ofHeads(limits));
      if (head == null) {
        return "nothing";
      }
      BodyFraming framing = BodyFraming.of("GET", head);
      seen.append(head).append(framing);
      InputStream body =
          switch (framing.kind()) {
            case NONE -> InputStream.nullInputStream();
            case LENGTH -> new ContentLengthInputStream(buffers.in, socket, framing.length());
            case CHUNKED -> new ChunkedBody(buffers, socket, limits);
            case UNTIL_CLOSE -> new IdentityInputStream(buffers.in, socket);
          };
      for (int b = body.read(); b >= 0; b = body.read()) {
        seen.append((char) b);
      }
      return seen.toString();
    } catch (IOException refused) {
      return seen.append(refused).toString();
    }
  }

  @FunctionalInterface
  private interface Pieces {
    int next();
  }

  /** Holds bytes, and gives them away in pieces. */
  private static final class InPieces extends InputStream {
    private final byte[] bytes;
    private final Pieces pieces;
    private int position;

    InPieces(byte[] bytes, Pieces pieces) {
      this.bytes = bytes;
      this.pieces = pieces;
    }

    @Override
    public int read() {
      return position < bytes.length ? bytes[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      int n = Math.min(Math.min(length, pieces.next()), bytes.length - position);
      if (n <= 0) {
        return -1;
      }
      System.arraycopy(bytes, position, into, offset, n);
      position += n;
      return n;
    }
  }
}
