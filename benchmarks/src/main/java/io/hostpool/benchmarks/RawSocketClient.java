package io.hostpool.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
    private static final int LENGTH_NAME = "Content-Length: ".length();

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[8192];
    private int start;
    private int end;
    private int lastRead;

    Wire(URI uri, SSLContext tls) throws IOException {
      Socket plain = new Socket(uri.getHost(), uri.getPort());
      plain.setTcpNoDelay(true);
      socket =
          uri.getScheme().equals("https")
              ? tls.getSocketFactory().createSocket(plain, uri.getHost(), uri.getPort(), true)
              : plain;
      socket.setSoTimeout(30_000);
      in = socket.getInputStream();
      out = socket.getOutputStream();
    }

    int exchange(byte[] head, byte[] body) throws IOException {
      if (body == null) {
        out.write(head);
      } else {
        byte[] all = new byte[head.length + body.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        out.write(all);
      }
      int length = readHead();
      byte[] bytes = new byte[length];
      int buffered = Math.min(length, end - start);
      System.arraycopy(buffer, start, bytes, 0, buffered);
      start += buffered;
      if (in.readNBytes(bytes, buffered, length - buffered) < length - buffered) {
        throw new IOException("short body");
      }
      return length;
    }

    /** Returns the length of the body that follows. */
    private int readHead() throws IOException {
      int length = -1;
      while (true) {
        int line = start;
        int i = start;
        while (true) {
          if (i == end) {
            line = fill(line);
            i = end - lastRead;
          }
          if (buffer[i++] == '\n') {
            break;
          }
        }
        start = i;
        if (i - line == 2) {
          return length;
        }
        if (i - line > LENGTH_NAME && buffer[line + 7] == '-' && buffer[line + 14] == ':') {
          length = 0;
          for (int digit = line + LENGTH_NAME; digit < i - 2; digit++) {
            length = length * 10 + buffer[digit] - '0';
          }
        }
      }
    }

    /** Reads more behind a line that began; returns where it begins now. */
    private int fill(int line) throws IOException {
      System.arraycopy(buffer, line, buffer, 0, end - line);
      end -= line;
      lastRead = in.read(buffer, end, buffer.length - end);
      if (lastRead < 0) {
        throw new IOException("closed");
      }
      end += lastRead;
      return 0;
    }
  }
}
