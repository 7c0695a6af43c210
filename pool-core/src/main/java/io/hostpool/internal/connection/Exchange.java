package io.hostpool.internal.connection;

import io.hostpool.error.HttpException;
import io.hostpool.error.Phase;
import io.hostpool.error.Progress;
import io.hostpool.error.ProtocolException;
import io.hostpool.error.RequestBodyException;
import io.hostpool.http.Request;
import io.hostpool.internal.socket.ExchangeLimits;
import io.hostpool.internal.socket.SocketInput;
import io.hostpool.internal.time.Deadline;
import io.hostpool.internal.wire.BodyFraming;
import io.hostpool.internal.wire.ChunkedBody;
import io.hostpool.internal.wire.ExchangeBuffers;
import io.hostpool.internal.wire.HeadBudget;
import io.hostpool.internal.wire.MalformedResponseException;
import io.hostpool.internal.wire.RequestWriter;
import io.hostpool.internal.wire.ResponseHead;
import io.hostpool.internal.wire.WireBody;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.impl.io.ContentLengthInputStream;
import org.apache.hc.core5.http.impl.io.IdentityInputStream;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response on a connection, with the buffers for them. Not thread-safe;
 * confined to one lease.
 */
final class Exchange implements WireBody.Failures {

  private static final long DRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** How long to wait for {@code 100 Continue}. */
  private static final long CONTINUE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ConnectedSocket socket;
  private final HeadBudget heads;
  private final ExchangeBuffers buffers;
  private final boolean reused;

  private @Nullable InputStream rawBody;
  private boolean persistent;
  private boolean sendingShutDown;

  /**
   * Creates an exchange and takes buffers for it.
   *
   * @param reused whether the connection has served another exchange
   */
  Exchange(ConnectedSocket socket, HeadBudget heads, boolean reused) {
    this.socket = socket;
    this.heads = heads;
    this.reused = reused;
    this.buffers = setup().buffers().take();
  }

  /** Sends a request and reads the head of the response. */
  WireResponse run(Request request, ExchangeLimits limits) throws HttpException {
    heads.reset();
    input().limits(limits);
    input().resetReceived();
    socket.output().reset();
    ResponseHead early = send(request);
    try {
      WireResponse response = open(request, early == null ? readHead() : early);
      // The server has not read all of the request: it would read the next one as the rest of it.
      persistent &= early == null && !sendingShutDown;
      return response;
    } catch (IOException e) {
      throw failure(e, Phase.HEAD);
    }
  }

