package io.hostpool.pool;

import io.hostpool.error.BodyTooLargeException;
import io.hostpool.error.DeadlineExceededException;
import io.hostpool.error.HttpException;
import io.hostpool.error.HttpStatusException;
import io.hostpool.error.MaxRetryException;
import io.hostpool.error.Phase;
import io.hostpool.error.Progress;
import io.hostpool.error.ProtocolException;
import io.hostpool.error.TlsException;
import io.hostpool.error.UnrewindableBodyException;
import io.hostpool.http.RedirectBudget;
import io.hostpool.http.Request;
import io.hostpool.http.Response;
import io.hostpool.http.Url;
import io.hostpool.internal.body.BodyBytes;
import io.hostpool.internal.coding.ContentCodings;
import io.hostpool.internal.coding.DecodingContext;
import io.hostpool.internal.connection.WireResponse;
import io.hostpool.internal.lease.ConnectionLease;
import io.hostpool.internal.lease.ConnectionSource;
import io.hostpool.internal.lease.StackReserve;
import io.hostpool.internal.redirect.Redirects;
import io.hostpool.internal.socket.ExchangeLimits;
import io.hostpool.internal.time.Deadline;
import io.hostpool.internal.time.Durations;
import io.hostpool.policy.Attempt;
import io.hostpool.policy.Retry;
import io.hostpool.policy.Timeout;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries one request until it has a response or its {@link Retry} gives up. Not thread-safe;
 * confined to one request.
 */
final class Attempts {

  private static final Logger LOG = LoggerFactory.getLogger("io.hostpool.pool");
  private static final byte[] NO_BYTES = {};

  private final ConnectionSource source;
  private final PoolConfig config;
  private final Request request;
  private final Timeout timeout;
  private final Deadline deadline;
  private final CallOptions call;
  private final @Nullable RetryTally tally;
  private int made;

  Attempts(ConnectionSource source, PoolConfig config, Request request, CallOptions call) {
    this.source = source;
    this.config = config;
    this.request = request;
    this.call = call;
    this.tally = config.retryTally();
    this.timeout = request.timeoutOr(config.timeout());
    this.deadline =
        Deadline.since(config.lease().ticker(), call.startNanos(), timeout.totalNanos());
  }

  /**
   * Returns the response of the last attempt.
   *
   * @throws HttpException the failure of the only attempt, or {@link MaxRetryException} around that
   *     of the last one; nothing is held
   */
  Response run() throws HttpException {
    Retry retry = request.retriesOr(config.retries());
    StackReserve.require();
    if (tally != null) {
      tally.requested();
    }
    while (true) {
      made++;
      Retry.Decision.Again again;
      try {
        Response response = exchange(lease(), retry);
        again = againOrClose(response, retry);
        if (again == null) {
          return response;
        }
        response.close();
      } catch (HttpException e) {
        again = againAfter(e, retry);
      }
      LOG.debug("{} - trying {} again with {}", source.key(), request, again.next());
      if (!again.pause().isZero()) {
        source.pause(again.pause().toNanos());
      }
      retry = again.next();
    }
  }

  /** Whatever is thrown, for example by a back-off of the application, must not keep the permit. */
  private Retry.Decision.@Nullable Again againOrClose(Response response, Retry retry)
      throws HttpException {
    boolean success = false;
    try {
      Retry.Decision.Again again = againAfter(response, retry);
      success = true;
      return again;
    } finally {
      if (!success) {
        response.close();
      }
    }
  }

