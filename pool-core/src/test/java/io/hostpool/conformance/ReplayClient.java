package io.hostpool.conformance;

import io.hostpool.conformance.Observation.Next;
import io.hostpool.conformance.ReplayCase.Ending;
import io.hostpool.error.HttpException;
import io.hostpool.error.ReadTimeoutException;
import io.hostpool.http.Response;
import io.hostpool.policy.Retry;
import io.hostpool.policy.Timeout;
import io.hostpool.pool.HttpConnectionPool;
import io.hostpool.stats.PoolStats;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Sends a request that meets a case, then a canary on the same pool of one connection. Thread-safe.
 */
final class ReplayClient {

  /** Only what is kept open can be waited for in vain; everything else says that it has ended. */
  private static final Duration SHORT = Duration.ofMillis(400);

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final long SURELY_SILENT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final int TRIES = 5;

  private final ReplayServer server;

  ReplayClient(ReplayServer server) {
    this.server = server;
  }

  /** Replays a case until it was not a slow machine that made the client give up. */
  Observation run(ReplayCase replayed, boolean split) throws InterruptedException {
    Duration patience =
        replayed.ending() == Ending.KEEP && !replayed.expected().isAccept() ? SHORT : LONG;
    for (int i = 1; ; i++, patience = patience.multipliedBy(2)) {
      ReplayServer.Replay replay = server.prepare(replayed, split);
      try (HttpConnectionPool pool = pool(patience)) {
        Observation seen = once(replayed, replay, pool);
        if (seen != null || i == TRIES) {
          return seen;
        }
      }
    }
  }

  private HttpConnectionPool pool(Duration patience) {
    return HttpConnectionPool.builder("127.0.0.1")
        .port(server.port())
        .maxsize(1)
        .block(true)
        .retries(Retry.none())
        .timeout(Timeout.of(LONG, patience))
        .build();
  }

  /** Returns null if the client gave up before it could have had everything. */
  private Observation once(ReplayCase replayed, ReplayServer.Replay replay, HttpConnectionPool pool)
      throws InterruptedException {
    Response response = null;
    HttpException error = null;
    try {
      response = pool.urlopen(replayed.method(), replay.target(), r -> r.followRedirects(false));
    } catch (HttpException e) {
      error = e;
      if (e instanceof ReadTimeoutException && replay.nanosSinceSent() < SURELY_SILENT_NANOS) {
        return null;
      }
    }
    PoolStats stats = pool.stats();
    boolean returned = stats.leased() + stats.dialing() + stats.pending() == 0;
    replay.awaitSent();
    Next next = canary(replay, pool);
    if (response != null) {
      byte[] body = bytes(response);
      String outcome = response.status() + " " + new String(body, StandardCharsets.ISO_8859_1);
      return new Observation(true, outcome, "", response.status(), body, false, next, returned);
    }
    String outcome = error.getClass().getSimpleName() + " in " + error.phase();
    boolean timedOut = error instanceof ReadTimeoutException;
    return new Observation(
        false, outcome, error.getMessage(), 0, new byte[0], timedOut, next, returned);
  }

  private static Next canary(ReplayServer.Replay replay, HttpConnectionPool pool) {
    try {
      String text =
          pool.urlopen("GET", replay.canary(), r -> r.timeout(Timeout.of(LONG, LONG))).text();
      if (text.equals(replay.canary() + " on " + replay.connection())) {
        return Next.REUSED;
      }
      return text.startsWith(replay.canary() + " on ") ? Next.NEW_CONNECTION : Next.POISONED;
    } catch (HttpException e) {
      return Next.FAILED;
    }
  }

  private static byte[] bytes(Response response) {
    try {
      return response.bytes();
    } catch (HttpException e) {
      throw new AssertionError("the body is in memory", e);
    }
  }
}
