package io.hostpool.http;

import io.hostpool.error.DecodeException;
import io.hostpool.error.HttpException;
import io.hostpool.error.HttpStatusException;
import io.hostpool.error.Phase;
import io.hostpool.error.Progress;
import io.hostpool.internal.text.Escape;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request. Unless {@code stream(true)} was asked for, its body is in memory and its
 * connection back in the pool before the caller sees it; then {@link #close()} does nothing and may
 * be left out. A streamed response must be read to its end or closed.
 *
 * <p>Not thread-safe, except that {@link #close()} may come from another thread.
 */
public final class Response implements AutoCloseable {

  private final int status;
  private final String reason;
  private final String version;
  private final Headers headers;
  private final Request request;
  private final List<Response> history;
  private final Duration elapsed;
  private final ResponseBody body;
  private final long maxBodyBytes;
  private final boolean decoded;

  private Response(Builder builder) {
    this.status = builder.status;
    this.reason = builder.reason;
    this.version = builder.version;
    this.headers = builder.headers;
    this.request = builder.request;
    this.history = builder.history;
    this.elapsed = builder.elapsed;
    this.body = builder.body;
    this.maxBodyBytes = builder.maxBodyBytes;
    this.decoded = builder.decoded;
  }

  /** Returns a builder, for adapters and interceptors. */
  public static Builder builder(Request request, int status) {
    return new Builder(request, status);
  }

  /** Returns a builder that starts from this response, whose body moves to the new one. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Returns the status code, 100 to 999. */
  public int status() {
    return status;
  }

  /** Returns the reason phrase as it was sent, empty if there was none. */
  public String reason() {
    return reason;
  }

  /** Returns the version of the status line, {@code HTTP/1.0} or, also for a later one, 1.1. */
  public String version() {
    return version;
  }

  /**
   * Returns the headers as they were sent. {@code Content-Encoding} and {@code Content-Length} are
   * among them also where the body was decoded: they tell of the bytes on the wire.
   */
  public Headers headers() {
    return headers;
  }

  /** Returns the first header of that name, in any letter case; null if there is none. */
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  /** Returns the URL that answered: the last one, when redirects were followed. */
  public String url() {
    return request.url().toString();
  }

  /** Returns the request that was answered: the last one, when redirects were followed. */
  public Request request() {
    return request;
  }

  /** Returns whether the status is below 400. */
  public boolean ok() {
    return status < 400;
  }

  /**
   * Returns this response if its status is below 400.
   *
   * @throws HttpStatusException if it is not; this response is closed then, which matters if it is
   *     streamed: its body must be read before
   */
  public Response raiseForStatus() throws HttpStatusException {
    if (!ok()) {
      close();
      String kind = status < 500 ? "client error" : "server error";
      throw new HttpStatusException(
          status + " " + kind + " (" + Escape.quote(reason) + ") for " + request,
          status,
          headers.toMap());
    }
    return this;
  }

  /**
   * Returns the whole body, reading it now if it is streamed. The array is not copied.
   *
   * @throws HttpException if reading fails or the body is larger than {@code maxBodyBytes}; the
   *     connection is closed then, or drained
   * @throws IllegalStateException if {@link #body()} of a streamed response was taken before
   */
  public byte[] bytes() throws HttpException {
    return body.readAll(maxBodyBytes, request);
  }

  /**
   * Returns the body as text, by the charset parameter of {@code Content-Type}, else UTF-8.
   *
   * @throws HttpException as {@link #bytes()}
   */
  public String text() throws HttpException {
    return new String(bytes(), ContentType.charset(headers.get("Content-Type")));
  }

  /**
   * Returns the body read as JSON by the session's codec.
   *
   * @throws HttpException as {@link #bytes()}; {@link DecodeException} if it is not such JSON
   * @throws IllegalStateException if the session has no codec
   */
  public <T> T json(Class<T> type) throws HttpException {
    return json(type, codec -> codec.read(bytes(), type));
  }

  /**
   * Returns the body read as JSON into a type with arguments: {@code json(new
   * JsonType<List<User>>() {})}.
   *
   * @throws HttpException as {@link #json(Class)}
   * @throws IllegalStateException if the session has no codec
   * @throws UnsupportedOperationException if the codec reads classes only
   */
  @SuppressWarnings("unchecked") // the codec reads the type that it is given
  public <T> T json(JsonType<T> type) throws HttpException {
    return (T) json(type.type());
  }

  /**
   * Returns the body read as JSON into a type that another library describes, by Spring's {@code
   * ParameterizedTypeReference.getType()} for example.
   *
   * @throws HttpException as {@link #json(Class)}
   * @throws IllegalStateException if the session has no codec
   * @throws UnsupportedOperationException if the codec reads classes only
   */
  public Object json(Type type) throws HttpException {
    return json(type, codec -> codec.read(bytes(), type));
  }

  private interface Reading<T> {
    T by(JsonCodec codec) throws IOException;
  }

  private <T> T json(Type type, Reading<T> reading) throws HttpException {
    JsonCodec codec = request.jsonCodec();
    if (codec == null) {
      throw new IllegalStateException(
          "json(…) needs a session with a JsonCodec: Session.builder().json(codec)");
    }
    try {
      return reading.by(codec);
    } catch (HttpException e) {
      throw e;
    } catch (IOException e) {
      throw new DecodeException(
          request + ": body is not JSON of " + type.getTypeName(), Progress.sent(Phase.BODY), e);
    }
  }

  /**
   * Returns the body as a stream. Of a streamed response it is always the same one; its failures
   * are {@link HttpException}s. Closing it closes the response.
   */
  public InputStream body() {
    return body.open();
  }

  /** Returns whether the body was left on the connection for the caller to read. */
  public boolean isStreamed() {
    return body.isStreamed();
  }

  /**
   * Returns whether the body is given without the codings that {@code Content-Encoding} names; it
   * has another length than {@code Content-Length} then.
   */
  public boolean isDecoded() {
    return decoded;
  }

  /**
   * Returns the redirects that led here, oldest first, unmodifiable. Their bodies share a {@link
   * RedirectBudget}: one that was dropped, or broke, throws an {@link HttpException} that says so
   * when it is read.
   */
  public List<Response> history() {
    return history;
  }

  /** Returns the time from the call to the end of the headers, retries and pauses included. */
  public Duration elapsed() {
    return elapsed;
  }

  /**
   * Gives the connection back: a short rest of the body is read and dropped, undecoded; a long one
   * costs the connection. Blocks for a bounded time. Idempotent.
   */
  @Override
  public void close() {
    body.close();
  }

  /** Returns status and URL, the latter without its query. */
  @Override
  public String toString() {
    return "Response[" + status + " " + request + "]";
  }

  /** Builds a {@link Response}. Not thread-safe. */
  public static final class Builder {
    private final Request request;
    private final int status;
    private String reason = "";
    private String version = "HTTP/1.1";
    private Headers headers = Headers.empty();
    private List<Response> history = List.of();
    private Duration elapsed = Duration.ZERO;
    private ResponseBody body = new ResponseBody.InMemory(new byte[0]);
    private long maxBodyBytes = Long.MAX_VALUE;
    private boolean decoded;

    private Builder(Request request, int status) {
      this.request = Objects.requireNonNull(request, "request");
      if (status < 100 || status > 999) {
        throw new IllegalArgumentException("not a status code: " + status);
      }
      this.status = status;
    }

    private Builder(Response from) {
      request = from.request;
      status = from.status;
      reason = from.reason;
      version = from.version;
      headers = from.headers;
      history = from.history;
      elapsed = from.elapsed;
      body = from.body;
      maxBodyBytes = from.maxBodyBytes;
      decoded = from.decoded;
    }

    /** Sets the reason phrase, empty by default. */
    public Builder reason(String reason) {
      this.reason = Objects.requireNonNull(reason, "reason");
      return this;
    }

    /** Sets the version of the status line, {@code HTTP/1.1} by default. */
    public Builder version(String version) {
      this.version = Objects.requireNonNull(version, "version");
      return this;
    }

    /** Sets the headers, none by default. */
    public Builder headers(Headers headers) {
      this.headers = Objects.requireNonNull(headers, "headers");
      return this;
    }

    /** Sets the redirects that led here, oldest first; none by default. */
    public Builder history(List<Response> history) {
      this.history = List.copyOf(history);
      return this;
    }

    /** Sets the time from the call to the end of the headers, zero by default. */
    public Builder elapsed(Duration elapsed) {
      this.elapsed = Objects.requireNonNull(elapsed, "elapsed");
      return this;
    }

    /** Sets a body in memory; the array is not copied. */
    public Builder body(byte[] bytes) {
      this.body = new ResponseBody.InMemory(Objects.requireNonNull(bytes, "bytes"));
      return this;
    }

    /**
     * Sets a body that is still to be read.
     *
     * @param raw read by the caller of the response; must throw {@link HttpException}s; closed
     *     after {@code owner} was told
     * @param owner told how reading ended
     */
    public Builder body(InputStream raw, BodyOwner owner) {
      this.body = new ResponseBody.Streamed(new BodyStream(raw, owner));
      return this;
    }

    /**
     * Sets a body that is in memory, but decoded only when it is asked for.
     *
     * @param source returns the body from its start; reading it must throw {@link HttpException}s
     */
    public Builder body(Supplier<InputStream> source) {
      this.body = new ResponseBody.Deferred(Objects.requireNonNull(source, "source"));
      return this;
    }

    /** Sets whether the codings of the body were taken off, false by default. */
    public Builder decoded(boolean decoded) {
      this.decoded = decoded;
      return this;
    }

    /**
     * Sets how many bytes {@link Response#bytes()} may read into memory, no limit by default.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder maxBodyBytes(long maxBodyBytes) {
      this.maxBodyBytes = Request.checkMaxBodyBytes(maxBodyBytes);
      return this;
    }

    /** Returns the response. */
    public Response build() {
      return new Response(this);
    }
  }
}