  /** Sends the request; returns the response that came before all of it was sent, null if none. */
  private @Nullable ResponseHead send(Request request) throws HttpException {
    SendGuard guard = null;
    boolean headSent = false;
    try {
      RequestWriter writer = new RequestWriter(buffers, socket.output(), request);
      writer.writeHead();
      if (writer.expectsContinue()) {
        writer.flush();
        ResponseHead refusal = awaitContinue();
        if (refusal != null) {
          return refusal;
        }
      }
      headSent = writer.hasBody();
      if (writer.mayStall()) {
        guard = new SendGuard(socket, setup().ticker());
      }
      writer.writeBody();
      writer.flush();
      return null;
    } catch (RequestWriter.BodyFailure e) {
      throw new RequestBodyException(
          setup().name() + ": request body " + e.getMessage(), progress(Phase.SEND), e.getCause());
    } catch (IOException e) {
      if (guard != null) {
        // It peeks at the response as well, and two readers would take it from each other.
        guard.close();
      }
      if (guard != null && guard.hasStalled()) {
        throw WireErrors.stalled(setup().name(), progress(Phase.SEND), input().limits(), e);
      }
      return requireEarlyResponse(e, headSent);
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
   * @return its final response instead, null if it asks or is silent for a second
   */
  private @Nullable ResponseHead awaitContinue() throws IOException {
    while (answersSoon()) {
      ResponseHead head = readAnyHead();
      if (head.status() == 100) {
        return null;
      }
      if (head.status() >= 200) {
        return head;
      }
    }
    return null;
  }

  private boolean answersSoon() throws IOException {
    if (buffers.in.hasBufferedData()) {
      return true;
    }
    ExchangeLimits limits = input().limits();
    long wait = Math.min(CONTINUE_NANOS, limits.readNanos());
    input().waitGently(new ExchangeLimits(wait, limits.deadline()));
    try {
      if (buffers.in.fillBuffer(input()) < 0) {
        throw closedWithoutResponse();
      }
      return true;
    } catch (SocketTimeoutException silent) {
      if (limits.deadline().isExpired()) {
        throw silent;
      }
      return false;
    } finally {
      input().limits(limits);
    }
  }

  /**
   * Returns the response of a server that stopped reading the request. If a kept connection took
   * nothing of the request, what has arrived on it is not a response to it.
   *
   * @throws HttpException for {@code failure} if the server sent no response
   */
  private ResponseHead requireEarlyResponse(IOException failure, boolean headSent)
      throws HttpException {
    boolean arrived = headSent && (socket.output().written() > 0 || !reused);
    if (!arrived || WireErrors.wasInterrupted(failure) || !socket.channel().isOpen()) {
      throw failure(failure, Phase.SEND);
    }
    try {
      return readHead();
    } catch (IOException none) {
      failure.addSuppressed(none);
      throw failure(failure, Phase.SEND);
    }
  }

  private ResponseHead readHead() throws IOException {
    ResponseHead head = readAnyHead();
    while (head.status() < 200) {
      head = readAnyHead();
    }
    return head;
  }

  private ResponseHead readAnyHead() throws IOException {
    ResponseHead head = ResponseHead.read(buffers, input(), heads);
    if (head == null) {
      throw closedWithoutResponse();
    }
    if (head.status() == 101) {
      throw new MalformedResponseException("unsolicited 101 Switching Protocols");
    }
    if (head.status() < 200) {
      heads.countInterim();
    }
    return head;
  }

  private ProtocolException closedWithoutResponse() {
    return new ProtocolException(
        setup().name() + ": connection closed without a response", progress(Phase.HEAD), null);
  }

  private WireResponse open(Request request, ResponseHead head) throws IOException {
    BodyFraming framing = BodyFraming.of(request.method(), head);
    persistent = framing.isPersistent() && !BodyFraming.asksToClose(request.headers());
    InputStream body =
        switch (framing.kind()) {
          case NONE -> null;
          case LENGTH -> new ContentLengthInputStream(buffers.in, input(), framing.length());
          case CHUNKED -> new ChunkedBody(buffers, input(), setup().limits());
          case UNTIL_CLOSE -> socket.untilClose(new IdentityInputStream(buffers.in, input()));
        };
    rawBody = body;
    return new WireResponse(
        head.status(),
        head.reason(),
        head.version(),
        head.headers(),
        body == null ? null : new WireBody(body, this),
        framing.length(),
        framing.keepAliveNanos());
  }

  /** Returns whether both sides want to keep the connection. */
  boolean isPersistent() {
    return persistent;
  }

  /**
   * Reads the rest of the body, undecoded, as long as it is short and arrives at once.
   *
   * @return whether the end was reached
   */
  boolean drain() {
    InputStream body = rawBody;
    if (body == null) {
      return true;
    }
    if (!persistent) {
      return false;
    }
    input().limits(new ExchangeLimits(DRAIN_NANOS, Deadline.after(setup().ticker(), DRAIN_NANOS)));
    byte[] sink = new byte[4096];
    long left = setup().limits().maxDrainBytes();
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

  /**
   * Releases the buffers.
   *
   * @return whether nothing was left in them; else they are dropped
   */
  boolean finish() {
    rawBody = null;
    boolean isClean = buffers.reset();
    if (isClean) {
      setup().buffers().give(buffers);
    }
    return isClean;
  }

  private SocketInput input() {
    return socket.input();
  }

  private ConnectionSetup setup() {
    return socket.setup();
  }

  private Progress progress(Phase phase) {
    return new Progress(phase, socket.output().hasStarted(), reused);
  }

  private HttpException failure(IOException e, Phase phase) {
    return WireErrors.translate(e, setup().name(), progress(phase), input().limits());
  }

  @Override
  public HttpException translate(IOException e, long bytesRead) {
    return WireErrors.translateBody(
        e, setup().name(), progress(Phase.BODY), input().limits(), bytesRead);
  }
}
