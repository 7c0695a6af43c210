package io.hostpool.benchmarks;

import java.util.List;
import java.util.SplittableRandom;

/** What the threads send. */
enum Workload {
  GET_100("GET, 100 B"),
  GET_16K("GET, 16 KiB"),
  GET_1M("GET, 1 MiB"),
  POST_1K("POST 1 KiB, 100 B back"),
  TLS_100("GET over TLS, 100 B"),
  SHARED_16("GET, 100 B, 16 connections for all threads"),
  MANY_HOSTS("GET, 100 B, 1,000 hosts, 80 of them busy");

  private static final byte[] BODY = new byte[1024];
  private static final int BUSY_HOSTS = 80;

  private final String title;

  Workload(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /** Returns whether a client without a limit for connections has nothing to show here. */
  boolean needsLimit() {
    return this == SHARED_16;
  }

  ClientSetup setup(int threads, javax.net.ssl.SSLContext tls) {
    return switch (this) {
      case SHARED_16 -> new ClientSetup(16, 10, 16, tls);
      case MANY_HOSTS -> new ClientSetup(threads, 100, 200, tls);
      default -> new ClientSetup(threads, 10, threads, tls);
    };
  }

  /** Returns one request of this kind, for any number of threads. */
  Round.Call call(Client client, Upstream upstream, int threads) {
    return switch (this) {
      case GET_100, SHARED_16 -> get(client, upstream.url("/100"), 100);
      case GET_16K -> get(client, upstream.url("/16k"), 16 * 1024);
      case GET_1M -> get(client, upstream.url("/1m"), 1024 * 1024);
      case TLS_100 -> get(client, upstream.tlsUrl("/100"), 100);
      case POST_1K -> {
        String url = upstream.url("/post");
        yield (thread, request) -> require(client.post(url, BODY), 100);
      }
      case MANY_HOSTS -> many(client, upstream.manyUrls("/100"), threads);
    };
  }

  private static Round.Call get(Client client, String url, int length) {
    return (thread, request) -> require(client.get(url), length);
  }

  /** Nine requests of ten go to the busy hosts. */
  private static Round.Call many(Client client, List<String> urls, int threads) {
    SplittableRandom[] random = new SplittableRandom[threads];
    for (int i = 0; i < threads; i++) {
      random[i] = new SplittableRandom(i);
    }
    return (thread, request) -> {
      int bound = random[thread].nextInt(10) == 0 ? urls.size() : BUSY_HOSTS;
      require(client.get(urls.get(random[thread].nextInt(bound))), 100);
    };
  }

  private static void require(int length, int expected) {
    if (length != expected) {
      throw new IllegalStateException("body of " + length + " bytes, expected " + expected);
    }
  }
}
