package io.hostpool.testkit;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The first record of a connection that speaks TLS, read before a server of JSSE sees it: that one
 * would refuse some names that clients send. Immutable.
 */
final class ClientHello {

  private static final int HANDSHAKE = 22;
  private static final int RECORD_HEADER = 5;

  /** Record, type, length and version of the message, random. */
  private static final int BEFORE_SESSION_ID = RECORD_HEADER + 4 + 2 + 32;

  private final byte[] record;
  private final @Nullable String serverName;

  private ClientHello(byte[] record, @Nullable String serverName) {
    this.record = record;
    this.serverName = serverName;
  }

  /** Reads it; what is no handshake has no name. */
  static ClientHello read(Socket socket) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] header = in.readNBytes(RECORD_HEADER);
    if (header.length < RECORD_HEADER) {
      throw new EOFException();
    }
    if (header[0] != HANDSHAKE) {
      return new ClientHello(header, null);
    }
    int length = ByteBuffer.wrap(header).getShort(3);
    byte[] record = ByteBuffer.allocate(RECORD_HEADER + length).put(header).array();
    in.readFully(record, RECORD_HEADER, length);
    return new ClientHello(record, serverName(ByteBuffer.wrap(record)));
  }

  /** Returns the host that the client asked for (SNI), null if it named none. */
  @Nullable String serverName() {
    return serverName;
  }

  /** Returns the rest of the connection as {@code sockets} make a server of it. */
  Socket layer(SSLSocketFactory sockets, Socket socket) throws IOException {
    return sockets.createSocket(socket, new ByteArrayInputStream(record), true);
  }

  /** RFC 8446 section 4.1.2, RFC 6066 section 3. */
  private static @Nullable String serverName(ByteBuffer hello) {
    hello.position(BEFORE_SESSION_ID);
    skip(hello, hello.get());
    skip(hello, hello.getShort());
    skip(hello, hello.get());
    hello.getShort();
    while (hello.hasRemaining()) {
      int type = hello.getShort();
      int length = hello.getShort();
      if (type == 0) {
        // The length of the list, the type of its only name, the name.
        skip(hello, 3);
        byte[] name = new byte[hello.getShort()];
        hello.get(name);
        return new String(name, StandardCharsets.ISO_8859_1);
      }
      skip(hello, length);
    }
    return null;
  }

  private static void skip(ByteBuffer bytes, int count) {
    bytes.position(bytes.position() + count);
  }
}
