package io.hostpool.http;

import io.hostpool.internal.text.Escape;
import io.hostpool.policy.Retry;
import io.hostpool.policy.Timeout;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request to an absolute URL, with what it overrides of its session's and its pool's settings.
 * Immutable, but for a body that can be read only once.
 */
public final class Request {

  private final String method;
  private final Url url;
  private final Headers headers;
  private final @Nullable RequestBody body;
  private final @Nullable String bodyType;
  private final boolean stream;
  private final @Nullable Boolean followRedirects;
  private final @Nullable Timeout timeout;
  private final @Nullable Retry retries;
  private final @Nullable Auth auth;
  private final @Nullable JsonCodec jsonCodec;
  private final boolean decodeContent;
  private final @Nullable Long maxBodyBytes;

  private Request(Request from, Headers headers) {
    this.method = from.method;
    this.url = from.url;
    this.headers = headers;
    this.body = from.body;
    this.bodyType = from.bodyType;
    this.stream = from.stream;
    this.followRedirects = from.followRedirects;
    this.timeout = from.timeout;
    this.retries = from.retries;
    this.auth = from.auth;
    this.jsonCodec = from.jsonCodec;
    this.decodeContent = from.decodeContent;
    this.maxBodyBytes = from.maxBodyBytes;
  }

  private Request(Builder builder) {
    this.method = builder.method;
    this.url = builder.url;
    this.headers = builder.headers.build();
    this.body = builder.body;
    this.bodyType = builder.bodyType;
    this.stream = builder.stream;
    this.followRedirects = builder.followRedirects;
    this.timeout = builder.timeout;
    this.retries = builder.retries;
    this.auth = builder.auth;
    this.jsonCodec = builder.jsonCodec;
    this.decodeContent = builder.decodeContent;
    this.maxBodyBytes = builder.maxBodyBytes;
  }

  /**
   * Returns a builder.
   *
   * @param method an HTTP method, sent as it is written
   * @param url an absolute URL
   * @throws IllegalArgumentException if {@code method} is not a token, or is CONNECT, or {@code
   *     url} is malformed
   */
  public static Builder builder(String method, String url) {
    return new Builder(method, Url.parse(url));
  }

  /**
   * Returns a builder for a URL that is parsed already.
   *
   * @throws IllegalArgumentException if {@code method} is not a token, or is CONNECT
   */
  public static Builder builder(String method, Url url) {
    return new Builder(method, url);
  }

  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Returns this request with the {@code Authorization} that its credentials give, if any do. */
  public Request withAuthorization() {
    if (auth == null || headers.contains("Authorization")) {
      return this;
    }
    String value = auth.authorization(new RequestView(method, url, headers, body));
    return new Request(this, headers.toBuilder().add("Authorization", value).build());
  }

  /** Returns this request with the headers of {@code defaults} that it does not set itself. */
  public Request withDefaultHeaders(Headers defaults) {
    Headers merged = headers.withDefaults(defaults.checked());
    return merged.size() == headers.size() ? this : new Request(this, merged);
  }

  public String method() {
    return method;
  }

  public Url url() {
    return url;
  }

  public Headers headers() {
    return headers;
  }

  /** Returns the body, null if there is none. */
  public @Nullable RequestBody body() {
    return body;
  }

  /** Returns the {@code Content-Type} that the body gave, null if it has none or there is none. */
  public @Nullable String bodyType() {
    return bodyType;
  }

  /** Returns whether the body of the response is left on the connection for the caller to read. */
  public boolean stream() {
    return stream;
  }

  /** Returns whether the body of the response is decoded as its {@code Content-Encoding} says. */
  public boolean decodeContent() {
    return decodeContent;
  }

  /**
   * Returns how many bytes of the response may be held in memory, null where the adapter or pool
   * decides.
   */
  public @Nullable Long maxBodyBytes() {
    return maxBodyBytes;
  }

