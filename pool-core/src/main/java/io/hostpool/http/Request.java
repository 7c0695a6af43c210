package io.hostpool.http;

import io.hostpool.internal.text.Escape;
import io.hostpool.policy.Retry;
import io.hostpool.policy.Timeout;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request to an absolute URL, with what it overrides of its session's and its pool's settings.
 * Immutable, but for a body that can be read only once.
 */
public final class Request {

  private final Parts parts;

  private Request(Parts parts) {
    this.parts = parts;
  }

  /** What a request is made of; written before the request is there, never after. */
  private static final class Parts implements Cloneable {
    private String method;
    private Url url;
    private Headers headers = Headers.empty();
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

    Parts(String method, Url url) {
      this.method = method;
      this.url = url;
    }

    Parts copy() {
      try {
        return (Parts) clone();
      } catch (CloneNotSupportedException e) {
        throw new AssertionError(e);
      }
    }

    /** A body of JSON becomes bytes as soon as there is a codec. */
    void encodeJson() {
      if (jsonCodec != null && body instanceof JsonBody json) {
        body = json.encode(jsonCodec);
      }
    }
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

  /** Returns a builder that starts from this request. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Returns this request with the {@code Authorization} that its credentials give, if any do. */
  public Request withAuthorization() {
    Auth auth = parts.auth;
    if (auth == null || headers().contains("Authorization")) {
      return this;
    }
    String value = auth.authorization(new RequestView(method(), url(), headers(), body()));
    return with(headers().toBuilder().add("Authorization", value).build());
  }

  /** Returns this request with the headers of {@code defaults} that it does not set itself. */
  public Request withDefaultHeaders(Headers defaults) {
    Headers merged = headers().withDefaults(defaults.checked());
    return merged.size() == headers().size() ? this : with(merged);
  }

  private Request with(Headers headers) {
    Parts changed = parts.copy();
    changed.headers = headers;
    return new Request(changed);
  }

  /**
   * Returns this request with what it does not say itself.
   *
   * @throws IllegalArgumentException if the codec cannot write the object given to {@link
   *     Builder#json}
   */
  public Request withDefaults(RequestDefaults defaults) {
    Headers merged = headers().withDefaults(defaults.headers());
    boolean isComplete =
        merged.size() == headers().size()
            && (parts.timeout != null || defaults.timeout() == null)
            && (parts.auth != null || defaults.auth() == null)
            && (parts.jsonCodec != null || defaults.jsonCodec() == null);
    if (isComplete) {
      return this;
    }
    Parts changed = parts.copy();
    changed.headers = merged;
    changed.timeout = parts.timeout == null ? defaults.timeout() : parts.timeout;
    changed.auth = parts.auth == null ? defaults.auth() : parts.auth;
    changed.jsonCodec = parts.jsonCodec == null ? defaults.jsonCodec() : parts.jsonCodec;
    changed.encodeJson();
    return new Request(changed);
  }

  /** Returns the method, as it is sent. */
  public String method() {
    return parts.method;
  }

  /** Returns the URL that is requested. */
  public Url url() {
    return parts.url;
  }

  /** Returns the headers that are set so far. */
  public Headers headers() {
    return parts.headers;
  }

  /** Returns the body, null if there is none. */
  public @Nullable RequestBody body() {
    return parts.body;
  }

  /** Returns the {@code Content-Type} that the body gave, null if it has none or there is none. */
  public @Nullable String bodyType() {
    return parts.bodyType;
  }

  /** Returns whether the body of the response is left on the connection for the caller to read. */
  public boolean stream() {
    return parts.stream;
  }

  /** Returns whether the body of the response is decoded as its {@code Content-Encoding} says. */
  public boolean decodeContent() {
    return parts.decodeContent;
  }

  /**
   * Returns how many bytes of the response may be held in memory, null where the adapter or pool
   * decides.
   */
  public @Nullable Long maxBodyBytes() {
    return parts.maxBodyBytes;
  }

  /** Returns how many bytes may be held in memory, {@code byDefault} where it does not say. */
  public long maxBodyBytesOr(long byDefault) {
    return parts.maxBodyBytes == null ? byDefault : parts.maxBodyBytes;
  }

  /** Returns whether redirects are followed, {@code byDefault} where it does not say. */
  public boolean followRedirectsOr(boolean byDefault) {
    return parts.followRedirects == null ? byDefault : parts.followRedirects;
  }

  /** Returns whether redirects are followed, null where the session decides. */
  public @Nullable Boolean followRedirects() {
    return parts.followRedirects;
  }

