package io.hostpool.internal.connection;

import io.hostpool.error.HttpException;
import io.hostpool.error.Phase;
import io.hostpool.error.Progress;
import io.hostpool.error.ProtocolException;
import io.hostpool.error.RequestBodyException;
import io.hostpool.http.Request;
import io.hostpool.internal.socket.ExchangeLimits;
import io.hostpool.internal.socket.Liveness;
import io.hostpool.internal.socket.ReadWatch;
import io.hostpool.internal.socket.SocketInput;
import io.hostpool.internal.socket.SocketOutput;
import io.hostpool.internal.socket.Spares;
import io.hostpool.internal.time.Deadline;
import io.hostpool.internal.time.Ticker;
import io.hostpool.internal.tls.TlsTransport;
import io.hostpool.internal.tls.UntilCloseNotify;
import io.hostpool.internal.wire.BodyFraming;
import io.hostpool.internal.wire.ChunkedBody;
import io.hostpool.internal.wire.Codec;
import io.hostpool.internal.wire.HeadBudget;
import io.hostpool.internal.wire.MalformedResponseException;
import io.hostpool.internal.wire.RequestWriter;
import io.hostpool.internal.wire.ResponseHead;
import io.hostpool.internal.wire.WireBody;
import io.hostpool.net.WireLimits;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.impl.io.ContentLengthInputStream;
import org.apache.hc.core5.http.impl.io.IdentityInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A connection over a socket, HttpCore's codec bound to it for the length of one exchange. Not
 * thread-safe; confined to one lease, except {@link #close()}.
 */
final class SocketConnection implements HttpConnection {

  private static final long DRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** How long the server is given to say that it wants the body, where it is asked. */
  private static final long CONTINUE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final SocketChannel channel;
  private final @Nullable TlsTransport tls;
  private final SocketInput input;
  private final SocketOutput output;
  private final Setup setup;
  private final ByteBuffer probeByte = ByteBuffer.allocate(1);

  private @Nullable Codec codec;
  private @Nullable InputStream rawBody;
  private HeadBudget heads;
  private boolean persistent;
  private boolean reused;
  private boolean sendingShutDown;
  private volatile boolean busy;

  /**
   * What every connection of a factory shares.
   *
   * @param name {@code host:port}, for messages
   */
  record Setup(
      String name, WireLimits limits, Spares<Codec> codecs, ReadWatch readWatch, Ticker ticker) {}

  /**
   * @param channel connected, in blocking mode
   * @param tls on top of it, null for plain http
   */
  SocketConnection(SocketChannel channel, @Nullable TlsTransport tls, Setup setup)
      throws IOException {
    this.channel = channel;
    this.tls = tls;
    this.setup = setup;
    Socket socket = channel.socket();
    this.output = new SocketOutput(tls == null ? socket.getOutputStream() : tls.output());
    // Last: whoever makes this and fails closes the channel, and knows nothing of the watch.
    InputStream in = tls == null ? socket.getInputStream() : tls.input();
    this.input = new SocketInput(channel, socket, in, setup.readWatch);
    this.heads = HeadBudget.ofHeads(setup.limits);
  }

  @Override
  public WireResponse exchange(Request request, ExchangeLimits limits) throws HttpException {
    Codec current = setup.codecs.take();
    codec = current;
    busy = true;
    heads = HeadBudget.ofHeads(setup.limits);
    input.limits(limits);
    input.resetReceived();
    output.reset();
    ResponseHead early = send(request, current);
    try {
      WireResponse response = open(request, early == null ? readHead(current) : early, current);
      // The server has not taken the whole request: it would read the next one as the rest of it.
      persistent &= early == null && !sendingShutDown;
      return response;
    } catch (IOException e) {
      throw failure(e, Phase.HEAD);
    }
  }

  /** Sends the request; returns the answer that came before all of it was sent, if one did. */
  private @Nullable ResponseHead send(Request request, Codec current) throws HttpException {
    SendGuard guard = null;
    boolean headSent = false;
    try {
      RequestWriter writer = new RequestWriter(current, output, request);
      writer.writeHead();
      if (writer.expectsContinue()) {
        writer.flush();
        ResponseHead refusal = awaitContinue(current);
        if (refusal != null) {
          return refusal;
        }
      }
      headSent = writer.hasBody();
      if (writer.mayStall()) {
        guard = new SendGuard(channel, input, output, setup.ticker, tls == null);
      }
      writer.writeBody();
      writer.flush();
      return null;
    } catch (RequestWriter.BodyFailure e) {
      throw new RequestBodyException(
          setup.name + ": request body " + e.getMessage(), progress(Phase.SEND), e.getCause());
    } catch (IOException e) {
      if (guard != null) {
        // It looks at the answer as well, and two readers would take it from each other.
        guard.close();
      }
      if (guard != null && guard.hasStalled()) {
        throw WireErrors.stalled(setup.name, progress(Phase.SEND), input.limits(), e);
      }
      ResponseHead early = headSent ? earlyAnswer(current, e) : null;
      if (early == null) {
        throw failure(e, Phase.SEND);
      }
      return early;
    } finally {
      if (guard != null) {
        guard.close();
        sendingShutDown = guard.hasShutDownSending();
      }
    }
  }

  /**
   * Waits for the server to ask for the body.
   *
   * @return its final answer instead, null if it asks or says nothing for a second
   */
  private @Nullable ResponseHead awaitContinue(Codec current) throws IOException {
    while (answersSoon(current)) {
      ResponseHead head = readAnyHead(current);
      if (head.status() == 100) {
        return null;
      }
      if (head.status() >= 200) {
        return head;
      }
    }
    return null;
  }

  private boolean answersSoon(Codec current) throws IOException {
    if (current.in.hasBufferedData()) {
      return true;
    }
    ExchangeLimits limits = input.limits();
    long wait = Math.min(CONTINUE_NANOS, limits.readNanos());
    input.waitGently(new ExchangeLimits(wait, limits.deadline()));
    try {
      if (current.in.fillBuffer(input) < 0) {
        throw closedWithoutResponse();
      }
      return true;
    } catch (SocketTimeoutException silent) {
      if (limits.deadline().isExpired()) {
        throw silent;
      }
      return false;
    } finally {
      input.limits(limits);
    }
  }

  /**
   * Returns the answer of a server that stopped reading the request, null if it sent none. If a
   * kept connection took nothing of the request, what lies on it is no answer to it.
   */
  private @Nullable ResponseHead earlyAnswer(Codec current, IOException failure) {
    boolean arrived = output.written() > 0 || !reused;
    if (!arrived || WireErrors.wasInterrupted(failure) || !channel.isOpen()) {
      return null;
    }
    try {
      return readHead(current);
    } catch (IOException none) {
      failure.addSuppressed(none);
      return null;
    }
  }

  private ResponseHead readHead(Codec current) throws IOException {
    ResponseHead head = readAnyHead(current);
    while (head.status() < 200) {
      head = readAnyHead(current);
    }
    return head;
  }

  private ResponseHead readAnyHead(Codec current) throws IOException {
    ResponseHead head = ResponseHead.read(current, input, heads);
    if (head == null) {
      throw closedWithoutResponse();
    }
    if (head.status() == 101) {
      throw new MalformedResponseException("101 Switching Protocols, not asked for");
    }
    if (head.status() < 200) {
      heads.countInterim();
    }
    return head;
  }

  private ProtocolException closedWithoutResponse() {
    return new ProtocolException(
        setup.name + ": connection closed without a response", progress(Phase.HEAD), null);
  }

  private WireResponse open(Request request, ResponseHead head, Codec current) throws IOException {
    BodyFraming framing = BodyFraming.of(request.method(), head);
    persistent = framing.persistent() && !BodyFraming.asksToClose(request.headers());
    InputStream body =
        switch (framing.kind()) {
          case NONE -> null;
          case LENGTH -> new ContentLengthInputStream(current.in, input, framing.length());
          case CHUNKED -> new ChunkedBody(current, input, setup.limits);
          case UNTIL_CLOSE -> untilClose(current);
        };
    rawBody = body;
    return new WireResponse(
        head.status(),
        head.reason(),
        head.version(),
        head.headers(),
        body == null ? null : new WireBody(body, this::bodyFailure),
        framing.length(),
        framing.keepAliveNanos());
  }

  private InputStream untilClose(Codec current) {
    InputStream body = new IdentityInputStream(current.in, input);
    return tls == null ? body : new UntilCloseNotify(body, tls);
  }

  @Override
  public boolean isResponseStarted() {
    return input.hasReceived();
  }

  @Override
  public Reuse finishExchange() {
    Codec current = codec;
    codec = null;
    rawBody = null;
    input.limits(SocketInput.UNLIMITED);
    reused = true;
    busy = false;
    boolean isClean = current != null && current.reset();
    if (current != null && isClean) {
      setup.codecs.give(current);
    }
    Liveness rest = tls == null ? Liveness.ALIVE : settled(tls);
    if (!persistent) {
      return Reuse.SERVER_CLOSES;
    }
    if (!isClean || input.hasEarlyBytes()) {
      return Reuse.LEFTOVER;
    }
    return switch (rest) {
      case ALIVE -> Reuse.KEEP;
      case CLOSED -> Reuse.SERVER_CLOSES;
      case UNSOLICITED -> Reuse.LEFTOVER;
    };
  }

  /** TLS takes in whole records, and more than one: what follows the answer may have come. */
  private static Liveness settled(TlsTransport tls) {
    try {
      return tls.settle();
    } catch (IOException broken) {
      return Liveness.CLOSED;
    }
  }

  @Override
  public boolean drain() {
    InputStream body = rawBody;
    if (body == null) {
      return true;
    }
    if (!persistent) {
      return false;
    }
    input.limits(new ExchangeLimits(DRAIN_NANOS, Deadline.after(setup.ticker, DRAIN_NANOS)));
    byte[] sink = new byte[4096];
    long left = setup.limits.maxDrainBytes();
    try {
      while (left >= 0) {
        int n = body.read(sink);
        if (n < 0) {
          return true;
        }
        left -= n;
      }
    } catch (IOException tooSlowOrBroken) {
      return false;
    }
    return false;
  }

  @Override
  public Liveness probe() {
    try {
      channel.configureBlocking(false);
      int n = tls == null ? channel.read(probeByte.clear()) : tls.receive();
      channel.configureBlocking(true);
      if (n < 0) {
        return Liveness.CLOSED;
      }
      if (tls != null) {
        return tls.look();
      }
      return n == 0 ? Liveness.ALIVE : Liveness.UNSOLICITED;
    } catch (IOException broken) {
      return Liveness.CLOSED;
    }
  }

  @Override
  public void close() {
    try {
      if (tls != null && !busy) {
        // Not under an exchange, where it could wait for the other thread.
        tls.closeGently();
      }
    } catch (IOException alreadyBroken) {
      // The channel is closed below in any case.
    } finally {
      closeChannel();
    }
  }

  private void closeChannel() {
    input.close();
    try {
      channel.close();
    } catch (IOException ignored) {
      // Nothing more can be done for it.
    }
  }

  private Progress progress(Phase phase) {
    return new Progress(phase, output.hasStarted(), reused);
  }

  private HttpException failure(IOException e, Phase phase) {
    return WireErrors.translate(e, setup.name, progress(phase), input.limits());
  }

  private HttpException bodyFailure(IOException e, long bytesRead) {
    return WireErrors.translateBody(e, setup.name, progress(Phase.BODY), input.limits(), bytesRead);
  }

  @Override
  public String toString() {
    return "SocketConnection[" + setup.name + (busy ? ", in use]" : "]");
  }
}
