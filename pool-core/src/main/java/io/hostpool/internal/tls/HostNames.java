package io.hostpool.internal.tls;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.core5.net.InetAddressUtils;

/**
 * Compares a certificate with a host as RFC 9110 section 4.3.4 and RFC 9525 say, whatever was
 * compared before. JSSE lets a common name through where no DNS name is among the alternative ones,
 * and a wildcard that is a part of a label; it knows no hosts with an underscore, and leaves all to
 * an extended trust manager of the caller's. Not instantiable.
 */
final class HostNames {

  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  private HostNames() {}

  /** Returns what a certificate calls {@code host}: without the final dot, without a zone. */
  static String certified(String host) {
    if (isAddress(host)) {
      int zone = host.indexOf('%');
      return zone < 0 ? host : host.substring(0, zone);
    }
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  /**
   * Looks at the certificate that a handshake brought.
   *
   * @throws SSLPeerUnverifiedException if it is not one for {@code host}
   */
  static void require(Certificate leaf, String host) throws SSLPeerUnverifiedException {
    boolean isAddress = isAddress(host);
    List<String> names = names(leaf, isAddress ? IP_ADDRESS : DNS_NAME, host);
    if (names.isEmpty()) {
      throw new SSLPeerUnverifiedException(
          "certificate of "
              + host
              + " has no "
              + (isAddress ? "IP address" : "DNS name")
              + " as subjectAltName; its common name does not count");
    }
    if (names.stream().noneMatch(n -> isAddress ? isSameAddress(n, host) : matches(n, host))) {
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

  static boolean isAddress(String host) {
    return InetAddressUtils.isIPv4(host) || host.indexOf(':') >= 0;
  }

  /** Both are addresses in figures: no resolver is asked. */
  private static boolean isSameAddress(String certified, String host) {
    try {
      return isAddress(certified)
          && InetAddress.getByName(certified).equals(InetAddress.getByName(host));
    } catch (UnknownHostException malformed) {
      return false;
    }
  }

  private static List<String> names(Certificate leaf, int wanted, String host)
      throws SSLPeerUnverifiedException {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> all =
          leaf instanceof X509Certificate x509 ? x509.getSubjectAlternativeNames() : null;
      if (all != null) {
        for (List<?> name : all) {
          if (name.get(0) instanceof Integer kind && kind == wanted) {
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
