package io.hostpool.benchmarks;

import io.hostpool.Session;
import io.hostpool.adapter.HttpAdapter;
import io.hostpool.http.RequestBody;
import io.hostpool.net.TlsConfig;
import io.hostpool.policy.Timeout;
import io.hostpool.pool.PoolManager;
import io.hostpool.spring.SessionClientHttpRequestFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/**
 * The clients, each set up as its documentation advises for many requests to few hosts, with
 * defaults otherwise. Not instantiable.
 */
final class Clients {

  /** What all others are measured against. */
  static final String BARE = "bare socket";

  static final String POOL = "hostpool pool";
  static final String SESSION = "hostpool Session";
  static final String HTTP_CLIENT = "HttpClient 5 STRICT";

  /** So that thousands of connections can be opened at once. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Timeout TIMEOUT = Timeout.builder().connect(PATIENCE).read(PATIENCE).build();

  private static final int MAX_BODY_BYTES = 4 * 1024 * 1024;

  private Clients() {}

  /** Returns the clients by name, in the order in which they are run. */
  static Map<String, Function<ClientSetup, Client>> all() {
    Map<String, Function<ClientSetup, Client>> all = new LinkedHashMap<>();
    all.put(BARE, RawSocketClient::new);
    all.put("bare HttpCore", HttpCoreClient::new);
    all.put(POOL, OverPool::new);
    all.put(SESSION, OverSession::new);
    all.put(HTTP_CLIENT, setup -> new OverHttpClient(setup, PoolConcurrencyPolicy.STRICT));
    all.put("HttpClient 5 LAX", setup -> new OverHttpClient(setup, PoolConcurrencyPolicy.LAX));
    all.put("OkHttp", OverOkHttp::new);
    all.put("JDK", OverJdk::new);
    all.put("Jetty", OverJetty::new);
    all.put("RestClient over hostpool", Clients::restOverHostpool);
    all.put("RestClient over HttpClient 5", Clients::restOverHttpClient);
    all.put("RestClient over JDK", Clients::restOverJdk);
    return all;
  }

  /** Returns whether a client waits for one of a limited number of connections to a host. */
  static boolean hasLimit(String client) {
    return !List.of("bare HttpCore", "OkHttp", "JDK", "RestClient over JDK").contains(client);
  }

  private static TlsConfig tls(ClientSetup setup) {
    return TlsConfig.builder().sslContext(setup.tls()).build();
  }

  private static final class OverPool implements Client {
    private final PoolManager manager;

    OverPool(ClientSetup setup) {
      manager =
          PoolManager.builder()
              .numPools(setup.hosts())
              .maxsize(setup.connections())
              .block(true)
              .poolTimeout(PATIENCE)
              .timeout(TIMEOUT)
              .tls(tls(setup))
              .build();
    }

    @Override
    public int get(String url) throws Exception {
      return manager.request("GET", url).bytes().length;
    }

    @Override
    public int post(String url, byte[] body) throws Exception {
      return manager.request("POST", url, r -> r.body(RequestBody.of(body))).bytes().length;
    }

    @Override
    public void close() {
      manager.close();
    }
  }

  private static Session session(ClientSetup setup) {
    HttpAdapter adapter =
        HttpAdapter.builder()
            .poolConnections(setup.hosts())
            .poolMaxsize(setup.connections())
            .poolBlock(true)
            .poolTimeout(PATIENCE)
            .timeout(TIMEOUT)
            .tls(tls(setup))
            .build();
    return Session.builder().mount("https://", adapter).mount("http://", adapter).build();
  }

  private static final class OverSession implements Client {
    private final Session session;

    OverSession(ClientSetup setup) {
      session = session(setup);
    }

    @Override
    public int get(String url) throws Exception {
      return session.get(url).bytes().length;
    }

    @Override
    public int post(String url, byte[] body) throws Exception {
      return session.post(url, RequestBody.of(body)).bytes().length;
    }

    @Override
    public void close() {
      session.close();
    }
  }

  private static CloseableHttpClient httpClient(ClientSetup setup, PoolConcurrencyPolicy policy) {
    return HttpClients.custom()
        .setConnectionManager(
            PoolingHttpClientConnectionManagerBuilder.create()
                .setPoolConcurrencyPolicy(policy)
                .setMaxConnPerRoute(setup.connections())
                .setMaxConnTotal(setup.total())
                .setTlsSocketStrategy(new DefaultClientTlsStrategy(setup.tls()))
                .build())
        .build();
  }

  private static final class OverHttpClient implements Client {
    private final CloseableHttpClient client;

    OverHttpClient(ClientSetup setup, PoolConcurrencyPolicy policy) {
      client = httpClient(setup, policy);
    }

    @Override
    public int get(String url) throws Exception {
      return send(new HttpGet(url));
    }

