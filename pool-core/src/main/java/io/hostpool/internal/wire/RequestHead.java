package io.hostpool.internal.wire;

import io.hostpool.http.Headers;
import io.hostpool.http.Request;
import io.hostpool.http.RequestBody;
import io.hostpool.http.Url;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Set;
import org.apache.hc.core5.util.CharArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a request line and its headers. {@code Host} comes first, then the framing, then the
 * caller's headers in their order and case; framing headers of the caller are left out, since two
 * statements of where a body ends make request smuggling possible. Not instantiable.
 */
final class RequestHead {

  /** Declares a body of unknown length. */
  static final long CHUNKED = -1;

  /** Declares that there is no body. */
  static final long NONE = -2;

  private static final Set<String> METHODS_WITHOUT_BODY =
      Set.of("GET", "HEAD", "DELETE", "TRACE", "OPTIONS");

  private RequestHead() {}

  /** Returns the length to declare: bytes, {@link #CHUNKED} or {@link #NONE}. */
  static long bodyLength(Request request) {
    RequestBody body = request.body();
    if (body == null) {
      return METHODS_WITHOUT_BODY.contains(request.method()) ? NONE : 0;
    }
    long length = body.contentLength();
    if (length >= 0) {
      return length;
    }
    String declared = request.headers().get("Content-Length");
    return declared == null ? CHUNKED : parseDeclared(declared);
  }

  /** Writes everything up to the empty line that ends a head. */
  static void write(ExchangeBuffers buffers, OutputStream socket, Request request, long bodyLength)
      throws IOException {
    Url url = request.url();
    Headers headers = request.headers();
    CharArrayBuffer line = buffers.line();
    line.append(request.method());
    line.append(' ');
    line.append(url.path());
    String query = url.query();
    if (query != null) {
      line.append('?');
      line.append(query);
    }
    line.append(" HTTP/1.1");
    buffers.writeLine(socket);
    String host = headers.get("Host");
    field(buffers, socket, "Host", host == null ? url.hostHeader() : host);
    if (bodyLength >= 0) {
      field(buffers, socket, "Content-Length", Long.toString(bodyLength));
    } else if (bodyLength == CHUNKED) {
      field(buffers, socket, "Transfer-Encoding", "chunked");
    }
    @Nullable String type = request.bodyType();
    if (type != null && !headers.contains("Content-Type")) {
      field(buffers, socket, "Content-Type", type);
    }
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i);
      if (!isWrittenAlready(name)) {
        field(buffers, socket, name, headers.value(i));
      }
    }
    buffers.line();
    buffers.writeLine(socket);
  }

  private static boolean isWrittenAlready(String name) {
    return switch (name.length()) {
      case 4 -> name.equalsIgnoreCase("Host");
      case 14 -> name.equalsIgnoreCase("Content-Length");
      case 17 -> name.equalsIgnoreCase("Transfer-Encoding");
      default -> false;
    };
  }

  private static void field(ExchangeBuffers buffers, OutputStream socket, String name, String value)
      throws IOException {
    CharArrayBuffer line = buffers.line();
    line.append(name);
    line.append(": ");
    line.append(value);
    buffers.writeLine(socket);
  }

  private static long parseDeclared(String value) {
    try {
      long length = Long.parseLong(value);
      if (length >= 0 && value.charAt(0) != '+') {
        return length;
      }
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException("Content-Length is not a length: " + value, notANumber);
    }
    throw new IllegalArgumentException("Content-Length is not a length: " + value);
  }
}
