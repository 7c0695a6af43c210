package io.hostpool.internal.connection;

import io.hostpool.error.ConnectTimeoutException;
import io.hostpool.error.DeadlineExceededException;
import io.hostpool.error.HttpException;
import io.hostpool.error.NameResolutionException;
import io.hostpool.error.NewConnectionException;
import io.hostpool.error.Phase;
import io.hostpool.error.Progress;
import io.hostpool.error.TlsException;
import io.hostpool.internal.socket.Endpoint;
import io.hostpool.internal.thread.Background;
import io.hostpool.internal.time.Deadline;
import io.hostpool.internal.time.Durations;
import io.hostpool.internal.tls.TlsLayer;
import io.hostpool.internal.tls.TlsTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;

/**
 * Opens sockets to one endpoint: every address in turn, the time shared among those left, then TLS.
 * Thread-safe.
 */
public final class SocketConnectionFactory implements ConnectionFactory {

  private final Endpoint endpoint;
  private final NetConfig config;
  private final ConnectionSetup setup;

  public SocketConnectionFactory(Endpoint endpoint, NetConfig config) {
    this.endpoint = Objects.requireNonNull(endpoint, "endpoint");
    this.config = Objects.requireNonNull(config, "config");
    this.setup =
        new ConnectionSetup(
            endpoint.authority(),
            config.limits(),
            config.exchangeBuffers(),
            config.readWatch(),
            config.ticker());
  }

  @Override
  public HttpConnection open(long connectNanos, Deadline deadline) throws HttpException {
    Budget budget = new Budget(connectNanos, deadline);
    List<InetAddress> addresses = resolve(budget);
    HttpException last = null;
    for (int i = 0; i < addresses.size(); i++) {
      try {
        return connect(addresses.get(i), addresses.size() - i, budget);
      } catch (NewConnectionException | ConnectTimeoutException e) {
        if (last != null) {
          e.addSuppressed(last);
        }
        last = e;
      }
    }
    throw Objects.requireNonNull(last);
  }

  private List<InetAddress> resolve(Budget budget) throws HttpException {
    List<InetAddress> addresses;
    try {
      addresses = HostLookup.resolve(config.resolver(), endpoint.host(), budget.remainingNanos());
    } catch (UnknownHostException e) {
      throw new NameResolutionException(
          endpoint.authority() + ": host name has no address: " + endpoint.host(), e);
    } catch (TimeoutException e) {
      throw budget.timeout(Phase.RESOLVE, endpoint.authority(), null);
    } catch (InterruptedException e) {
      throw WireErrors.interrupted(endpoint.authority(), Progress.unsent(Phase.RESOLVE), e);
    }
    if (addresses.isEmpty()) {
      throw new NameResolutionException(
          endpoint.authority() + ": host name has no address: " + endpoint.host(), null);
    }
    budget.check(Phase.RESOLVE);
    return addresses;
  }

  private HttpConnection connect(InetAddress address, int addressesLeft, Budget budget)
      throws HttpException {
    SocketChannel channel = null;
    boolean success = false;
    Phase phase = Phase.CONNECT;
    try {
      channel = SocketChannel.open();
      config.configure(channel);
      channel
          .socket()
          .connect(
              new InetSocketAddress(address, endpoint.port()), budget.share(addressesLeft, phase));
      TlsTransport tls = null;
      if (endpoint.isSecure()) {
        phase = Phase.TLS;
        tls = secure(channel, budget);
      }
      HttpConnection connection = new SocketConnection(channel, tls, setup);
      success = true;
      return connection;
    } catch (IOException e) {
      throw failure(e, phase, address, budget);
    } finally {
      if (!success && channel != null) {
        closeQuietly(channel);
      }
    }
  }

  /**
   * Shakes hands. A socket knows no timeout for a whole handshake, so the channel is closed under
   * it when its time is over.
   */
  private TlsTransport secure(SocketChannel channel, Budget budget) throws IOException {
    int millis = budget.share(1, Phase.TLS);
    if (millis == 0) {
      return handshake(channel);
    }
    AtomicBoolean overdue = new AtomicBoolean();
    Future<?> end =
        Background.schedule(
            () -> {
              overdue.set(true);
              closeQuietly(channel);
            },
            TimeUnit.MILLISECONDS.toNanos(millis));
    try {
      TlsTransport secure = handshake(channel);
      if (!end.cancel(false)) {
        // It has begun to close the channel, whether or not that shows yet.
        throw new SocketTimeoutException("handshake");
      }
      return secure;
    } catch (IOException e) {
      if (!overdue.get()) {
        throw e;
      }
      SocketTimeoutException timeout = new SocketTimeoutException("handshake");
      timeout.initCause(e);
      throw timeout;
    } finally {
      end.cancel(false);
    }
  }

  private TlsTransport handshake(SocketChannel channel) throws IOException {
    return TlsLayer.handshake(channel, endpoint, config.tls(), config.tlsBuffers());
  }

  private HttpException failure(IOException e, Phase phase, InetAddress address, Budget budget) {
    String numeric = address.getHostAddress();
    String where =
        endpoint.host().equals(numeric)
            ? endpoint.authority()
            : endpoint.authority() + " (" + numeric + ")";
    if (e instanceof HttpException typed) {
      return typed;
    }
    if (WireErrors.wasInterrupted(e)) {
      return WireErrors.interrupted(where, Progress.unsent(phase), e);
    }
    if (e instanceof SocketTimeoutException) {
      return budget.timeout(phase, where, e);
    }
    if (phase == Phase.TLS || e instanceof SSLException) {
      return new TlsException(
          where + ": TLS handshake failed: " + e.getMessage(), Progress.unsent(Phase.TLS), e);
    }
    return new NewConnectionException(where + ": cannot connect: " + e.getMessage(), e);
  }

  private static void closeQuietly(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException ignored) {
      // It never carried anything.
    }
  }

  /** The time for opening one connection, and which limit it came from. */
  private final class Budget {
    private final long connectNanos;
    private final Deadline total;
    private final Deadline connect;

    Budget(long connectNanos, Deadline total) {
      this.connectNanos = connectNanos;
      this.total = total;
      this.connect = Deadline.after(config.ticker(), total.bound(connectNanos));
    }

    /** Returns one address's share of the time left, in milliseconds, 0 for no limit. */
    int share(int addressesLeft, Phase phase) throws HttpException {
      check(phase);
      long left = connect.remainingNanos();
      if (left == Durations.NO_LIMIT) {
        return 0;
      }
      return (int) Math.min(Integer.MAX_VALUE, (left / addressesLeft - 1) / 1_000_000 + 1);
    }

    long remainingNanos() {
      return connect.remainingNanos();
    }

    void check(Phase phase) throws HttpException {
      if (connect.isExpired()) {
        throw timeout(phase, endpoint.authority(), null);
      }
    }

    HttpException timeout(
        Phase phase, String where, @org.jspecify.annotations.Nullable IOException cause) {
      if (total.isExpired()) {
        return new DeadlineExceededException(
            where
                + ": total time of "
                + Durations.text(total.budgetNanos())
                + " is over in phase "
                + phase,
            Progress.unsent(phase),
            cause);
      }
      return new ConnectTimeoutException(
          where
              + ": not connected within "
              + Durations.text(connectNanos)
              + " (phase "
              + phase
              + ")",
          phase,
          cause);
    }
  }
}