    @Override
    public int post(String url, byte[] body) throws Exception {
      HttpPost post = new HttpPost(url);
      post.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_OCTET_STREAM));
      return send(post);
    }

    private int send(HttpUriRequestBase request) throws Exception {
      return client.execute(
          request, response -> EntityUtils.toByteArray(response.getEntity()).length);
    }

    @Override
    public void close() throws Exception {
      client.close();
    }
  }

  private static final class OverOkHttp implements Client {
    private final OkHttpClient client;

    OverOkHttp(ClientSetup setup) {
      X509TrustManager trust = TrustAll.INSTANCE;
      client =
          new OkHttpClient.Builder()
              .connectionPool(new ConnectionPool(setup.total(), 5, TimeUnit.MINUTES))
              .connectTimeout(PATIENCE)
              .readTimeout(PATIENCE)
              .sslSocketFactory(setup.tls().getSocketFactory(), trust)
              .build();
    }

    @Override
    public int get(String url) throws Exception {
      return send(new okhttp3.Request.Builder().url(url).build());
    }

    @Override
    public int post(String url, byte[] body) throws Exception {
      return send(
          new okhttp3.Request.Builder().url(url).post(okhttp3.RequestBody.create(body)).build());
    }

    private int send(okhttp3.Request request) throws Exception {
      try (okhttp3.Response response = client.newCall(request).execute()) {
        return response.body().bytes().length;
      }
    }

    @Override
    public void close() {
      client.dispatcher().executorService().shutdown();
      client.connectionPool().evictAll();
    }
  }

  /** OkHttp wants a trust manager beside the context; the context's own one decides. */
  private static final class TrustAll implements X509TrustManager {
    static final TrustAll INSTANCE = new TrustAll();

    @Override
    public void checkClientTrusted(java.security.cert.X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(java.security.cert.X509Certificate[] chain, String type) {}

    @Override
    public java.security.cert.X509Certificate[] getAcceptedIssuers() {
      return new java.security.cert.X509Certificate[0];
    }
  }

  private static HttpClient jdk(ClientSetup setup) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .sslContext(setup.tls())
        .build();
  }

  private static final class OverJdk implements Client {
    private final HttpClient client;

    OverJdk(ClientSetup setup) {
      client = jdk(setup);
    }

    @Override
    public int get(String url) throws Exception {
      return send(HttpRequest.newBuilder(URI.create(url)).build());
    }

    @Override
    public int post(String url, byte[] body) throws Exception {
      return send(
          HttpRequest.newBuilder(URI.create(url))
              .POST(HttpRequest.BodyPublishers.ofByteArray(body))
              .build());
    }

    private int send(HttpRequest request) throws Exception {
      return client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body().length;
    }

    @Override
    public void close() throws Exception {
      // AutoCloseable since Java 21; the module is compiled for 17.
      if (client instanceof AutoCloseable closeable) {
        closeable.close();
      }
    }
  }

  private static final class OverJetty implements Client {
    private final org.eclipse.jetty.client.HttpClient client;

    OverJetty(ClientSetup setup) {
      client = new org.eclipse.jetty.client.HttpClient();
      SslContextFactory.Client ssl = new SslContextFactory.Client();
      ssl.setSslContext(setup.tls());
      client.setSslContextFactory(ssl);
      client.setMaxConnectionsPerDestination(setup.connections());
      client.setMaxRequestsQueuedPerDestination(100_000);
      client.setConnectTimeout(PATIENCE.toMillis());
      try {
        client.start();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public int get(String url) throws Exception {
      return send(client.newRequest(url));
    }

    @Override
    public int post(String url, byte[] body) throws Exception {
      return send(client.POST(url).body(new BytesRequestContent(body)));
    }

    private static int send(org.eclipse.jetty.client.Request request) throws Exception {
      return new CompletableResponseListener(request, MAX_BODY_BYTES)
          .send()
          .get(1, TimeUnit.MINUTES)
          .getContent()
          .length;
    }

    @Override
    public void close() throws Exception {
      client.stop();
    }
  }

  private static Client restOverHostpool(ClientSetup setup) {
    Session session = session(setup);
    return new OverRestClient(new SessionClientHttpRequestFactory(session), session);
  }

  private static Client restOverHttpClient(ClientSetup setup) {
    CloseableHttpClient client = httpClient(setup, PoolConcurrencyPolicy.STRICT);
    return new OverRestClient(new HttpComponentsClientHttpRequestFactory(client), client);
  }

  private static Client restOverJdk(ClientSetup setup) {
    HttpClient client = jdk(setup);
    return new OverRestClient(new JdkClientHttpRequestFactory(client), () -> {});
  }

  private record OverRestClient(RestClient client, AutoCloseable below) implements Client {

    OverRestClient(ClientHttpRequestFactory factory, AutoCloseable below) {
      this(RestClient.builder().requestFactory(factory).build(), below);
    }

    @Override
    public int get(String url) {
      byte[] body = client.get().uri(URI.create(url)).retrieve().body(byte[].class);
      return Objects.requireNonNull(body).length;
    }

    @Override
    public int post(String url, byte[] body) {
      byte[] answer = client.post().uri(URI.create(url)).body(body).retrieve().body(byte[].class);
      return Objects.requireNonNull(answer).length;
    }

    @Override
    public void close() throws Exception {
      below.close();
    }
  }
}
