package io.hostpool.faults;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Its connections send what was written when they are read, all at once. A server of JSSE writes
 * message for message otherwise: a client may refuse its certificate, say so and close while it
 * writes the next one, and it hears of a broken pipe instead.
 */
final class OneFlightListener extends ServerSocket {

  OneFlightListener() throws IOException {}

  @Override
  public Socket accept() throws IOException {
    Socket socket = new OneFlightSocket();
    implAccept(socket);
    return socket;
  }

  private static final class OneFlightSocket extends Socket {
    private final ByteArrayOutputStream flight = new ByteArrayOutputStream();

    @Override
    public OutputStream getOutputStream() {
      return flight;
    }

    @Override
    public InputStream getInputStream() throws IOException {
      OutputStream out = super.getOutputStream();
      return new FilterInputStream(super.getInputStream()) {
        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
          out.write(flight.toByteArray());
          flight.reset();
          return super.read(bytes, offset, length);
        }
      };
    }
  }
}
