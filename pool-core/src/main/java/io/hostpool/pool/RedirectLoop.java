package io.hostpool.pool;

import io.hostpool.error.HttpException;
import io.hostpool.error.MaxRetryException;
import io.hostpool.error.TooManyRedirectsException;
import io.hostpool.http.Request;
import io.hostpool.http.Response;
import io.hostpool.http.Url;
import io.hostpool.internal.body.RedirectBudget;
import io.hostpool.internal.redirect.RedirectRules;
import io.hostpool.internal.redirect.Redirects;
import io.hostpool.policy.Attempt;
import io.hostpool.policy.Retry;
import io.hostpool.policy.RetryDecision;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows redirects as urllib3 does: each costs one of the policy's redirects and one of its total.
 * Not instantiable.
 */
final class RedirectLoop {

  private static final Logger LOG = LoggerFactory.getLogger("io.hostpool.pool");

  private RedirectLoop() {}

  /**
   * Returns the first response that is no redirect, or the last redirect if the policy says so.
   *
   * @throws MaxRetryException if there are more redirects than the policy allows
   * @throws HttpException as {@code hop}
   */
  static Response run(Request first, Retry policy, Redirects.Hop hop) throws HttpException {
    List<Response> history = new ArrayList<>();
    RedirectBudget budget = new RedirectBudget();
    Request request = first;
    Retry retry = policy;
    boolean follows = !Boolean.FALSE.equals(first.followRedirects()) && !policy.isDisabled();
    while (true) {
      // The last redirect may be the answer, and its body then is one like any other.
      boolean drops = follows && (retry.raiseOnRedirect() || retry.allowsRedirect());
      Response response = hop.send(request, drops ? budget : null, history.isEmpty());
      Url target = follows ? targetOf(response) : null;
      if (target == null) {
        return history.isEmpty() ? response : response.toBuilder().history(history).build();
      }
      Attempt attempt =
          Attempt.redirected(
              request.method(), request.url().redacted(), response.status(), target.redacted());
      RetryDecision decision = retry.afterRedirect(attempt, null);
      if (!(decision instanceof RetryDecision.Again again)) {
        if (!retry.raiseOnRedirect()) {
          return response.toBuilder().history(history).build();
        }
        response.close();
        throw new MaxRetryException(
            request.url().redacted() + ": more redirects than " + policy + " allows",
            history.size() + 1,
            new TooManyRedirectsException("too many redirects, the last to " + target.redacted()));
      }
      response.close();
      LOG.debug("Redirecting {} -> {}", request.url().redacted(), target.redacted());
      history.add(response);
      retry = again.next();
      request =
          Redirects.follow(
                  request,
                  response.status(),
                  target,
                  RedirectRules.URLLIB3,
                  retry.removeHeadersOnRedirect())
              .toBuilder()
              .retries(retry)
              .build();
    }
  }

  private static @Nullable Url targetOf(Response response) throws HttpException {
    boolean success = false;
    try {
      Url target = Redirects.target(response);
      success = true;
      return target;
    } finally {
      if (!success) {
        response.close();
      }
    }
  }
}
