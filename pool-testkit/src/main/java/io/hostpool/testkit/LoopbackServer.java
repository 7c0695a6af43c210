package io.hostpool.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 server on loopback whose every byte a test can choose, and which counts connections.
 * Thread-safe. A thread accepts, one serves each connection; {@link #close()} ends them all.
 */
public final class LoopbackServer implements AutoCloseable {

  private static final int BACKLOG = 1024;

  private final String host;
  private final @Nullable SSLContext tls;
  private final Handler handler;
  private final ServerSocket listener;
  private final Thread acceptor;
  private final AtomicInteger accepted = new AtomicInteger();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<ReceivedRequest> requests = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> serverNames = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;
  private volatile boolean readsBodies = true;

  /** Answers one request. What it throws closes the connection and is kept for the test. */
  @FunctionalInterface
  public interface Handler {
    void handle(Exchange exchange) throws Exception;
  }

  private LoopbackServer(Builder builder) {
    this.host = builder.host;
    this.tls = builder.tls;
    this.handler = builder.handler;
    try {
      this.listener = new ServerSocket();
      listener.bind(new InetSocketAddress(InetAddress.getByName(host), builder.port), BACKLOG);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.acceptor = start("testkit-accept-" + listener.getLocalPort(), this::accept);
  }

  /** Starts a server on 127.0.0.1 that answers each request by {@code handler}. */
  public static LoopbackServer start(Handler handler) {
    return builder(handler).start();
  }

  public static Builder builder(Handler handler) {
    return new Builder(handler);
  }

  /** Returns {@code scheme://host:port} followed by {@code target}. */
  public String url(String target) {
    return (tls == null ? "http" : "https") + "://" + host + ":" + port() + target;
  }

  public String host() {
    return host;
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Returns how many TCP connections were accepted so far. */
  public int accepted() {
    return accepted.get();
  }

  /**
   * Returns the host that each TLS connection asked for by SNI, in the order in which they came;
   * empty for one that named none.
   */
  public List<String> serverNames() {
    return new ArrayList<>(serverNames);
  }

  /** Returns how many connections this side has not closed; it notices a client's close late. */
  public int open() {
    return open.size();
  }

  /** Returns the requests so far, in the order in which their last byte came. */
  public List<ReceivedRequest> requests() {
    return new ArrayList<>(requests);
  }

  /** Returns what handlers threw, connection resets by the client left out. */
  public List<Throwable> failures() {
    return new ArrayList<>(failures);
  }

  /**
   * Leaves the bodies of later requests on the connection; {@link Exchange#readBody} reads them.
   */
  public void leaveBodiesUnread() {
    readsBodies = false;
  }

  /** Closes every open connection with FIN, as a server does that tidies up idle ones. */
  public void closeConnections() {
    open.forEach(LoopbackServer::closeQuietly);
  }

  /** Resets every open connection. */
  public void resetConnections() {
    for (Socket socket : open) {
      reset(socket);
    }
  }

  /** Stops accepting: later connections are refused. Open ones go on. */
  public void stopListening() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // Until its accept has returned, the kernel still takes connections.
    join(acceptor);
  }

  @Override
  public void close() {
    closed = true;
    stopListening();
    closeConnections();
    threads.forEach(Thread::interrupt);
    threads.forEach(LoopbackServer::join);
  }

  static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException alreadyGone) {
      // That is what was wanted.
    }
  }

  private void accept() {
    while (!closed) {
      Socket socket;
      try {
        socket = listener.accept();
      } catch (IOException e) {
        return;
      }
      int number = accepted.incrementAndGet();
      open.add(socket);
      start("testkit-connection-" + port() + "-" + number, () -> serve(socket, number));
    }
  }

  private void serve(Socket accepted, int number) {
    try (accepted;
        Socket socket = secured(accepted)) {
      Wire wire = new Wire(socket);
      for (int count = 1; !socket.isClosed(); count++) {
        ReceivedRequest request = ReceivedRequest.read(wire, number, count, readsBodies);
        if (request == null) {
          return;
        }
        requests.add(request);
        Exchange exchange = new Exchange(request, wire);
        handler.handle(exchange);
        if (!exchange.keepsConnection()) {
          return;
        }
      }
    } catch (IOException clientWentAway) {
      // A test that cares looks at what its client saw.
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (Exception | AssertionError e) {
      failures.add(e);
    } finally {
      open.remove(accepted);
      threads.remove(Thread.currentThread());
    }
  }

  private Socket secured(Socket accepted) throws IOException {
    accepted.setTcpNoDelay(true);
    if (tls == null) {
      return accepted;
    }
    ClientHello hello = ClientHello.read(accepted);
    serverNames.add(Objects.requireNonNullElse(hello.serverName(), ""));
    return hello.layer(tls.getSocketFactory(), accepted);
  }

  private Thread start(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
    return thread;
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException ignored) {
      // It is gone either way.
    }
  }

  private static void join(Thread thread) {
    try {
      if (thread != Thread.currentThread()) {
        thread.join(5000);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Builds a {@link LoopbackServer}. Not thread-safe. */
  public static final class Builder {
    private final Handler handler;
    private String host = "127.0.0.1";
    private int port;
    private @Nullable SSLContext tls;

    private Builder(Handler handler) {
      this.handler = handler;
    }

    /** Sets the loopback address to listen on, 127.0.0.1 by default. */
    public Builder host(String host) {
      this.host = host;
      return this;
    }

    /** Sets the port, a free one by default. */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /** Speaks TLS, see {@link TestCa#serverContext}. */
    public Builder tls(SSLContext tls) {
      this.tls = tls;
      return this;
    }

    public LoopbackServer start() {
      return new LoopbackServer(this);
    }
  }
}
