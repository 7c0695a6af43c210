package io.hostpool.internal.redirect;

import io.hostpool.error.HttpException;
import io.hostpool.error.MaxRetryException;
import io.hostpool.error.TooManyRedirectsException;
import io.hostpool.http.Request;
import io.hostpool.http.Url;
import io.hostpool.policy.Attempt;
import io.hostpool.policy.Retry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows redirects as urllib3 does: each counts as one of the retries. Confined to one call, and
 * changes with each redirect.
 */
public final class RetriedRedirects implements RedirectPolicy {

  private static final Logger LOG = LoggerFactory.getLogger("io.hostpool.pool");

  private final boolean isOff;
  private final Retry own;
  private Retry retry;

  /** Makes the policy of a call that begins with {@code request}, whose retries are {@code own}. */
  public RetriedRedirects(Request request, Retry own) {
    this.isOff = Boolean.FALSE.equals(request.followRedirects()) || own.isDisabled();
    this.own = own;
    this.retry = own;
  }

  @Override
  public boolean isOff() {
    return isOff;
  }

  @Override
  public boolean isFollowing() {
    return !isOff && (retry.raiseOnRedirect() || retry.allowsRedirect());
  }

  @Override
  public boolean allows(Request request, int status, Url target, int followed)
      throws MaxRetryException {
    Attempt attempt =
        Attempt.redirected(request.method(), request.url().redacted(), status, target.redacted());
    if (retry.afterRedirect(attempt, null) instanceof Retry.Decision.Again again) {
      LOG.debug("Redirecting {} -> {}", request.url().redacted(), target.redacted());
      retry = again.next();
      return true;
    }
    if (!retry.raiseOnRedirect()) {
      return false;
    }
    throw new MaxRetryException(
        request.url().redacted() + ": more redirects than " + own + " allows",
        followed + 1,
        new TooManyRedirectsException("too many redirects, the last to " + target.redacted()));
  }

  @Override
  public Request next(Request request, int status, Url target) throws HttpException {
    return Redirects.follow(
            request, status, target, RedirectRules.URLLIB3, retry.removeHeadersOnRedirect())
        .toBuilder()
        .retries(retry)
        .build();
  }
}
