package io.hostpool.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostpool.error.HttpException;
import io.hostpool.http.Request;
import io.hostpool.http.RequestBody;
import io.hostpool.http.Response;
import io.hostpool.policy.Retry;
import io.hostpool.policy.Timeout;
import io.hostpool.pool.HttpConnectionPool;
import io.hostpool.stats.PoolStats;
import io.hostpool.testkit.Exchange;
import io.hostpool.testkit.LoopbackServer;
import java.time.Duration;
import java.util.function.Consumer;
import org.assertj.core.api.Assertions;

/**
 * One pool and one server that misbehaves on {@code /fault}. After the fault the same pool must
 * answer a canary, and nothing may be leased any more.
 */
final class FaultBench implements AutoCloseable {

  private final LoopbackServer server;
  final HttpConnectionPool pool;

  FaultBench(LoopbackServer.Handler fault) {
    this(fault, Retry.none());
  }

  FaultBench(LoopbackServer.Handler fault, Retry retries) {
    server =
        LoopbackServer.start(
            exchange -> {
              if (exchange.target().startsWith("/fault")) {
                fault.handle(exchange);
              } else {
                exchange.respond(200, "canary");
              }
            });
    pool =
        HttpConnectionPool.builder("127.0.0.1")
            .port(server.port())
            .maxsize(1)
            .block(true)
            .retries(retries)
            .timeout(Timeout.of(Duration.ofSeconds(5), Duration.ofMillis(700)))
            .build();
  }

  static LoopbackServer.Handler raw(String answer) {
    return exchange -> exchange.send(answer);
  }

  static LoopbackServer.Handler rawThenFin(String answer) {
    return exchange -> exchange.send(answer).fin();
  }

  Response get() throws HttpException {
    return pool.urlopen("GET", "/fault");
  }

  Response send(String method, Consumer<Request.Builder> spec) throws HttpException {
    return pool.urlopen(method, "/fault", spec);
  }

  /** Sends a GET that must fail in this way, and returns how. */
  <E extends HttpException> E getFails(Class<E> type) {
    E failure = Assertions.catchThrowableOfType(type, this::get);
    assertThat(failure).isNotNull();
    return failure;
  }

  /** Sends a POST that must fail in this way, and returns how. */
  <E extends HttpException> E postFails(Class<E> type) {
    E failure =
        Assertions.catchThrowableOfType(type, () -> send("POST", r -> r.body(RequestBody.of("x"))));
    assertThat(failure).isNotNull();
    return failure;
  }

  /** Returns how often the server was sent the request that meets the fault. */
  long attempts() {
    return server.requests().stream()
        .filter(request -> request.target().startsWith("/fault"))
        .count();
  }

  int connections() {
    return server.accepted();
  }

  LoopbackServer server() {
    return server;
  }

  /** The pool is as it was: everything back, and the next answer is the right one. */
  void requireRecovered() throws HttpException {
    PoolStats stats = pool.stats();
    assertThat(stats.leased() + stats.dialing() + stats.pending()).isZero();
    assertThat(stats.opened() - stats.closed()).isEqualTo(stats.idle());
    assertThat(pool.urlopen("GET", "/canary").text()).isEqualTo("canary");
    assertThat(pool.stats().idle()).isEqualTo(1);
  }

  /** After the fault the connection must not have been used again. */
  void requireConnectionGone() throws HttpException {
    int before = connections();
    requireRecovered();
    assertThat(connections()).isEqualTo(before + 1);
  }

  @Override
  public void close() {
    pool.close();
    server.close();
  }

  static void finWithoutAnswer(Exchange exchange) throws Exception {
    exchange.fin();
  }
}
