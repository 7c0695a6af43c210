package io.hostpool.pool;

import io.hostpool.internal.connection.HttpConnection;
import io.hostpool.internal.connection.NetConfig;
import io.hostpool.internal.connection.SocketConnectionFactory;
import io.hostpool.internal.socket.Endpoint;
import io.hostpool.internal.socket.Liveness;
import io.hostpool.internal.time.Deadline;
import io.hostpool.testkit.LoopbackServer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What does the look at an idle socket cost that comes before each use? */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ProbeBenchmark {

  private LoopbackServer server;
  private HttpConnection connection;

  @Setup
  public void connect() throws Exception {
    server = LoopbackServer.start(exchange -> exchange.respond(200, "ok"));
    connection =
        new SocketConnectionFactory(
                new Endpoint("http", server.host(), server.port()), NetConfig.defaults())
            .open(TimeUnit.SECONDS.toNanos(5), Deadline.none());
  }

  @TearDown
  public void close() {
    connection.close();
    server.close();
  }

  @Benchmark
  public Liveness probe() {
    return connection.probe();
  }
}
