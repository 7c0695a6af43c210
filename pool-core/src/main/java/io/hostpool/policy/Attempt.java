package io.hostpool.policy;

import io.hostpool.error.HttpException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One try of a request that was not the last: what was asked and what came of it. urllib3: {@code
 * RequestHistory}.
 *
 * @param method the method that was sent
 * @param url the URL that was asked for
 * @param error the failure, or null if a response came
 * @param status the status of the response, 0 if none came
 * @param redirectLocation the target if the response was a redirect, else null
 */
public record Attempt(
    String method,
    String url,
    @Nullable HttpException error,
    int status,
    @Nullable String redirectLocation) {

  public Attempt {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(url, "url");
  }

  /** Returns an attempt that failed. */
  public static Attempt failed(String method, String url, HttpException error) {
    return new Attempt(method, url, Objects.requireNonNull(error, "error"), 0, null);
  }

  /** Returns an attempt that brought a response that is to be tried again. */
  public static Attempt answered(String method, String url, int status) {
    return new Attempt(method, url, null, status, null);
  }

  /** Returns an attempt that brought a redirect. */
  public static Attempt redirected(String method, String url, int status, String location) {
    return new Attempt(method, url, null, status, Objects.requireNonNull(location, "location"));
  }
}
