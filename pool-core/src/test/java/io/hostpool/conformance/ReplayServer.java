package io.hostpool.conformance;

import io.hostpool.testkit.Exchange;
import io.hostpool.testkit.LoopbackServer;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Replays cases at {@code /case/<n>} and answers {@code /canary/<n>} with that number and the one
 * of the connection. Thread-safe.
 */
final class ReplayServer implements AutoCloseable {

  private static final long LIMIT_SECONDS = 60;

  private final LoopbackServer server = LoopbackServer.start(this::answer);
  private final Map<String, Replay> replays = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();

  /** One replay of a case. Thread-safe. */
  final class Replay {
    final long number = numbers.incrementAndGet();
    private final ReplayCase replayed;
    private final boolean split;
    private final CountDownLatch sent = new CountDownLatch(1);
    private volatile long sentNanos;
    private volatile int connection;

    private Replay(ReplayCase replayed, boolean split) {
      this.replayed = replayed;
      this.split = split;
    }

    String target() {
      return "/case/" + number;
    }

    String canary() {
      return "/canary/" + number;
    }

    /** Waits until every byte is on its way, or the client has closed the connection. */
    void awaitSent() throws InterruptedException {
      if (!sent.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError(replayed.name() + " was not sent");
      }
    }

    /** Returns for how long the client has had all bytes; negative before that. */
    long nanosSinceSent() {
      return sent.getCount() > 0 ? -1 : System.nanoTime() - sentNanos;
    }

    int connection() {
      return connection;
    }

    private void send(Exchange exchange) throws IOException {
      connection = exchange.request().connection();
      try {
        if (split) {
          byte[] one = new byte[1];
          for (byte b : replayed.bytes()) {
            one[0] = b;
            exchange.send(one);
          }
        } else {
          exchange.send(replayed.bytes());
        }
        if (replayed.ending() == ReplayCase.Ending.FIN) {
          exchange.fin();
        }
      } finally {
        sentNanos = System.nanoTime();
        sent.countDown();
      }
    }
  }

  /** Prepares a case to be replayed once, whole or one byte at a time. */
  Replay prepare(ReplayCase replayed, boolean split) {
    Replay replay = new Replay(replayed, split);
    replays.put(replay.target(), replay);
    return replay;
  }

  int port() {
    return server.port();
  }

  private void answer(Exchange exchange) throws IOException {
    Replay replay = replays.remove(exchange.target());
    if (replay != null) {
      replay.send(exchange);
    } else {
      exchange.respond(200, exchange.target() + " on " + exchange.request().connection());
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
