package io.hostpool.spring;

import io.hostpool.Session;
import java.net.URI;
import java.util.Objects;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;

/**
 * Puts a {@link Session} under {@code RestClient}, {@code RestTemplate} and {@code @HttpExchange}
 * clients. Thread-safe. Request and response bodies are streamed; a response gives its connection
 * back when its body was read or it is closed, as these clients do.
 *
 * <pre>{@code
 * RestClient.builder().requestFactory(new SessionClientHttpRequestFactory(session)).build();
 * }</pre>
 *
 * <p>It holds nothing of its own: the session belongs to who made it, and may serve many factories.
 */
public final class SessionClientHttpRequestFactory implements ClientHttpRequestFactory {

  private final Session session;

  public SessionClientHttpRequestFactory(Session session) {
    this.session = Objects.requireNonNull(session, "session");
  }

  @Override
  public ClientHttpRequest createRequest(URI uri, HttpMethod method) {
    return new SessionClientHttpRequest(session, uri, method);
  }
}