  /** Returns whether redirects are followed, null where the session decides. */
  public @Nullable Boolean followRedirects() {
    return followRedirects;
  }

  /** Returns the time limits, null where the adapter or pool decides. */
  public @Nullable Timeout timeout() {
    return timeout;
  }

  /** Returns the retry policy, null where the adapter or pool decides. */
  public @Nullable Retry retries() {
    return retries;
  }

  /** Returns the credentials, null where the session decides. */
  public @Nullable Auth auth() {
    return auth;
  }

  /** Returns what reads and writes JSON, null if the session has none. */
  public @Nullable JsonCodec jsonCodec() {
    return jsonCodec;
  }

  /** Returns whether the body, if there is one, can be sent now, or sent again. */
  public boolean isReplayable() {
    return body == null || body.isReplayable();
  }

  static long checkMaxBodyBytes(long maxBodyBytes) {
    if (maxBodyBytes < 0) {
      throw new IllegalArgumentException("maxBodyBytes must be 0 or more: " + maxBodyBytes);
    }
    return maxBodyBytes;
  }

  /** Returns method and URL, the latter without its query. */
  @Override
  public String toString() {
    return method + " " + url.redacted();
  }

  /** Builds a {@link Request}. Not thread-safe. */
  public static final class Builder {
    private String method;
    private Url url;
    private Headers.Builder headers;
    private @Nullable RequestBody body;
    private @Nullable String bodyType;
    private boolean stream;
    private @Nullable Boolean followRedirects;
    private @Nullable Timeout timeout;
    private @Nullable Retry retries;
    private @Nullable Auth auth;
    private @Nullable JsonCodec jsonCodec;
    private boolean decodeContent = true;
    private @Nullable Long maxBodyBytes;

    private Builder(String method, Url url) {
      this.method = checkMethod(method);
      this.url = Objects.requireNonNull(url, "url");
      this.headers = Headers.builder();
    }

    private Builder(Request from) {
      method = from.method;
      url = from.url;
      headers = from.headers.toBuilder();
      body = from.body;
      bodyType = from.bodyType;
      stream = from.stream;
      followRedirects = from.followRedirects;
      timeout = from.timeout;
      retries = from.retries;
      auth = from.auth;
      jsonCodec = from.jsonCodec;
      decodeContent = from.decodeContent;
      maxBodyBytes = from.maxBodyBytes;
    }

    /**
     * Replaces the method.
     *
     * @throws IllegalArgumentException if {@code method} is not a token, or is CONNECT
     */
    public Builder method(String method) {
      this.method = checkMethod(method);
      return this;
    }

    public Builder url(Url url) {
      this.url = Objects.requireNonNull(url, "url");
      return this;
    }

    /**
     * Sets a header in the place of all of that name.
     *
     * @throws IllegalArgumentException as {@link Headers.Builder#add}
     */
    public Builder header(String name, String value) {
      headers.set(name, value);
      return this;
    }

    /**
     * Appends a header, also where one of that name is there.
     *
     * @throws IllegalArgumentException as {@link Headers.Builder#add}
     */
    public Builder addHeader(String name, String value) {
      headers.add(name, value);
      return this;
    }

    /**
     * Replaces all headers.
     *
     * @throws IllegalArgumentException as {@link Headers.Builder#add}, for headers that came from a
     *     peer
     */
    public Builder headers(Headers headers) {
      this.headers = headers.checked().toBuilder();
      return this;
    }

    /** Sets each entry as {@link #header(String, String)} does. */
    public Builder headers(Map<String, String> headers) {
      headers.forEach(this::header);
      return this;
    }

    /** Appends a parameter to the query, encoded; null appends none. */
    public Builder param(String name, @Nullable String value) {
      return query(new FormEncoder().add(name, value).toString());
    }

    /**
     * Appends parameters to the query, encoded. A value that is an {@link Iterable} or an array
     * gives one for each element, null gives none.
     *
     * @throws IllegalArgumentException if a value has no text, an {@link java.util.Optional} for
     *     example
     */
    public Builder params(Map<String, ?> params) {
      return query(FormEncoder.encode(params));
    }

