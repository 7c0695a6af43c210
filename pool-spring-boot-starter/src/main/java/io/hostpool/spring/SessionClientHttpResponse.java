package io.hostpool.spring;

import io.hostpool.http.Response;
import java.io.InputStream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;

/** A streamed response as Spring reads it. Not thread-safe. */
final class SessionClientHttpResponse implements ClientHttpResponse {

  private final Response response;
  private final HttpHeaders headers = new HttpHeaders();

  SessionClientHttpResponse(Response response) {
    this.response = response;
    response.headers().forEach(headers::add);
    if (response.isDecoded()) {
      // Converters read as many bytes as the length says, but it counts encoded bytes.
      headers.remove(HttpHeaders.CONTENT_ENCODING);
      headers.remove(HttpHeaders.CONTENT_LENGTH);
    }
  }

  @Override
  public HttpStatusCode getStatusCode() {
    return HttpStatusCode.valueOf(response.status());
  }

  @Override
  public String getStatusText() {
    return response.reason();
  }

  @Override
  public HttpHeaders getHeaders() {
    return headers;
  }

  @Override
  public InputStream getBody() {
    return response.body();
  }

  /** Releases the connection; a body of which much is left closes it instead. */
  @Override
  public void close() {
    response.close();
  }
}
