package io.hostpool.testkit;

import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A throw-away certificate authority: makes contexts for servers, and for clients that trust it.
 * Immutable. Bouncy Castle, because the JDK cannot issue certificates.
 */
public final class TestCa {

  private static final char[] PASSWORD = "test".toCharArray();

  private final KeyPair keys;
  private final X509Certificate certificate;

  private TestCa(KeyPair keys, X509Certificate certificate) {
    this.keys = keys;
    this.certificate = certificate;
  }

  public static TestCa create() {
    try {
      KeyPair keys = newKeys();
      X500Name name = new X500Name("CN=Hostpool test CA");
      X509v3CertificateBuilder builder = builder(name, name, keys, Validity.CURRENT);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      return new TestCa(keys, sign(builder, keys));
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Returns a context for a server whose certificate names each host or IP address; {@code
   * dns:1.2.3.4} is a host that looks like one.
   */
  public SSLContext serverContext(String... names) {
    return serverContext(Validity.CURRENT, "CN=server", names);
  }

  /**
   * Shakes hands as the server 127.0.0.1 on a connection that was accepted. What is written goes
   * out at once, even if the client has not acknowledged what came before.
   *
   * @param protocols such as {@code TLSv1.2}, those of the JVM if there are none
   */
  public SSLSocket handshake(Socket accepted, String... protocols) throws IOException {
    accepted.setTcpNoDelay(true);
    SSLSocketFactory factory = serverContext("127.0.0.1").getSocketFactory();
    SSLSocket tls = (SSLSocket) factory.createSocket(accepted, null, accepted.getPort(), false);
    tls.setUseClientMode(false);
    if (protocols.length > 0) {
      tls.setEnabledProtocols(protocols);
    }
    tls.startHandshake();
    return tls;
  }

  /** Returns a context for a server whose certificate is over. */
  public SSLContext expiredServerContext(String... names) {
    return serverContext(Validity.EXPIRED, "CN=server", names);
  }

  /** Returns a context for a server that is named by the common name alone. */
  public SSLContext commonNameServerContext(String name) {
    return serverContext(Validity.CURRENT, "CN=" + name);
  }

  /**
   * Returns a context for a server that is named by the common name, and has an address of mail.
   */
  public SSLContext mailServerContext(String name) {
    return serverContext(Validity.CURRENT, "CN=" + name, "mailto:post@example.com");
  }

  /** Returns a context for clients that trust this authority alone. */
  public SSLContext clientContext() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, PASSWORD);
      store.setCertificateEntry("ca", certificate);
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private enum Validity {
    CURRENT(-1, 30),
    EXPIRED(-30, -1);

    private final int fromDays;
    private final int toDays;

    Validity(int fromDays, int toDays) {
      this.fromDays = fromDays;
      this.toDays = toDays;
    }

    Date from() {
      return Date.from(Instant.now().plus(fromDays, ChronoUnit.DAYS));
    }

    Date to() {
      return Date.from(Instant.now().plus(toDays, ChronoUnit.DAYS));
    }
  }

  /**
   * Returns the key of a server whose certificate names each host or IP address, with its chain, as
   * the entry {@code server} under {@link #password()}: for a server that is another process.
   */
  public KeyStore serverKeyStore(String... names) {
    return serverKeyStore(Validity.CURRENT, "CN=server", names);
  }

  /** Returns the password of every key store that comes from here. */
  public static char[] password() {
    return PASSWORD.clone();
  }

  private SSLContext serverContext(Validity validity, String subject, String... names) {
    try {
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(serverKeyStore(validity, subject, names), PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private KeyStore serverKeyStore(Validity validity, String subject, String... names) {
    try {
      KeyPair serverKeys = newKeys();
      X500Name issuer = new X500Name("CN=Hostpool test CA");
      X509v3CertificateBuilder builder =
          builder(issuer, new X500Name(subject), serverKeys, validity);
      if (names.length > 0) {
        GeneralName[] san = Arrays.stream(names).map(TestCa::name).toArray(GeneralName[]::new);
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(san));
      }
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, PASSWORD);
      Certificate[] chain = {sign(builder, keys), certificate};
      store.setKeyEntry("server", serverKeys.getPrivate(), PASSWORD, chain);
      return store;
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static GeneralName name(String name) {
    if (name.startsWith("mailto:")) {
      return new GeneralName(GeneralName.rfc822Name, name.substring("mailto:".length()));
    }
    if (name.startsWith("dns:")) {
      return new GeneralName(GeneralName.dNSName, name.substring("dns:".length()));
    }
    boolean isAddress = name.indexOf(':') >= 0 || name.matches("[0-9.]+");
    return new GeneralName(isAddress ? GeneralName.iPAddress : GeneralName.dNSName, name);
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, KeyPair keys, Validity validity) {
    BigInteger serial = BigInteger.valueOf(System.nanoTime());
    return new JcaX509v3CertificateBuilder(
        issuer, serial, validity.from(), validity.to(), subject, keys.getPublic());
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, KeyPair keys)
      throws OperatorCreationException, GeneralSecurityException {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
  }
}