    private Builder query(String added) {
      if (!added.isEmpty()) {
        String query = url.query();
        url = url.withQuery(query == null || query.isEmpty() ? added : query + "&" + added);
      }
      return this;
    }

    /**
     * Sets the body.
     *
     * @throws IllegalArgumentException if its content type is no header value
     */
    public Builder body(RequestBody body) {
      String type = Objects.requireNonNull(body, "body").contentType();
      if (type != null) {
        Headers.Builder.checkValue("Content-Type", type);
      }
      this.body = body;
      this.bodyType = type;
      return this;
    }

    /** Removes the body. */
    public Builder noBody() {
      this.body = null;
      this.bodyType = null;
      return this;
    }

    /** Sends {@code value} as JSON, by the {@link JsonCodec} of the session. */
    public Builder json(Object value) {
      return body(new JsonBody(Objects.requireNonNull(value, "value")));
    }

    /** Sends fields as a form, see {@link RequestBody#form(Map)}. */
    public Builder form(Map<String, ?> fields) {
      return body(RequestBody.form(fields));
    }

    /** Sends a form of several parts. */
    public Builder multipart(Consumer<MultipartBody.Builder> parts) {
      MultipartBody.Builder multipart = RequestBody.multipart();
      parts.accept(multipart);
      return body(multipart.build());
    }

    /**
     * Leaves the body of the response on the connection: it goes back to its pool when the body was
     * read to its end or the response is closed. The caller must do one of the two.
     */
    public Builder stream(boolean stream) {
      this.stream = stream;
      return this;
    }

    /**
     * Sets whether the body of the response is decoded as its {@code Content-Encoding} says, true
     * by default. Does not change what is asked for: that is {@code Accept-Encoding}.
     */
    public Builder decodeContent(boolean decodeContent) {
      this.decodeContent = decodeContent;
      return this;
    }

    /**
     * Sets how many bytes of the response, decoded, may be held in memory; more is {@code
     * BodyTooLargeException}. Does not bound what is read from {@link Response#body()} of a
     * streamed response.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder maxBodyBytes(long maxBodyBytes) {
      this.maxBodyBytes = checkMaxBodyBytes(maxBodyBytes);
      return this;
    }

    public Builder followRedirects(boolean follow) {
      this.followRedirects = follow;
      return this;
    }

    public Builder timeout(Timeout timeout) {
      this.timeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    public Builder retries(Retry retries) {
      this.retries = Objects.requireNonNull(retries, "retries");
      return this;
    }

    /** Sets credentials; an {@code Authorization} header that is set goes before them. */
    public Builder auth(Auth auth) {
      this.auth = Objects.requireNonNull(auth, "auth");
      return this;
    }

    /** Removes the credentials. */
    public Builder noAuth() {
      this.auth = null;
      return this;
    }

    /** Sets what writes a {@link #json(Object)} body and reads JSON of the response. */
    public Builder jsonCodec(JsonCodec jsonCodec) {
      this.jsonCodec = Objects.requireNonNull(jsonCodec, "jsonCodec");
      return this;
    }

    /**
     * Returns the request.
     *
     * @throws IllegalArgumentException if the codec cannot write the object given to {@link #json}
     */
    public Request build() {
      if (jsonCodec != null && body instanceof JsonBody json) {
        body = json.encode(jsonCodec);
      }
      return new Request(this);
    }

    private static String checkMethod(String method) {
      if (!Tokens.isToken(Objects.requireNonNull(method, "method"))) {
        throw new IllegalArgumentException("method is not a token: " + Escape.quote(method));
      }
      if (method.equalsIgnoreCase("CONNECT")) {
        throw new IllegalArgumentException(
            "CONNECT asks a proxy for a tunnel (RFC 9110 section 9.3.6), it requests no URL");
      }
      return method;
    }
  }
}
