package io.hostpool.spring;

import io.hostpool.Session;
import io.hostpool.http.Request;
import io.hostpool.http.RequestBody;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.AbstractStreamingClientHttpRequest;
import org.springframework.http.client.ClientHttpResponse;

/** One request of a Spring client. Not thread-safe. */
final class SessionClientHttpRequest extends AbstractStreamingClientHttpRequest {

  private final Session session;
  private final URI uri;
  private final HttpMethod method;

  SessionClientHttpRequest(Session session, URI uri, HttpMethod method) {
    this.session = session;
    this.uri = uri;
    this.method = method;
  }

  @Override
  public HttpMethod getMethod() {
    return method;
  }

  @Override
  public URI getURI() {
    return uri;
  }

  @Override
  protected ClientHttpResponse executeInternal(HttpHeaders headers, @Nullable Body body)
      throws IOException {
    Request.Builder request = Request.builder(method.name(), uri.toString()).stream(true);
    headers.forEach(
        (name, values) -> values.forEach(value -> request.addHeader(name, trimmed(value))));
    if (body != null) {
      request.body(new SpringBody(body, headers.getContentLength()));
    }
    return new SessionClientHttpResponse(session.send(request.build()));
  }

  /**
   * Returns the value as Spring's other clients send it: null as an empty value, and none with
   * blanks at its edges. A CR or LF is not a blank: the request is refused for it.
   */
  private static String trimmed(@Nullable String value) {
    if (value == null) {
      return "";
    }
    int start = 0;
    int end = value.length();
    while (start < end && isBlank(value.charAt(start))) {
      start++;
    }
    while (end > start && isBlank(value.charAt(end - 1))) {
      end--;
    }
    return value.substring(start, end);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /** A body that Spring writes. Its type is among the headers. */
  private static final class SpringBody implements RequestBody {
    private final Body body;
    private final long length;
    private volatile boolean written;

    SpringBody(Body body, long length) {
      this.body = body;
      this.length = length;
    }

    @Override
    public @Nullable String contentType() {
      return null;
    }

    @Override
    public long contentLength() {
      return length;
    }

    @Override
    public boolean isReplayable() {
      return body.repeatable() || !written;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      written = true;
      body.writeTo(out);
    }
  }
}
