package io.hostpool.adapter;

import io.hostpool.error.HttpException;
import io.hostpool.http.Request;
import io.hostpool.http.Response;
import io.hostpool.http.Url;
import io.hostpool.stats.PoolStats;
import java.util.List;

/**
 * Sends requests for the URLs it is mounted under. Must be thread-safe. requests: {@code
 * BaseAdapter}.
 */
public interface TransportAdapter extends AutoCloseable {

  /**
   * Sends a request once, without following redirects. Blocks until there is a response, within the
   * time limits of the request.
   *
   * <p>The caller closes the response; until then a streamed one may hold a connection. An
   * interrupt ends the call with {@link io.hostpool.error.RequestInterruptedException}, and the
   * interrupt flag is set again. An adapter that is closed throws {@link
   * io.hostpool.error.ClosedPoolException}; calls that are in flight when it is closed finish.
   *
   * @param options what belongs to the call: when it began, and what its redirects share
   * @throws HttpException if there is no response; nothing is held then
   */
  Response send(Request request, SendOptions options) throws HttpException;

  /** Returns one snapshot for each pool it has, none by default. */
  default List<PoolStats> pools() {
    return List.of();
  }

  /** Returns how many pools it has, without a look into them. */
  default int poolCount() {
    return pools().size();
  }

  /**
   * Tells under which prefix it was mounted, for example to name it in log lines; called for each
   * prefix. Does nothing by default.
   *
   * @param prefix in the form of {@code Mount.prefix()}
   */
  default void mountedUnder(String prefix) {}

  /**
   * Prepares for requests to the host of {@code url}, because it was mounted under a prefix that
   * names this host. Returns at once. Does nothing by default.
   */
  default void warmUp(Url url) {}

  /**
   * Lets go of what lies idle, because another adapter took its place. It stays usable: a request
   * that was on its way is still served. Does nothing by default.
   */
  default void retire() {}

  /** Closes what it holds. Idempotent; does not wait for calls in flight. */
  @Override
  void close();
}
