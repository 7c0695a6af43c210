package io.hostpool.samples.quickstart;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** Three hosts to call: a quick one, a slow one, and one that closes each connection. */
@Component
class StubHosts implements DisposableBean {

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<HttpServer> servers = new ArrayList<>();
  private final List<String> urls = new ArrayList<>();

  StubHosts() throws IOException {
    start("quick", exchange -> answer(exchange, "quick", 5));
    start("slow", exchange -> answer(exchange, "slow", 150));
    start(
        "closing",
        exchange -> {
          exchange.getResponseHeaders().set("Connection", "close");
          answer(exchange, "closing", 20);
        });
  }

  /** Returns one URL for each host. */
  List<String> urls() {
    return List.copyOf(urls);
  }

  @Override
  public void destroy() {
    servers.forEach(server -> server.stop(0));
    threads.shutdownNow();
  }

  private void start(String name, com.sun.net.httpserver.HttpHandler handler) throws IOException {
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer server = HttpServer.create(loopback, 100);
    server.setExecutor(threads);
    server.createContext("/", handler);
    server.start();
    servers.add(server);
    urls.add("http://127.0.0.1:" + server.getAddress().getPort() + "/" + name);
  }

  private static void answer(HttpExchange exchange, String name, int millis) throws IOException {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    byte[] body = ("hello from the " + name + " host\n").getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
