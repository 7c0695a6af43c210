package io.hostpool.internal.tls;

import io.hostpool.internal.socket.BufferPool;
import io.hostpool.internal.socket.Endpoint;
import io.hostpool.net.TlsConfig;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;

/** Puts TLS on a connected channel. Not instantiable. */
public final class TlsLayer {

  private TlsLayer() {}

  /**
   * Shakes hands as a client that verifies the chain and the host name. Blocks as the socket does.
   *
   * @throws IOException if it fails; {@code channel} is to be closed by the caller
   */
  public static TlsTransport handshake(
      SocketChannel channel, Endpoint endpoint, TlsConfig tls, BufferPool<TlsBuffers> bufferPool)
      throws IOException {
    SSLContext given = tls.sslContext();
    SSLContext context = given == null ? defaultContext() : given;
    String name = HostNames.certified(endpoint.host());
    SSLEngine engine = context.createSSLEngine(name, endpoint.port());
    engine.setUseClientMode(true);
    engine.setSSLParameters(parameters(engine.getSSLParameters(), name));
    TlsTransport transport = TlsHandshake.perform(channel, engine, bufferPool);
    HostNames.require(engine.getSession().getPeerCertificates()[0], name);
    return transport;
  }

  private static SSLParameters parameters(SSLParameters parameters, String name) {
    parameters.setApplicationProtocols(new String[] {"http/1.1"});
    SNIServerName asked = HostNames.isAddress(name) ? null : serverName(name);
    if (asked != null) {
      parameters.setServerNames(List.of(asked));
    }
    if (!(asked instanceof OddName)) {
      // JSSE refuses to compare the others with any certificate; HostNames does in any case.
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    return parameters;
  }

  /** JSSE by itself asks for none of a single label, nor for those that it takes for no names. */
  private static SNIServerName serverName(String name) {
    try {
      return new SNIHostName(name);
    } catch (IllegalArgumentException oddName) {
      return new OddName(name);
    }
  }

  private static SSLContext defaultContext() throws SSLException {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new SSLException("the JVM has no default TLS context", e);
    }
  }

  /** A host with an underscore, or a hyphen at the edge of a label: not by the book, but in use. */
  private static final class OddName extends SNIServerName {
    OddName(String name) {
      super(StandardConstants.SNI_HOST_NAME, name.getBytes(StandardCharsets.US_ASCII));
    }
  }
}
