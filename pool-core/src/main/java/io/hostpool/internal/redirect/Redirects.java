package io.hostpool.internal.redirect;

import io.hostpool.error.Phase;
import io.hostpool.error.Progress;
import io.hostpool.error.ProtocolException;
import io.hostpool.error.UnrewindableBodyException;
import io.hostpool.http.Headers;
import io.hostpool.http.Request;
import io.hostpool.http.Response;
import io.hostpool.http.Url;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns a redirect into the next request. Not instantiable. */
public final class Redirects {

  /**
   * Headers that describe a body or announce it, and go with it; so does every {@code Content-…}.
   */
  private static final Set<String> BODY_HEADERS =
      Set.of("digest", "expect", "last-modified", "repr-digest", "trailer", "transfer-encoding");

  private Redirects() {}

  /** Returns whether a response leads elsewhere: one of five statuses, and somewhere to go. */
  public static boolean isRedirect(int status, Headers headers) {
    String location = headers.get("Location");
    return RedirectRules.isRedirect(status) && location != null && !location.isBlank();
  }

  /**
   * Returns where {@code response} redirects to, null if it does not. A fragment is inherited where
   * the target has none (RFC 9110 section 10.2.2); user name and password of the target are
   * dropped.
   *
   * @throws ProtocolException if the {@code Location} is no URL; the response must still be closed
   */
  public static @Nullable Url target(Response response) throws ProtocolException {
    String location = response.headers().get("Location");
    if (location == null || !isRedirect(response.status(), response.headers())) {
      return null;
    }
    Url from = response.request().url();
    try {
      Url target = from.resolve(utf8(location)).withoutUserInfo();
      return target.fragment() == null ? target.withFragment(from.fragment()) : target;
    } catch (IllegalArgumentException e) {
      throw new ProtocolException(
          from.redacted() + ": redirect to a Location that is no URL: " + e.getMessage(),
          Progress.sent(Phase.REDIRECT),
          e);
    }
  }

  /** Header bytes come as ISO-8859-1, but those of a {@code Location} mostly mean UTF-8. */
  private static String utf8(String location) {
    if (location.chars().noneMatch(c -> c > 0x7f) || location.chars().anyMatch(c -> c > 0xff)) {
      return location;
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(location.getBytes(StandardCharsets.ISO_8859_1));
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException notUtf8) {
      return location;
    }
  }

  /**
   * Returns the request that follows {@code request} to {@code target}. On another origin its
   * credentials and the headers in {@code secrets} are dropped, in any letter case, and so is a
   * {@code Host} of the caller's.
   *
   * @param status of the redirect
   * @throws UnrewindableBodyException if the body has to be sent again and cannot be
   */
  public static Request follow(
      Request request, int status, Url target, RedirectRules rules, Set<String> secrets)
      throws UnrewindableBodyException {
    Request.Builder next = request.toBuilder().url(target);
    Headers.Builder headers = request.headers().toBuilder();
    next.method(rules.method(request.method(), status));
    if (rules.dropsBody(status)) {
      next.noBody();
      headers.removeIf(Redirects::isOfBody);
    } else if (!request.isReplayable()) {
      throw new UnrewindableBodyException(
          "the body of "
              + request
              + " can be read only once, and a redirect with status "
              + status
              + " needs it again",
          Progress.sent(Phase.REDIRECT),
          null);
    }
    if (!keepsSecrets(request.url(), target, rules)) {
      secrets.forEach(headers::remove);
      next.noAuth();
      headers.remove("Host");
    }
    return next.headers(headers.build()).build();
  }

  private static boolean isOfBody(String header) {
    String name = header.toLowerCase(Locale.ROOT);
    return name.startsWith("content-") || BODY_HEADERS.contains(name);
  }

  /** The same origin keeps them; in requests, the same host on its way from http to https too. */
  private static boolean keepsSecrets(Url from, Url to, RedirectRules rules) {
    boolean upgrade =
        rules == RedirectRules.REQUESTS
            && from.host().equals(to.host())
            && from.scheme().equals("http")
            && to.scheme().equals("https")
            && from.port() == 80
            && to.port() == 443;
    return upgrade || from.isSameOrigin(to);
  }
}
