package io.hostpool.benchmarks;

import io.hostpool.testkit.TestCa;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Answers what {@link Upstream}'s nginx would, where there is no nginx: one thread per connection.
 * Runs as a process until its input ends. {@code EmbeddedServer <key store> <address>…}; prints its
 * port and that for TLS.
 */
final class EmbeddedServer {

  private final Map<String, byte[]> answers =
      Map.of(
          "/100", answer(100),
          "/post", answer(100),
          "/16k", answer(16 * 1024),
          "/1m", answer(1024 * 1024));
  private final AtomicLong accepted = new AtomicLong();
  private final ThreadFactory threads = Callers.factory(Callers.hasVirtual());

  private EmbeddedServer() {}

  public static void main(String[] args) throws Exception {
    EmbeddedServer server = new EmbeddedServer();
    int port = server.listen(Arrays.asList(args).subList(1, args.length));
    int tlsPort = server.listenSecurely(Path.of(args[0]));
    System.out.println(port + " " + tlsPort);
    while (System.in.read() >= 0) {
      // Until the parent closes it.
    }
    System.exit(0);
  }

  /** Returns the context of a server with the key of {@link TestCa#serverKeyStore}. */
  static SSLContext context(Path keyStore) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keyStore)) {
      store.load(in, TestCa.password());
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, TestCa.password());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  /** Listens at the same port of each address. */
  private int listen(List<String> addresses) throws IOException {
    Selector selector = Selector.open();
    int port = 0;
    for (String address : addresses) {
      ServerSocketChannel listener = ServerSocketChannel.open();
      listener.bind(new InetSocketAddress(InetAddress.getByName(address), port), 4096);
      port = listener.socket().getLocalPort();
      listener.configureBlocking(false);
      listener.register(selector, SelectionKey.OP_ACCEPT);
    }
    start(() -> accept(selector));
    return port;
  }

  private int listenSecurely(Path keyStore) throws Exception {
    ServerSocket listener = context(keyStore).getServerSocketFactory().createServerSocket();
    listener.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 4096);
    start(
        () -> {
          while (true) {
            serve(listener.accept());
          }
        });
    return listener.getLocalPort();
  }

  private void accept(Selector selector) throws IOException {
    while (true) {
      selector.select();
      for (SelectionKey key : selector.selectedKeys()) {
        SocketChannel channel = ((ServerSocketChannel) key.channel()).accept();
        if (channel != null) {
          serve(channel.socket());
        }
      }
      selector.selectedKeys().clear();
    }
  }

  /** Accepts connections. */
  private interface Acceptor {
    void run() throws IOException;
  }

  private static void start(Acceptor acceptor) {
    Thread thread =
        new Thread(
            () -> {
              try {
                acceptor.run();
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private void serve(Socket socket) {
    accepted.incrementAndGet();
    threads
        .newThread(
            () -> {
              try (socket) {
                socket.setTcpNoDelay(true);
                InputStream in = new BufferedInputStream(socket.getInputStream());
                OutputStream out = socket.getOutputStream();
                while (serveOne(in, out)) {
                  out.flush();
                }
              } catch (IOException clientIsGone) {
                // The client says why, if it matters.
              }
            })
        .start();
  }

  /** Returns false if the client has closed the connection. */
  private boolean serveOne(InputStream in, OutputStream out) throws IOException {
    String line = readLine(in);
    if (line.isEmpty()) {
      return false;
    }
    String path = line.split(" ")[1];
    long body = 0;
    for (line = readLine(in); !line.isEmpty(); line = readLine(in)) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        body = Long.parseLong(line.substring("content-length:".length()).trim());
      }
    }
    in.skipNBytes(body);
    byte[] answer = answers.get(path);
    out.write(answer == null ? status() : answer);
    return true;
  }

  private static String readLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  /** As nginx words it. */
  private byte[] status() {
    long n = accepted.get();
    String text =
        "Active connections: 1 \nserver accepts handled requests\n "
            + n
            + " "
            + n
            + " "
            + n
            + " \n";
    return message(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] answer(int length) {
    byte[] body = new byte[length];
    Arrays.fill(body, (byte) 'x');
    return message(body);
  }

  private static byte[] message(byte[] body) {
    String head =
        "HTTP/1.1 200 OK\r\nServer: embedded\r\nContent-Type: application/octet-stream\r\n"
            + "Content-Length: "
            + body.length
            + "\r\n\r\n";
    byte[] message =
        Arrays.copyOf(head.getBytes(StandardCharsets.US_ASCII), head.length() + body.length);
    System.arraycopy(body, 0, message, head.length(), body.length);
    return message;
  }
}
