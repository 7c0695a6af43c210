package io.hostpool.net;

import java.io.IOException;
import java.net.Socket;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Puts TLS on a connected socket. Not instantiable. */
final class TlsLayer {

  private TlsLayer() {}

  /**
   * Shakes hands as a client that verifies the chain and the host name.
   *
   * @param timeoutMillis the longest wait for each answer of the server, 0 for no limit
   * @throws IOException if it fails; {@code base} is to be closed by the caller
   */
  static SSLSocket handshake(Socket base, Endpoint endpoint, TlsConfig tls, int timeoutMillis)
      throws IOException {
    SSLContext given = tls.sslContext();
    SSLContext context = given == null ? defaultContext() : given;
    String name = withoutFinalDot(endpoint.host());
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(base, name, endpoint.port(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setApplicationProtocols(new String[] {"http/1.1"});
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(timeoutMillis);
    socket.startHandshake();
    HostNames.require(socket, name);
    return socket;
  }

  private static SSLContext defaultContext() throws SSLException {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new SSLException("the JVM has no default TLS context", e);
    }
  }

  private static String withoutFinalDot(String host) {
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }
}
