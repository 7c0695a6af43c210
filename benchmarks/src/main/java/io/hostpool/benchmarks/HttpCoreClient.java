package io.hostpool.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.util.Deque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.util.Timeout;

/** HttpCore's own connection, kept in a deque: no checks, no retries, no limits of its own. */
final class HttpCoreClient implements Client {

  private static final Http1Config CONFIG = Http1Config.custom().setBufferSize(8192).build();

  private final SSLContext tls;
  private final ConcurrentHashMap<String, Deque<DefaultBHttpClientConnection>> idle =
      new ConcurrentHashMap<>();

  HttpCoreClient(ClientSetup setup) {
    this.tls = setup.tls();
  }

  @Override
  public int get(String url) throws Exception {
    return exchange(URI.create(url), "GET", null);
  }

  @Override
  public int post(String url, byte[] body) throws Exception {
    return exchange(URI.create(url), "POST", body);
  }

  private int exchange(URI uri, String method, byte[] body) throws IOException, HttpException {
    Deque<DefaultBHttpClientConnection> pool =
        idle.computeIfAbsent(
            uri.getScheme() + uri.getAuthority(), k -> new ConcurrentLinkedDeque<>());
    DefaultBHttpClientConnection connection = pool.pollFirst();
    if (connection == null) {
      connection = connect(uri);
    }
    ClassicHttpRequest request = new BasicClassicHttpRequest(method, uri.getPath());
    request.setHeader("Host", uri.getAuthority());
    request.setHeader("User-Agent", "httpcore");
    request.setHeader("Accept", "*/*");
    if (body != null) {
      request.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_OCTET_STREAM));
      request.setHeader("Content-Length", body.length);
    }
    connection.sendRequestHeader(request);
    connection.sendRequestEntity(request);
    connection.flush();
    ClassicHttpResponse response = connection.receiveResponseHeader();
    connection.receiveResponseEntity(response);
    byte[] bytes = EntityUtils.toByteArray(response.getEntity());
    pool.addFirst(connection);
    return bytes.length;
  }

  private DefaultBHttpClientConnection connect(URI uri) throws IOException {
    SocketChannel channel = SocketChannel.open();
    Socket socket = channel.socket();
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
    DefaultBHttpClientConnection connection = new DefaultBHttpClientConnection(CONFIG);
    if (uri.getScheme().equals("https")) {
      SSLSocket secure =
          (SSLSocket)
              tls.getSocketFactory().createSocket(socket, uri.getHost(), uri.getPort(), true);
      connection.bind(secure, socket);
    } else {
      connection.bind(socket);
    }
    connection.setSocketTimeout(Timeout.ofSeconds(30));
    return connection;
  }

  @Override
  public void close() throws IOException {
    for (Deque<DefaultBHttpClientConnection> pool : idle.values()) {
      for (DefaultBHttpClientConnection connection : pool) {
        connection.close();
      }
    }
  }
}
