package io.hostpool.net;

import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.apache.hc.core5.net.InetAddressUtils;

/**
 * What JSSE lets through when it compares a certificate with a host name, and RFC 9110 section
 * 4.3.4 and RFC 9525 do not: a common name where no DNS name is among the alternative ones, and a
 * wildcard that is a part of a label. After JSSE's own check. Not instantiable.
 */
final class HostNames {

  private static final int DNS_NAME = 2;

  private HostNames() {}

  /**
   * Looks at the certificate that a handshake brought.
   *
   * @throws SSLPeerUnverifiedException if it is not one for {@code host}
   */
  static void require(SSLSession session, String host) throws SSLPeerUnverifiedException {
    Certificate leaf = session.getPeerCertificates()[0];
    if (!(leaf instanceof X509Certificate x509) || isAddress(host)) {
      // JSSE finds addresses among the alternative names only.
      return;
    }
    List<String> names = dnsNames(x509, host);
    if (names.isEmpty()) {
      throw new SSLPeerUnverifiedException(
          "certificate of "
              + host
              + " has no DNS name as subjectAltName; its common name does not count");
    }
    if (names.stream().noneMatch(pattern -> matches(pattern, host))) {
      throw new SSLPeerUnverifiedException("certificate is for " + names + ", not for " + host);
    }
  }

  /** Returns whether {@code pattern} is {@code host}, or {@code *.} and all but its first label. */
  static boolean matches(String pattern, String host) {
    String name = pattern.toLowerCase(Locale.ROOT);
    String wanted = host.toLowerCase(Locale.ROOT);
    if (!name.startsWith("*.")) {
      return name.equals(wanted) && name.indexOf('*') < 0;
    }
    String domain = name.substring(1);
    int dot = wanted.indexOf('.');
    return dot > 0
        && wanted.substring(dot).equals(domain)
        && domain.indexOf('.', 1) > 0
        && domain.indexOf('*') < 0;
  }

  private static boolean isAddress(String host) {
    return InetAddressUtils.isIPv4(host) || host.indexOf(':') >= 0;
  }

  private static List<String> dnsNames(X509Certificate certificate, String host)
      throws SSLPeerUnverifiedException {
    try {
      Collection<List<?>> all = certificate.getSubjectAlternativeNames();
      List<String> names = new ArrayList<>();
      if (all != null) {
        for (List<?> name : all) {
          if (name.get(0) instanceof Integer kind && kind == DNS_NAME) {
            names.add((String) name.get(1));
          }
        }
      }
      return names;
    } catch (CertificateParsingException e) {
      throw new SSLPeerUnverifiedException("certificate of " + host + ": " + e.getMessage());
    }
  }
}
