package io.hostpool.internal.wire;

import io.hostpool.http.Headers;
import io.hostpool.internal.text.Escape;
import io.hostpool.internal.time.Durations;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where the body of a response ends, and whether the connection outlives it.
 *
 * <p>The rules are RFC 9112 section 6.3, in its order: no body after HEAD, 204 and 304; then {@code
 * Transfer-Encoding}; then {@code Content-Length}; else everything up to the end of the connection.
 * A mistake here hands the rest of one response to the next caller. A response that two readers
 * could understand differently is therefore rejected, and one that is allowed but unusual costs the
 * connection:
 *
 * <ul>
 *   <li>lengths that are not plain digits, or differ: rejected; {@code 2, 02} is 2;
 *   <li>a transfer coding other than {@code chunked} alone: rejected;
 *   <li>both headers: chunked wins, and the connection is not used again;
 *   <li>HTTP/1.0 with a transfer coding: rejected, since HTTP/1.0 has none.
 * </ul>
 *
 * @param kind how the end is found
 * @param length bytes of the body when {@code kind} is LENGTH
 * @param isPersistent whether the connection may serve another request after the body
 * @param keepAliveNanos how long the server keeps an idle connection, {@link Durations#NO_LIMIT} if
 *     it does not say
 */
public record BodyFraming(Kind kind, long length, boolean isPersistent, long keepAliveNanos) {

  public enum Kind {
    NONE,
    LENGTH,
    CHUNKED,
    UNTIL_CLOSE
  }

  private static final int MAX_LENGTH_DIGITS = 18;

  public static BodyFraming of(String method, ResponseHead head) throws MalformedResponseException {
    Headers headers = head.headers();
    boolean persistent = isPersistent(head);
    long keepAlive = persistent ? keepAliveNanos(headers.get("Keep-Alive")) : Durations.NO_LIMIT;
    int status = head.status();
    String coding = only(headers.getAll("Transfer-Encoding"));
    long length = contentLength(headers.getAll("Content-Length"));
    if (method.equals("HEAD") || status == 204 || status == 304) {
      return new BodyFraming(Kind.NONE, 0, persistent, keepAlive);
    }
    if (coding != null) {
      if (!coding.equalsIgnoreCase("chunked") || head.version().equals("HTTP/1.0")) {
        throw new MalformedResponseException(
            "transfer coding of "
                + head.version()
                + " response is not understood: "
                + Escape.quote(coding, 40));
      }
      return new BodyFraming(Kind.CHUNKED, -1, persistent && length < 0, keepAlive);
    }
    if (length >= 0) {
      Kind kind = length == 0 ? Kind.NONE : Kind.LENGTH;
      return new BodyFraming(kind, length, persistent, keepAlive);
    }
    return new BodyFraming(Kind.UNTIL_CLOSE, -1, false, Durations.NO_LIMIT);
  }

  /** RFC 9112 section 9.3. */
  private static boolean isPersistent(ResponseHead head) {
    Headers headers = head.headers();
    return !asksToClose(headers)
        && (head.version().equals("HTTP/1.1") || hasOption(headers, "keep-alive"));
  }

  /** Returns whether a request or a response is the last on its connection (section 9.6). */
  public static boolean asksToClose(Headers headers) {
    return hasOption(headers, "close");
  }

  private static boolean hasOption(Headers headers, String option) {
    for (String value : headers.getAll("Connection")) {
      for (String one : list(value)) {
        if (one.trim().equalsIgnoreCase(option)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Returns the one length that all values agree on, or -1 if there are none. */
  private static long contentLength(List<String> values) throws MalformedResponseException {
    long agreed = -1;
    for (String value : values) {
      for (String one : list(value)) {
        String trimmed = one.trim();
        long length = isPlainNumber(trimmed) ? Long.parseLong(trimmed) : -1;
        if (length < 0 || (agreed >= 0 && agreed != length)) {
          throw new MalformedResponseException(
              "Content-Length of response is not one length: "
                  + Escape.quote(String.join(", ", values), 40));
        }
        agreed = length;
      }
    }
    return agreed;
  }

  private static String[] list(String value) {
    return value.indexOf(',') < 0 ? new String[] {value} : value.split(",", -1);
  }

  /** Returns whether {@code text} is digits only, and few enough for a long. */
  private static boolean isPlainNumber(String text) {
    int significant = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return false;
      }
      significant += c == '0' && significant == 0 ? 0 : 1;
    }
    return !text.isEmpty() && significant <= MAX_LENGTH_DIGITS;
  }

  private static @Nullable String only(List<String> values) {
    return values.isEmpty() ? null : String.join(", ", values);
  }

  /**
   * Reads {@code timeout=} of {@code Keep-Alive}; a value that is not a number counts as absent.
   */
  private static long keepAliveNanos(@Nullable String value) {
    if (value == null) {
      return Durations.NO_LIMIT;
    }
    for (String parameter : value.split(",", -1)) {
      String trimmed = parameter.trim().toLowerCase(Locale.ROOT);
      if (trimmed.startsWith("timeout=")) {
        String seconds = trimmed.substring("timeout=".length()).trim();
        return isPlainNumber(seconds)
            ? TimeUnit.SECONDS.toNanos(Long.parseLong(seconds))
            : Durations.NO_LIMIT;
      }
    }
    return Durations.NO_LIMIT;
  }
}
