package io.hostpool.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came. Immutable.
 *
 * @param connection the number of the connection it came on, from 1
 * @param count which request of that connection it is, from 1
 * @param headers name and value in order, as they were sent
 * @param rawBody the body without its framing, one character per byte
 */
public record ReceivedRequest(
    int connection,
    int count,
    String method,
    String target,
    List<Map.Entry<String, String>> headers,
    String rawBody) {

  /** Returns the first value of a header in any letter case, null if it was not sent. */
  public @Nullable String header(String name) {
    for (Map.Entry<String, String> header : headers) {
      if (header.getKey().equalsIgnoreCase(name)) {
        return header.getValue();
      }
    }
    return null;
  }

  /** Returns the names of the headers in the order and case in which they were sent. */
  public List<String> headerNames() {
    return headers.stream().map(Map.Entry::getKey).toList();
  }

  /** Returns the body without its framing. */
  public byte[] body() {
    return rawBody.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Returns the body as UTF-8. */
  public String text() {
    return new String(body(), StandardCharsets.UTF_8);
  }

  /**
   * Reads a request; null if the connection ends before its first line.
   *
   * @param withBody whether to read the body too, unless the client waits to be asked for it
   */
  static @Nullable ReceivedRequest read(Wire wire, int connection, int count, boolean withBody)
      throws IOException {
    String line = wire.readLine();
    if (line == null) {
      return null;
    }
    String[] parts = line.split(" ", 3);
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    for (String field = line(wire); !field.isEmpty(); field = line(wire)) {
      int colon = field.indexOf(':');
      headers.add(Map.entry(field.substring(0, colon), field.substring(colon + 1).trim()));
    }
    ReceivedRequest head =
        new ReceivedRequest(connection, count, parts[0], parts[1], List.copyOf(headers), "");
    boolean waits = "100-continue".equalsIgnoreCase(head.header("Expect"));
    return withBody && !waits ? head.withBody(wire) : head;
  }

  /** Reads the body that this head declares. */
  ReceivedRequest withBody(Wire wire) throws IOException {
    byte[] read;
    if ("chunked".equalsIgnoreCase(header("Transfer-Encoding"))) {
      read = readChunks(wire);
    } else {
      String length = header("Content-Length");
      read = length == null ? new byte[0] : wire.read(Integer.parseInt(length));
    }
    String raw = new String(read, StandardCharsets.ISO_8859_1);
    return new ReceivedRequest(connection, count, method, target, headers, raw);
  }

  private static byte[] readChunks(Wire wire) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(line(wire).split(";", 2)[0].trim(), 16);
      body.write(wire.read(size));
      if (size == 0) {
        while (!line(wire).isEmpty()) {
          // Trailers are read and dropped.
        }
        return body.toByteArray();
      }
      line(wire);
    }
  }

  private static String line(Wire wire) throws IOException {
    String line = wire.readLine();
    if (line == null) {
      throw new IOException("request ended early");
    }
    return line;
  }
}
