package io.hostpool.faults;

import io.hostpool.error.HttpException;
import io.hostpool.error.NewConnectionException;
import io.hostpool.http.Response;
import io.hostpool.policy.Retry;
import io.hostpool.pool.HttpConnectionPool;
import io.hostpool.stats.PoolStats;
import io.hostpool.testkit.LoopbackServer;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** A program for a JVM that is short of something: {@code ScarcityRun files|memory|decode}. */
final class ScarcityRun {

  private ScarcityRun() {}

  public static void main(String[] args) throws Exception {
    try (LoopbackServer server =
            LoopbackServer.start(
                exchange -> {
                  if (exchange.target().equals("/huge")) {
                    exchange.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                    byte[] chunk =
                        ("100000\r\n" + "x".repeat(0x100000) + "\r\n").getBytes("US-ASCII");
                    while (true) {
                      exchange.send(chunk);
                    }
                  }
                  if (exchange.target().equals("/bomb")) {
                    exchange.respond(200, bomb(), "Content-Encoding: gzip");
                    return;
                  }
                  exchange.respond(200, "ok");
                });
        HttpConnectionPool pool =
            HttpConnectionPool.builder("127.0.0.1")
                .port(server.port())
                .block(true)
                .retries(Retry.none())
                .build()) {
      // Classes are loaded while there is enough of everything.
      requireAnswer(pool);
      failOnce();
      System.out.println(
          switch (args[0]) {
            case "files" -> files(pool);
            case "memory" -> memory(pool, "/huge");
            default -> memory(pool, "/bomb");
          });
      requireAnswer(pool);
    }
  }

  private static String files(HttpConnectionPool pool) throws Exception {
    List<FileInputStream> hoard = new ArrayList<>();
    Response held = pool.urlopen("GET", "/", r -> r.stream(true));
    try {
      while (true) {
        hoard.add(new FileInputStream("/dev/null"));
      }
    } catch (IOException none) {
      // Not one more to be had.
    }
    held.close();
    pool.configure(pool.capacity().withMaxsize(2));
    Response first = pool.urlopen("GET", "/", r -> r.stream(true));
    try {
      pool.urlopen("GET", "/");
      throw new AssertionError("there should have been no descriptor left");
    } catch (NewConnectionException e) {
      return e.getMessage();
    } finally {
      first.close();
      for (FileInputStream file : hoard) {
        file.close();
      }
    }
  }

  private static String memory(HttpConnectionPool pool, String target) throws HttpException {
    try {
      pool.urlopen("GET", target);
      throw new AssertionError("there should have been no memory left");
    } catch (OutOfMemoryError e) {
      return "out of memory: " + e.getMessage();
    }
  }

  /** 200 MiB of zeros, within the limit of a body, in 200 KiB. */
  private static byte[] bomb() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      for (int i = 0; i < 200; i++) {
        out.write(new byte[1 << 20]);
      }
    }
    return bytes.toByteArray();
  }

  private static void failOnce() throws HttpException {
    try (HttpConnectionPool nowhere =
        HttpConnectionPool.builder("127.0.0.1").port(1).retries(Retry.none()).build()) {
      nowhere.urlopen("GET", "/");
      throw new AssertionError("nobody should listen on port 1");
    } catch (NewConnectionException expected) {
      // That is how it fails when there are no descriptors, too.
    }
  }

  private static void requireAnswer(HttpConnectionPool pool) throws HttpException {
    String text = pool.urlopen("GET", "/").text();
    PoolStats stats = pool.stats();
    if (!text.equals("ok") || stats.leased() + stats.dialing() != 0 || stats.idle() != 1) {
      throw new AssertionError(text + ", " + stats);
    }
  }
}
