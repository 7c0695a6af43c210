package io.hostpool.net;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** Puts TLS on a connected channel. Not instantiable. */
final class TlsLayer {

  private TlsLayer() {}

  /**
   * Shakes hands as a client that verifies the chain and the host name. Blocks as the socket does.
   *
   * @throws IOException if it fails; {@code channel} is to be closed by the caller
   */
  static TlsTransport handshake(
      SocketChannel channel, Endpoint endpoint, TlsConfig tls, Spares<TlsBuffers> spares)
      throws IOException {
    SSLContext given = tls.sslContext();
    SSLContext context = given == null ? defaultContext() : given;
    String name = withoutFinalDot(endpoint.host());
    SSLEngine engine = context.createSSLEngine(name, endpoint.port());
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setApplicationProtocols(new String[] {"http/1.1"});
    engine.setSSLParameters(parameters);
    TlsTransport transport = new TlsTransport(channel, engine, spares);
    transport.handshake();
    HostNames.require(engine.getSession(), name);
    return transport;
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
