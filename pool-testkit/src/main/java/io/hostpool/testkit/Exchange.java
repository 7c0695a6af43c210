package io.hostpool.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One request and the connection to answer it on. Not thread-safe; confined to its handler. */
public final class Exchange {

  private static final long LIMIT_SECONDS = 20;

  private ReceivedRequest request;
  private final Wire wire;
  private boolean keep = true;

  Exchange(ReceivedRequest request, Wire wire) {
    this.request = request;
    this.wire = wire;
  }

  public ReceivedRequest request() {
    return request;
  }

  public String target() {
    return request.target();
  }

  /** Answers with a body of text and its length. */
  public Exchange respond(int status, String body, String... headers) throws IOException {
    return respond(status, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  /**
   * Answers with a body and its length.
   *
   * @param headers lines such as {@code "Connection: close"}
   */
  public Exchange respond(int status, byte[] body, String... headers) throws IOException {
    StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append(" Status\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
    byte[] start = head.toString().getBytes(StandardCharsets.ISO_8859_1);
    boolean hasBody = !request.method().equals("HEAD") && status != 204 && status != 304;
    byte[] all = new byte[start.length + (hasBody ? body.length : 0)];
    System.arraycopy(start, 0, all, 0, start.length);
    if (hasBody) {
      System.arraycopy(body, 0, all, start.length, body.length);
    }
    wire.write(all);
    return this;
  }

  /** Sends bytes as they are, one per character. */
  public Exchange send(String raw) throws IOException {
    wire.write(raw.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** Sends bytes as they are. */
  public Exchange send(byte[] raw) throws IOException {
    wire.write(raw);
    return this;
  }

  /** Reads the body of a request that was read without it, see {@code Expect}. */
  public Exchange readBody() throws IOException {
    request = request.withBody(wire);
    return this;
  }

  /** Waits until a test opens the latch; fails after 20 seconds. */
  public Exchange await(CountDownLatch latch) throws InterruptedException {
    if (!latch.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("latch was not opened");
    }
    return this;
  }

  /** Waits until as many requests as the barrier has parties are here; fails after 20 seconds. */
  public Exchange meet(CyclicBarrier barrier) throws InterruptedException {
    try {
      barrier.await(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (BrokenBarrierException | TimeoutException e) {
      throw new AssertionError("the others did not come", e);
    }
    return this;
  }

  /** Blocks until the client closes its side. */
  public Exchange awaitClientClose() throws IOException {
    wire.readToEnd();
    keep = false;
    return this;
  }

  /** Closes the connection with FIN when the handler returns. */
  public Exchange closeConnection() {
    keep = false;
    return this;
  }

  /** Closes the connection with FIN now. */
  public Exchange fin() throws IOException {
    wire.socket().close();
    keep = false;
    return this;
  }

  /** Ends the sending side only. */
  public Exchange halfClose() throws IOException {
    wire.socket().shutdownOutput();
    return this;
  }

  /** Closes the connection with RST now. */
  public Exchange reset() {
    LoopbackServer.reset(wire.socket());
    keep = false;
    return this;
  }

  boolean keepsConnection() {
    return keep;
  }
}
