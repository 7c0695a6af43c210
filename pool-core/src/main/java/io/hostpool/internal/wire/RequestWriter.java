package io.hostpool.internal.wire;

import io.hostpool.http.Request;
import io.hostpool.http.RequestBody;
import io.hostpool.internal.socket.SocketOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.apache.hc.core5.http.impl.io.ChunkedOutputStream;
import org.jspecify.annotations.Nullable;

/** Writes one request. Not thread-safe; confined to one exchange. */
public final class RequestWriter {

  /**
   * A body up to this length fits into the send buffer of an idle socket, so sending cannot stall.
   */
  private static final long SMALL_BODY_BYTES = 8192;

  private final ExchangeBuffers buffers;
  private final SocketOutput output;
  private final Request request;
  private final long length;

  /** The source of a body failed, or its length differs from the declared one. */
  public static final class BodyFailure extends IOException {
    BodyFailure(@Nullable String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Makes a writer.
   *
   * @throws BodyFailure if the length of the body cannot be determined
   */
  public RequestWriter(ExchangeBuffers buffers, SocketOutput output, Request request)
      throws BodyFailure {
    this.buffers = buffers;
    this.output = output;
    this.request = request;
    try {
      this.length = RequestHead.bodyLength(request);
    } catch (UncheckedIOException e) {
      throw new BodyFailure("cannot be read: " + e.getMessage(), e.getCause());
    }
  }

  public boolean hasBody() {
    return request.body() != null;
  }

  /** Returns whether sending the body may have to wait for the server to take it. */
  public boolean mayStall() {
    return hasBody() && (length < 0 || length > SMALL_BODY_BYTES);
  }

  /** Returns whether the server is asked before the body is sent (RFC 9110 section 10.1.1). */
  public boolean expectsContinue() {
    String expect = request.headers().get("Expect");
    return hasBody() && expect != null && expect.equalsIgnoreCase("100-continue");
  }

  public void writeHead() throws IOException {
    RequestHead.write(buffers, output, request, length);
  }

  /** Sends everything that was written so far. */
  public void flush() throws IOException {
    buffers.out.flush(output);
  }

  /**
   * Writes the body, if there is one.
   *
   * @throws BodyFailure if it cannot be read or is not as long as declared; it is left without an
   *     end, so that the server cannot take it for complete
   */
  public void writeBody() throws IOException {
    RequestBody body = request.body();
    if (body == null) {
      return;
    }
    if (length == RequestHead.CHUNKED) {
      // Not closed on failure: closing would write the last chunk.
      OutputStream chunks = new ChunkedOutputStream(buffers.out, output, buffers.chunk(), null);
      write(body, chunks);
      chunks.close();
      return;
    }
    DeclaredOutput declared = new DeclaredOutput(buffers, output, length);
    write(body, declared);
    if (declared.missing() > 0) {
      throw new BodyFailure(
          "declared " + length + " bytes and wrote " + (length - declared.missing()), null);
    }
  }

  private static void write(RequestBody body, OutputStream out) throws IOException {
    try {
      body.writeTo(out);
    } catch (SocketOutput.WriteFailure e) {
      throw e;
    } catch (DeclaredOutput.TooLong e) {
      throw new BodyFailure(e.getMessage(), null);
    } catch (IOException e) {
      throw new BodyFailure("cannot be read: " + e.getMessage(), e);
    }
  }
}