  /** Returns how to go on after {@code response}, null if it is the answer. */
  private Retry.Decision.@Nullable Again againAfter(Response response, Retry retry)
      throws HttpException {
    int status = response.status();
    if (!retry.isStatusForced(status) && !response.headers().contains("Retry-After")) {
      return null;
    }
    Attempt attempt = Attempt.answered(request.method(), request.url().redacted(), status);
    Retry.Decision decision = within(retry.afterStatus(attempt, retryAfter(response)));
    if (decision instanceof Retry.Decision.Again again) {
      if (!request.isReplayable()) {
        return null;
      }
      if (!isInTime(again.pause()) && retry.isStatusForced(status) && retry.raiseOnStatus()) {
        throw outOfTime(statusError("status " + status, response));
      }
      return isInTime(again.pause()) ? again : null;
    }
    if (((Retry.Decision.GiveUp) decision).exhausted() && retry.raiseOnStatus()) {
      throw maxRetries(statusError("too many " + status + " error responses", response));
    }
    return null;
  }

  private static HttpStatusException statusError(String message, Response response) {
    return new HttpStatusException(message, response.status(), response.headers().toMap());
  }

  /** Returns how to go on after {@code error}; throws if there is no going on. */
  private Retry.Decision.Again againAfter(HttpException error, Retry retry) throws HttpException {
    Attempt attempt = Attempt.failed(request.method(), request.url().redacted(), error);
    boolean mayRepeat = request.headers().contains("Idempotency-Key");
    Retry.Decision decision = within(retry.afterError(attempt, error, mayRepeat));
    if (!(decision instanceof Retry.Decision.Again again)) {
      boolean exhausted = ((Retry.Decision.GiveUp) decision).exhausted();
      throw exhausted && made > 1 ? maxRetries(error) : error;
    }
    if (!request.isReplayable()) {
      throw new UnrewindableBodyException(
          source.peer()
              + ": the body of "
              + request
              + " can be read only once; attempt failed: "
              + error.getMessage(),
          error.progress(),
          error);
    }
    if (!isInTime(again.pause())) {
      throw outOfTime(error);
    }
    return again;
  }

  /** Returns {@code decision} if the budget of all requests allows it, else to give up. */
  private Retry.Decision within(Retry.Decision decision) {
    if (tally == null || decision instanceof Retry.Decision.GiveUp || tally.tryRepeat()) {
      return decision;
    }
    LOG.debug("{} - the retry budget does not allow another attempt", source.key());
    return new Retry.Decision.GiveUp(true);
  }

  private DeadlineExceededException outOfTime(HttpException last) {
    return new DeadlineExceededException(
        source.peer()
            + ": total time of "
            + Durations.text(deadline.budgetNanos())
            + " does not allow another attempt; the last one failed: "
            + last.getMessage(),
        new Progress(Phase.BACKOFF, last.requestSent(), last.connectionReused()),
        last);
  }

  private boolean isInTime(Duration pause) {
    return pause.toNanos() < deadline.remainingNanos();
  }

  private ConnectionLease lease() throws HttpException {
    return source.lease(timeout.connectNanos(), deadline);
  }

  /** One attempt, with one free repetition if a kept connection turns out to be dead. */
  private Response exchange(ConnectionLease lease, Retry retry) throws HttpException {
    ConnectionLease fresh;
    boolean owned = true;
    try {
      Response response = exchange(lease);
      owned = false;
      return response;
    } catch (ProtocolException e) {
      if (!mayRedial(lease, e, retry)) {
        throw e;
      }
      owned = false;
      fresh = lease.redial(timeout.connectNanos(), deadline);
    } finally {
      // Whatever was thrown, for example by the source of a body, must not keep the permit.
      if (owned) {
        lease.bodyFailed();
      }
    }
    return exchange(fresh, retry);
  }

  /**
   * Returns whether a failure only shows that the server had dropped a kept connection: the request
   * may be repeated, and nothing has come back.
   */
  private boolean mayRedial(ConnectionLease lease, ProtocolException e, Retry retry) {
    boolean repeatable =
        !e.requestSent()
            || retry.isMethodAllowed(request.method())
            || request.headers().contains("Idempotency-Key");
    return lease.isReused()
        && !lease.connection().isResponseStarted()
        && repeatable
        && request.isReplayable();
  }

