package io.hostpool;

import io.hostpool.error.HttpException;
import io.hostpool.error.TooManyRedirectsException;
import io.hostpool.http.Request;
import io.hostpool.http.Response;
import io.hostpool.http.Url;
import io.hostpool.internal.body.RedirectBudget;
import io.hostpool.internal.redirect.RedirectRules;
import io.hostpool.internal.redirect.Redirects;
import io.hostpool.policy.Retry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows redirects as requests does. Immutable.
 *
 * <p>Credentials of the first request are meant for its origin: they stay off once a redirect has
 * left it, also if a later one leads back.
 */
final class RedirectFollower {

  private static final Set<String> SECRETS = Retry.DEFAULT_REMOVE_HEADERS_ON_REDIRECT;

  private final int maxRedirects;

  RedirectFollower(int maxRedirects) {
    this.maxRedirects = maxRedirects;
  }

  /**
   * Returns the first response that is no redirect, with the redirects as its history.
   *
   * @throws TooManyRedirectsException if there are more than allowed
   * @throws HttpException as {@code hop}
   */
  Response follow(Request first, Redirects.Hop hop) throws HttpException {
    List<Response> history = new ArrayList<>();
    RedirectBudget budget = new RedirectBudget();
    Request request = first;
    while (true) {
      Response response = hop.send(request, budget, history.isEmpty());
      Request next = next(request, response, history.size());
      if (next == null) {
        return history.isEmpty() ? response : response.toBuilder().history(history).build();
      }
      history.add(response);
      request = next;
    }
  }

  /** Returns the request that a redirect calls for, null if {@code response} is none. */
  private @Nullable Request next(Request request, Response response, int followed)
      throws HttpException {
    if (response.status() < 300 || response.status() > 399) {
      return null;
    }
    boolean isAnswer = false;
    try {
      Url target = Redirects.target(response);
      if (target == null) {
        isAnswer = true;
        return null;
      }
      if (followed == maxRedirects) {
        throw new TooManyRedirectsException(
            request.url().redacted()
                + ": more than "
                + maxRedirects
                + " redirects, the last to "
                + target.redacted());
      }
      return Redirects.follow(request, response.status(), target, RedirectRules.REQUESTS, SECRETS);
    } finally {
      if (!isAnswer) {
        response.close();
      }
    }
  }
}
