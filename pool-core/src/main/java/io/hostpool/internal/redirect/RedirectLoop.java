package io.hostpool.internal.redirect;

import io.hostpool.error.HttpException;
import io.hostpool.error.Phase;
import io.hostpool.error.Progress;
import io.hostpool.error.ProtocolException;
import io.hostpool.http.RedirectBudget;
import io.hostpool.http.Request;
import io.hostpool.http.Response;
import io.hostpool.http.Url;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Follows redirects from hop to hop, as a {@link RedirectPolicy} says. Not instantiable. */
public final class RedirectLoop {

  private RedirectLoop() {}

  /** Sends one request without following where it leads. */
  @FunctionalInterface
  public interface Hop {

    /**
     * Returns the response of one hop.
     *
     * @param redirects what its body shares if it is a redirect, which is followed then; null if it
     *     is the answer whatever it is
     */
    Response send(Request request, @Nullable RedirectBudget redirects) throws HttpException;
  }

  /**
   * Sends {@code first} and what its redirects ask for.
   *
   * @return the first response that is not followed, with the redirects before it as its history
   * @throws ProtocolException if a redirect leads to a URL that cannot be requested
   * @throws HttpException as {@code hop} and {@code policy}
   */
  public static Response run(Request first, RedirectPolicy policy, Hop hop) throws HttpException {
    List<Response> history = new ArrayList<>();
    RedirectBudget budget = new RedirectBudget();
    Request request = first;
    while (true) {
      // A redirect that may be the answer has a body like any other answer.
      Response response = send(hop, request, policy.isFollowing() ? budget : null, history);
      Request next = next(request, response, policy, history.size());
      if (next == null) {
        return history.isEmpty() ? response : response.toBuilder().history(history).build();
      }
      history.add(response);
      request = next;
    }
  }

  /** What is wrong with the first request is the caller's mistake; later it is the server's. */
  private static Response send(
      Hop hop, Request request, @Nullable RedirectBudget budget, List<Response> history)
      throws HttpException {
    try {
      return hop.send(request, budget);
    } catch (IllegalArgumentException e) {
      if (history.isEmpty()) {
        throw e;
      }
      throw new ProtocolException(
          "redirect to "
              + request.url().redacted()
              + ", which cannot be requested: "
              + e.getMessage(),
          Progress.sent(Phase.REDIRECT),
          e);
    }
  }

  /** Returns the request that a redirect asks for, null if {@code response} is the answer. */
  private static @Nullable Request next(
      Request request, Response response, RedirectPolicy policy, int followed)
      throws HttpException {
    boolean isAnswer = false;
    try {
      Url target = policy.isOff() ? null : Redirects.target(response);
      if (target == null || !policy.allows(request, response.status(), target, followed)) {
        isAnswer = true;
        return null;
      }
      return policy.next(request, response.status(), target);
    } finally {
      if (!isAnswer) {
        response.close();
      }
    }
  }
}
