package io.hostpool.internal.redirect;

import io.hostpool.error.HttpException;
import io.hostpool.http.Request;
import io.hostpool.http.Url;

/** How many redirects of one call are followed, and by which rules. */
public interface RedirectPolicy {

  /** Returns whether no redirect is followed. */
  boolean isOff();

  /** Returns whether the next redirect is followed or an error, rather than the answer. */
  boolean isFollowing();

  /**
   * Counts the redirect that came for {@code request}.
   *
   * @param followed how many were followed before it
   * @return whether it is followed; if not, it is the answer
   * @throws HttpException if there are more than allowed
   */
  boolean allows(Request request, int status, Url target, int followed) throws HttpException;

  /**
   * Returns the request that follows {@code request} to {@code target}.
   *
   * @param status of the redirect
   * @throws HttpException if the body has to be sent again and cannot be
   */
  Request next(Request request, int status, Url target) throws HttpException;
}
