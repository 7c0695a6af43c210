package io.hostpool.http;

import io.hostpool.policy.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * What a session or a pool gives to requests that do not say themselves, see {@link
 * Request#withDefaults}. Immutable.
 */
public final class RequestDefaults {

  private final Headers headers;
  private final @Nullable Timeout timeout;
  private final @Nullable Auth auth;
  private final @Nullable JsonCodec jsonCodec;

  private RequestDefaults(
      Headers headers,
      @Nullable Timeout timeout,
      @Nullable Auth auth,
      @Nullable JsonCodec jsonCodec) {
    this.headers = headers;
    this.timeout = timeout;
    this.auth = auth;
    this.jsonCodec = jsonCodec;
  }

  /**
   * Returns defaults of headers only.
   *
   * @throws IllegalArgumentException as {@link Headers#checked()}
   */
  public static RequestDefaults of(Headers headers) {
    return new RequestDefaults(headers.checked(), null, null, null);
  }

  /** Returns these defaults with time limits, null for none. */
  public RequestDefaults withTimeout(@Nullable Timeout newTimeout) {
    return new RequestDefaults(headers, newTimeout, auth, jsonCodec);
  }

  /** Returns these defaults with credentials, null for none. */
  public RequestDefaults withAuth(@Nullable Auth newAuth) {
    return new RequestDefaults(headers, timeout, newAuth, jsonCodec);
  }

  /** Returns these defaults with a codec, null for none. */
  public RequestDefaults withJsonCodec(@Nullable JsonCodec newCodec) {
    return new RequestDefaults(headers, timeout, auth, newCodec);
  }

  /** Returns the headers. */
  public Headers headers() {
    return headers;
  }

  /** Returns the time limits, null for none. */
  public @Nullable Timeout timeout() {
    return timeout;
  }

  /** Returns the credentials, null for none. */
  public @Nullable Auth auth() {
    return auth;
  }

  /** Returns the codec, null for none. */
  public @Nullable JsonCodec jsonCodec() {
    return jsonCodec;
  }
}