  private Response exchange(ConnectionLease lease) throws HttpException {
    WireResponse wire =
        lease.connection().exchange(request, new ExchangeLimits(timeout.readNanos(), deadline));
    logExchange(wire);
    lease.keepAlive(wire.keepAliveNanos());
    Response.Builder response =
        Response.builder(request, wire.status())
            .reason(wire.reason())
            .version(wire.version())
            .headers(wire.headers())
            .elapsed(Duration.ofNanos(config.lease().ticker().nanos() - call.startNanos()));
    InputStream body = wire.body();
    if (body == null) {
      lease.bodyEnded();
      return response.body(NO_BYTES).build();
    }
    long max = request.maxBodyBytesOr(config.maxBodyBytes());
    response.maxBodyBytes(max);
    ContentCodings codings = request.decodeContent() ? ContentCodings.of(wire.headers()) : null;
    response.decoded(codings != null);
    if (request.stream()) {
      lease.watch(body);
      InputStream plain = codings == null ? body : codings.decode(body, decoding(lease, deadline));
      return response.body(plain, lease).build();
    }
    if (Redirects.isRedirect(wire.status(), wire.headers())) {
      Supplier<InputStream> sent = redirectBody(body, wire.length(), max, lease);
      DecodingContext later = decoding(lease, Deadline.none());
      return response.body(decodedLater(sent, codings, later)).build();
    }
    byte[] bytes =
        codings == null
            ? BodyBytes.readAll(body, wire.length(), max, request)
            : codings.readAll(body, decoding(lease, deadline), max);
    lease.bodyEnded();
    return response.body(bytes).build();
  }

  /** A redirect that is followed is so whatever becomes of its body, which the history has. */
  private Supplier<InputStream> redirectBody(
      InputStream body, long length, long max, ConnectionLease lease) throws HttpException {
    RedirectBudget budget = call.redirects();
    try {
      byte[] bytes =
          budget == null
              ? BodyBytes.readAll(body, length, max, request)
              : budget.readAll(body, length, max, request);
      lease.bodyEnded();
      return () -> new ByteArrayInputStream(bytes);
    } catch (BodyTooLargeException | ProtocolException | TlsException e) {
      if (budget == null) {
        throw e;
      }
      if (e instanceof BodyTooLargeException) {
        lease.bodyAbandoned();
      } else {
        lease.bodyFailed();
      }
      return () -> BodyBytes.dropped(e);
    }
  }

  /**
   * The body of a redirect is rarely read: it is decoded on the first read. Static, so that a
   * response does not hold on to its attempts and their pool.
   */
  private static Supplier<InputStream> decodedLater(
      Supplier<InputStream> sent, @Nullable ContentCodings codings, DecodingContext context) {
    return codings == null ? sent : () -> codings.decode(sent.get(), context);
  }

  private DecodingContext decoding(ConnectionLease lease, Deadline until) {
    return new DecodingContext(request, new Progress(Phase.BODY, true, lease.isReused()), until);
  }

  private @Nullable Duration retryAfter(Response response) {
    String value = response.headers().get("Retry-After");
    if (value == null) {
      return null;
    }
    Optional<Duration> wait = RetryAfter.parse(value, Instant.now());
    if (wait.isEmpty()) {
      LOG.warn("{} - ignoring a Retry-After that is neither seconds nor a date", source.key());
    }
    return wait.orElse(null);
  }

  private MaxRetryException maxRetries(HttpException last) {
    return new MaxRetryException(
        source.peer()
            + ": "
            + made
            + " attempts of "
            + request.method()
            + " "
            + request.url().path()
            + " failed; the last: "
            + last.getMessage(),
        made,
        last);
  }

  /** The line that users of urllib3 look for; without the query, which may hold secrets. */
  private void logExchange(WireResponse wire) {
    if (LOG.isDebugEnabled()) {
      Url url = request.url();
      LOG.debug(
          "{} \"{} {} HTTP/1.1\" {} {}",
          source.key(),
          request.method(),
          url.query() == null ? url.path() : url.path() + "?…",
          wire.status(),
          wire.length() < 0 ? "None" : wire.length());
    }
  }
}
