package io.hostpool.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;

/**
 * Gives credentials to a request just before it is sent to the origin they are meant for; a
 * redirect to another origin goes without. Thread-safe if its implementation is. requests: {@code
 * auth=}.
 */
@FunctionalInterface
public interface Auth {

  /** Returns the value for the {@code Authorization} header of {@code request}. */
  String authorization(RequestView request);

  /** Returns HTTP Basic credentials, encoded as UTF-8 (RFC 7617). */
  static Auth basic(String user, String password) {
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(password, "password");
    if (user.indexOf(':') >= 0) {
      throw new IllegalArgumentException("user name for Basic must not contain a colon");
    }
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    String value = "Basic " + Base64.getEncoder().encodeToString(pair);
    return request -> value;
  }

  /**
   * Returns HTTP Basic credentials of the user information of a URL.
   *
   * @param userInfo {@code user} or {@code user:password}, percent-encoded
   */
  static Auth ofUserInfo(String userInfo) {
    int colon = userInfo.indexOf(':');
    String user = colon < 0 ? userInfo : userInfo.substring(0, colon);
    String password = colon < 0 ? "" : userInfo.substring(colon + 1);
    // URLDecoder reads a plus sign as a blank, which it is in forms only.
    return basic(decode(user), decode(password));
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Returns a bearer token (RFC 6750). */
  static Auth bearer(String token) {
    Objects.requireNonNull(token, "token");
    return request -> "Bearer " + token;
  }
}
