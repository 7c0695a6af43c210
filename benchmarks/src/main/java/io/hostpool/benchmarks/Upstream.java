package io.hostpool.benchmarks;

import io.hostpool.testkit.TestCa;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.jspecify.annotations.Nullable;

/**
 * The one server that all clients call, on loopback alone and in a process of its own: nginx, or
 * {@link EmbeddedServer} where there is none. Not thread-safe; {@link #close()} ends the process.
 */
final class Upstream implements AutoCloseable {

  static final int MANY_HOSTS = 1000;

  private final String name;
  private final Process process;
  private final int port;
  private final int tlsPort;

  private Upstream(String name, Process process, int port, int tlsPort) {
    this.name = name;
    this.process = process;
    this.port = port;
    this.tlsPort = tlsPort;
  }

  /**
   * Starts the server.
   *
   * @param folder a folder for its files, with the key store in it
   * @throws IOException if it does not come up
   */
  static Upstream start(Path folder, KeyStore key, Path keyFile)
      throws IOException, GeneralSecurityException {
    String nginx = nginx();
    return nginx == null ? startEmbedded(keyFile) : startNginx(nginx, folder, key);
  }

  private static Upstream startEmbedded(Path keyFile) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(EmbeddedServer.class.getName(), keyFile.toString(), "127.0.0.1"));
    command.addAll(manyAddresses());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader said =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    String ports = said.readLine();
    if (ports == null) {
      throw new IOException("the embedded server ended");
    }
    String[] both = ports.split(" ");
    return new Upstream("embedded", process, Integer.parseInt(both[0]), Integer.parseInt(both[1]));
  }

  private static Upstream startNginx(String nginx, Path folder, KeyStore key)
      throws IOException, GeneralSecurityException {
    int port = freePort();
    int tlsPort = freePort();
    Files.createDirectories(folder.resolve("html"));
    Files.createDirectories(folder.resolve("logs"));
    Files.write(folder.resolve("html/16k"), body(16 * 1024));
    Files.write(folder.resolve("html/1m"), body(1024 * 1024));
    writePem(folder.resolve("server.pem"), key);
    Files.writeString(folder.resolve("nginx.conf"), configuration(port, tlsPort));
    Process process =
        new ProcessBuilder(nginx, "-p", folder.toString(), "-c", "nginx.conf")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("nginx.out").toFile())
            .start();
    Upstream upstream = new Upstream("nginx", process, port, tlsPort);
    upstream.awaitUp(folder);
    return upstream;
  }

  /** Returns what serves. */
  String name() {
    return name;
  }

  String url(String path) {
    return "http://127.0.0.1:" + port + path;
  }

  String tlsUrl(String path) {
    return "https://127.0.0.1:" + tlsPort + path;
  }

  /** Returns a URL of each of the many hosts. */
  List<String> manyUrls(String path) {
    List<String> urls = new ArrayList<>();
    for (String address : manyAddresses()) {
      urls.add("http://" + address + ":" + port + path);
    }
    return urls;
  }

  /** Returns how many connections the server has accepted so far, the one that asks included. */
  long accepted() throws IOException {
    URLConnection status = URI.create(url("/status")).toURL().openConnection();
    // Else the connection may be one of before, and not counted.
    status.setRequestProperty("Connection", "close");
    try (InputStream in = status.getInputStream()) {
      String[] lines = new String(in.readAllBytes(), StandardCharsets.US_ASCII).split("\n");
      return Long.parseLong(lines[2].trim().split(" ")[0]);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static @Nullable String nginx() {
    List<String> folders = new ArrayList<>(List.of(System.getenv("PATH").split(":")));
    Collections.addAll(folders, "/usr/sbin", "/usr/local/sbin");
    for (String folder : folders) {
      Path candidate = Path.of(folder, "nginx");
      if (Files.isExecutable(candidate)) {
        return candidate.toString();
      }
    }
    return null;
  }

  private static List<String> manyAddresses() {
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < MANY_HOSTS; i++) {
      addresses.add("127.1." + (1 + i / 250) + "." + (1 + i % 250));
    }
    return addresses;
  }

  private static String configuration(int port, int tlsPort) {
    StringBuilder listen = new StringBuilder();
    for (String address : manyAddresses()) {
      listen.append("    listen ").append(address).append(':').append(port).append(";\n");
    }
    String small = "x".repeat(100);
    return """
        daemon off;
        master_process off;
        worker_processes 1;
        pid logs/nginx.pid;
        error_log logs/error.log error;
        worker_rlimit_nofile 16384;
        events { worker_connections 16384; }
        http {
          access_log off;
          sendfile on;
          tcp_nopush on;
          tcp_nodelay on;
          keepalive_timeout 1h;
          keepalive_requests 1000000000;
          open_file_cache max=10;
          default_type application/octet-stream;
          ssl_certificate server.pem;
          ssl_certificate_key server.pem;
          ssl_session_tickets off;
          server {
            listen 127.0.0.1:%d backlog=4096;
            listen 127.0.0.1:%d ssl backlog=4096;
        %s    root html;
            location = /100 { return 200 "%s"; }
            location = /post { return 200 "%s"; }
            location = /status { stub_status; }
          }
        }
        """
        .formatted(port, tlsPort, listen, small, small);
  }

  private static byte[] body(int length) {
    byte[] body = new byte[length];
    for (int i = 0; i < length; i++) {
      body[i] = (byte) ('a' + i % 26);
    }
    return body;
  }

  private static void writePem(Path file, KeyStore store)
      throws IOException, GeneralSecurityException {
    try (JcaPEMWriter writer = new JcaPEMWriter(Files.newBufferedWriter(file))) {
      PrivateKey key = (PrivateKey) store.getKey("server", TestCa.password());
      writer.writeObject(new JcaPKCS8Generator(key, null));
      for (var certificate : store.getCertificateChain("server")) {
        writer.writeObject(certificate);
      }
    }
  }

  private void awaitUp(Path folder) throws IOException {
    for (int i = 0; i < 100; i++) {
      if (!process.isAlive()) {
        String said = Files.readString(folder.resolve("nginx.out"));
        throw new IOException("nginx ended: " + said);
      }
      try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
        OutputStream out = probe.getOutputStream();
        out.write("GET /100 HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        if (probe.getInputStream().read() >= 0) {
          return;
        }
      } catch (IOException notYet) {
        pause();
      }
    }
    close();
    throw new IOException("nginx does not answer at port " + port);
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
