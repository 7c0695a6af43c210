package io.hostpool.spring;

import io.hostpool.Session;
import java.net.URI;
import java.util.Objects;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;

/**
 * Sends the requests of {@code RestClient}, {@code RestTemplate} and {@code @HttpExchange} clients
 * through a {@link Session}. Thread-safe. Request and response bodies are streamed; a response
 * releases its connection when its body is read or it is closed, as these clients do.
 *
 * <pre>{@code
 * RestClient.builder().requestFactory(new SessionClientHttpRequestFactory(session)).build();
 * }</pre>
 *
 * <p>The factory owns no resources: the caller closes the session, which may serve many factories.
 */
public final class SessionClientHttpRequestFactory implements ClientHttpRequestFactory {

  private final Session session;

  /** Creates a factory for {@code session}, which the caller still owns. */
  public SessionClientHttpRequestFactory(Session session) {
    this.session = Objects.requireNonNull(session, "session");
  }

  @Override
  public ClientHttpRequest createRequest(URI uri, HttpMethod method) {
    return new SessionClientHttpRequest(session, uri, method);
  }
}
