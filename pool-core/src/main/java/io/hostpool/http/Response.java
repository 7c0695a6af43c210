package io.hostpool.http;

import io.hostpool.error.DecodeException;
import io.hostpool.error.HttpException;
import io.hostpool.error.HttpStatusException;
import io.hostpool.error.Phase;
import io.hostpool.error.Progress;
import io.hostpool.internal.body.BodyBytes;
import io.hostpool.internal.text.Escape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
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
  private final @Nullable BodyStream stream;
  private final @Nullable Supplier<InputStream> source;
  private final long maxBodyBytes;
  private final boolean decoded;
  private byte @Nullable [] bytes;
  private boolean streamTaken;

  private Response(Builder builder) {
    this.status = builder.status;
    this.reason = builder.reason;
    this.version = builder.version;
    this.headers = builder.headers;
    this.request = builder.request;
    this.history = builder.history;
    this.elapsed = builder.elapsed;
    this.stream = builder.stream;
    this.source = builder.source;
    this.maxBodyBytes = builder.maxBodyBytes;
    this.decoded = builder.decoded;
    this.bytes = builder.bytes;
  }

  /** Returns a builder, for adapters and interceptors. */
  public static Builder builder(Request request, int status) {
    return new Builder(request, status);
  }

  /** Returns a builder that starts from this response, whose body moves to the new one. */
  public Builder toBuilder() {
    return new Builder(this);
  }

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
          status
              + " "
              + kind
              + " ("
              + Escape.quote(reason)
              + ") for "
              + request.method()
              + " "
              + request.url().redacted(),
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
    if (bytes == null) {
      if (streamTaken) {
        throw new IllegalStateException("the body was taken as a stream");
      }
      bytes = readAll();
    }
    return bytes;
  }

  /**
   * Returns the body as text, by the charset parameter of {@code Content-Type}, else UTF-8.
   *
   * @throws HttpException as {@link #bytes()}
   */
  public String text() throws HttpException {
    return new String(bytes(), charset());
  }

  /**
   * Returns the body read as JSON by the session's codec.
   *
   * @throws HttpException as {@link #bytes()}; {@link DecodeException} if it is not such JSON
   * @throws IllegalStateException if the session has no codec
   */
  public <T> T json(Class<T> type) throws HttpException {
    JsonCodec codec = request.jsonCodec();
    if (codec == null) {
      throw new IllegalStateException(
          "json(…) needs a session with a JsonCodec: Session.builder().json(codec)");
    }
    byte[] body = bytes();
    try {
      return codec.read(body, type);
    } catch (IOException e) {
      throw new DecodeException(
          request.method()
              + " "
              + request.url().redacted()
              + ": body is not JSON of "
              + type.getName(),
          Progress.sent(Phase.BODY),
          e);
    }
  }

  /**
   * Returns the body as a stream. Of a streamed response it is always the same one; its failures
   * are {@link HttpException}s. Closing it closes the response.
   */
  public InputStream body() {
    if (bytes != null) {
      return new ByteArrayInputStream(bytes);
    }
    if (source != null) {
      return source.get();
    }
    streamTaken = true;
    return Objects.requireNonNull(stream);
  }

  /** Returns whether the body is still on the connection. */
  public boolean isStreamed() {
    return stream != null;
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
   * costs the connection. Blocks for a bounded time.
   */
  public void drain() {
    close();
  }

  /** Gives the connection back as {@link #drain()} does. Twice is harmless. */
  @Override
  public void close() {
    if (stream != null) {
      stream.close();
    }
  }

  private byte[] readAll() throws HttpException {
    InputStream in = source == null ? Objects.requireNonNull(stream) : source.get();
    boolean success = false;
    try {
      byte[] all = BodyBytes.readAll(in, -1, maxBodyBytes, request);
      success = true;
      return all;
    } finally {
      if (!success) {
        close();
      }
    }
  }

  private Charset charset() {
    String type = headers.get("Content-Type");
    String name = type == null ? null : ContentType.parameter(type, "charset");
    if (name == null) {
      return StandardCharsets.UTF_8;
    }
    try {
      return Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
      return StandardCharsets.UTF_8;
    }
  }

  /** Returns status and URL, the latter without its query. */
  @Override
  public String toString() {
    return "Response[" + status + " " + request.method() + " " + request.url().redacted() + "]";
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
    private @Nullable BodyStream stream;
    private @Nullable Supplier<InputStream> source;
    private long maxBodyBytes = Long.MAX_VALUE;
    private boolean decoded;
    private byte @Nullable [] bytes = new byte[0];

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
      stream = from.stream;
      source = from.source;
      maxBodyBytes = from.maxBodyBytes;
      decoded = from.decoded;
      bytes = from.bytes;
    }

    public Builder reason(String reason) {
      this.reason = Objects.requireNonNull(reason, "reason");
      return this;
    }

    public Builder version(String version) {
      this.version = Objects.requireNonNull(version, "version");
      return this;
    }

    public Builder headers(Headers headers) {
      this.headers = Objects.requireNonNull(headers, "headers");
      return this;
    }

    public Builder history(List<Response> history) {
      this.history = List.copyOf(history);
      return this;
    }

    public Builder elapsed(Duration elapsed) {
      this.elapsed = Objects.requireNonNull(elapsed, "elapsed");
      return this;
    }

    /** Sets a body in memory; the array is not copied. */
    public Builder body(byte[] bytes) {
      this.bytes = Objects.requireNonNull(bytes, "bytes");
      this.stream = null;
      this.source = null;
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
      this.stream = new BodyStream(raw, owner);
      this.source = null;
      this.bytes = null;
      return this;
    }

    /**
     * Sets a body that is in memory, but decoded only when it is asked for.
     *
     * @param source returns the body from its start; reading it must throw {@link HttpException}s
     */
    public Builder body(Supplier<InputStream> source) {
      this.source = Objects.requireNonNull(source, "source");
      this.stream = null;
      this.bytes = null;
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

    public Response build() {
      return new Response(this);
    }
  }
}
