package io.hostpool.internal.redirect;

import io.hostpool.error.HttpException;
import io.hostpool.error.TooManyRedirectsException;
import io.hostpool.http.Request;
import io.hostpool.http.Url;
import io.hostpool.policy.Retry;

/**
 * Follows redirects as requests does. Immutable.
 *
 * <p>Credentials of the first request are meant for its origin: they stay off once a redirect has
 * left it, also if a later one leads back.
 *
 * @param maxRedirects how many redirects of a call are followed
 */
public record SessionRedirects(int maxRedirects) implements RedirectPolicy {

  @Override
  public boolean isOff() {
    return false;
  }

  @Override
  public boolean isFollowing() {
    return true;
  }

  @Override
  public boolean allows(Request request, int status, Url target, int followed)
      throws TooManyRedirectsException {
    if (followed == maxRedirects) {
      throw new TooManyRedirectsException(
          request.url().redacted()
              + ": more than "
              + maxRedirects
              + " redirects, the last to "
              + target.redacted());
    }
    return true;
  }

  @Override
  public Request next(Request request, int status, Url target) throws HttpException {
    return Redirects.follow(
        request, status, target, RedirectRules.REQUESTS, Retry.DEFAULT_REMOVE_HEADERS_ON_REDIRECT);
  }
}
