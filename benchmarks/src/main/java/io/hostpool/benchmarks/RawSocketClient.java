package io.hostpool.benchmarks;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import javax.net.ssl.SSLContext;

/**
 * The limit: a socket with a read timeout, a request written at once, and just enough reading of
 * the answer to find its end. It checks nothing and could not be used.
 */
final class RawSocketClient implements Client {

  private final SSLContext tls;
  private final ConcurrentHashMap<String, Deque<Wire>> idle = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Target> targets = new ConcurrentHashMap<>();

  RawSocketClient(ClientSetup setup) {
    this.tls = setup.tls();
  }

  private record Target(URI uri, String origin, String get, String post) {
    static Target of(String url) {
      URI uri = URI.create(url);
      String common =
          uri.getPath()
              + " HTTP/1.1\r\nHost: "
              + uri.getAuthority()
              + "\r\nUser-Agent: raw\r\nAccept: */*\r\n";
      return new Target(
          uri,
          uri.getScheme() + uri.getAuthority(),
          "GET " + common + "\r\n",
          "POST " + common + "Content-Length: ");
    }
  }

  @Override
  public int get(String url) throws IOException {
    Target target = targets.computeIfAbsent(url, Target::of);
    return exchange(target, target.get.getBytes(StandardCharsets.ISO_8859_1), null);
  }

  @Override
  public int post(String url, byte[] body) throws IOException {
    Target target = targets.computeIfAbsent(url, Target::of);
    String head = target.post + body.length + "\r\n\r\n";
    return exchange(target, head.getBytes(StandardCharsets.ISO_8859_1), body);
  }

  private int exchange(Target target, byte[] head, byte[] body) throws IOException {
    Deque<Wire> pool = idle.computeIfAbsent(target.origin, k -> new ConcurrentLinkedDeque<>());
    Wire wire = pool.pollFirst();
    if (wire == null) {
      wire = new Wire(target.uri, tls);
    }
    int length = wire.exchange(head, body);
    pool.addFirst(wire);
    return length;
  }

  @Override
  public void close() throws IOException {
    for (Deque<Wire> pool : idle.values()) {
      for (Wire wire : pool) {
        wire.socket.close();
      }
    }
  }

  private static final class Wire {
    private final Socket socket;
    private final InputStream in;
    private final StringBuilder line = new StringBuilder(64);

    Wire(URI uri, SSLContext tls) throws IOException {
      Socket plain = new Socket(uri.getHost(), uri.getPort());
      plain.setTcpNoDelay(true);
      socket =
          uri.getScheme().equals("https")
              ? tls.getSocketFactory().createSocket(plain, uri.getHost(), uri.getPort(), true)
              : plain;
      socket.setSoTimeout(30_000);
      in = new BufferedInputStream(socket.getInputStream(), 8192);
    }

    int exchange(byte[] head, byte[] body) throws IOException {
      if (body == null) {
        socket.getOutputStream().write(head);
      } else {
        byte[] all = new byte[head.length + body.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        socket.getOutputStream().write(all);
      }
      int length = -1;
      while (readLine()) {
        if (line.length() > 16 && line.charAt(7) == '-' && line.charAt(14) == ':') {
          length = Integer.parseInt(line, 16, line.length(), 10);
        }
      }
      byte[] bytes = new byte[length];
      int read = in.readNBytes(bytes, 0, length);
      if (read != length) {
        throw new IOException("short body");
      }
      return length;
    }

    private boolean readLine() throws IOException {
      line.setLength(0);
      for (int b = in.read(); b != '\n'; b = in.read()) {
        if (b < 0) {
          throw new IOException("closed");
        }
        if (b != '\r') {
          line.append((char) b);
        }
      }
      return !line.isEmpty();
    }
  }
}