  /** Returns the time limits, null where the adapter or pool decides. */
  public @Nullable Timeout timeout() {
    return parts.timeout;
  }

  /** Returns the time limits, {@code byDefault} where this request has none. */
  public Timeout timeoutOr(Timeout byDefault) {
    return parts.timeout == null ? byDefault : parts.timeout;
  }

  /** Returns the retry policy, null where the adapter or pool decides. */
  public @Nullable Retry retries() {
    return parts.retries;
  }

  /** Returns the retry policy, {@code byDefault} where this request has none. */
  public Retry retriesOr(Retry byDefault) {
    return parts.retries == null ? byDefault : parts.retries;
  }

  /** Returns the credentials, null where the session decides. */
  public @Nullable Auth auth() {
    return parts.auth;
  }

  /** Returns what reads and writes JSON, null if the session has none. */
  public @Nullable JsonCodec jsonCodec() {
    return parts.jsonCodec;
  }

  /** Returns whether the body, if there is one, can be sent now, or sent again. */
  public boolean isReplayable() {
    RequestBody body = parts.body;
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
    return method() + " " + url().redacted();
  }

  /** Builds a {@link Request}. Not thread-safe. */
  public static final class Builder {
    private final Parts parts;
    private Headers.Builder headers;

    private Builder(String method, Url url) {
      parts = new Parts(checkMethod(method), Objects.requireNonNull(url, "url"));
      headers = Headers.builder();
    }

    private Builder(Request from) {
      parts = from.parts.copy();
      headers = from.headers().toBuilder();
    }

    /**
     * Replaces the method.
     *
     * @throws IllegalArgumentException if {@code method} is not a token, or is CONNECT
     */
    public Builder method(String method) {
      parts.method = checkMethod(method);
      return this;
    }

    /** Replaces the URL. */
    public Builder url(Url url) {
      parts.url = Objects.requireNonNull(url, "url");
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

    /**
     * Appends parameters to the query, encoded, in their order: a name may come again after others.
     * Otherwise as {@link #params(Map)}.
     *
     * @throws IllegalArgumentException as {@link #params(Map)}
     */
    public Builder params(List<? extends Map.Entry<String, ?>> pairs) {
      return query(FormEncoder.encode(pairs));
    }

    private Builder query(String added) {
      if (!added.isEmpty()) {
        String query = parts.url.query();
        parts.url =
            parts.url.withQuery(query == null || query.isEmpty() ? added : query + "&" + added);
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
      parts.body = body;
      parts.bodyType = type;
      return this;
    }

    /** Removes the body. */
    public Builder noBody() {
      parts.body = null;
      parts.bodyType = null;
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

    /** Sends pairs as a form, in their order, see {@link RequestBody#form(List)}. */
    public Builder form(List<? extends Map.Entry<String, ?>> pairs) {
      return body(RequestBody.form(pairs));
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
      parts.stream = stream;
      return this;
    }

    /**
     * Sets whether the body of the response is decoded as its {@code Content-Encoding} says, true
     * by default. Does not change what is asked for: that is {@code Accept-Encoding}.
     */
    public Builder decodeContent(boolean decodeContent) {
      parts.decodeContent = decodeContent;
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
      parts.maxBodyBytes = checkMaxBodyBytes(maxBodyBytes);
      return this;
    }

    /** Sets whether redirects are followed; by default the session decides. */
    public Builder followRedirects(boolean follow) {
      parts.followRedirects = follow;
      return this;
    }

    /** Sets the time limits; by default the session, then the adapter or pool decides. */
    public Builder timeout(Timeout timeout) {
      parts.timeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /** Sets the retry policy; by default the adapter or pool decides. */
    public Builder retries(Retry retries) {
      parts.retries = Objects.requireNonNull(retries, "retries");
      return this;
    }

    /** Sets credentials; an {@code Authorization} header that is set goes before them. */
    public Builder auth(Auth auth) {
      parts.auth = Objects.requireNonNull(auth, "auth");
      return this;
    }

    /** Removes the credentials. */
    public Builder noAuth() {
      parts.auth = null;
      return this;
    }

    /** Sets what writes a {@link #json(Object)} body and reads JSON of the response. */
    public Builder jsonCodec(JsonCodec jsonCodec) {
      parts.jsonCodec = Objects.requireNonNull(jsonCodec, "jsonCodec");
      return this;
    }

    /**
     * Returns the request.
     *
     * @throws IllegalArgumentException if the codec cannot write the object given to {@link #json}
     */
    public Request build() {
      Parts built = parts.copy();
      built.headers = headers.build();
      built.encodeJson();
      return new Request(built);
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
