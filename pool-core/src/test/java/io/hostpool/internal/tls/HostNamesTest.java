package io.hostpool.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.testkit.TestCa;
import java.security.cert.Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9525 section 6.3: a wildcard is a whole label, the leftmost, and stands for one. */
class HostNamesTest {

  @ParameterizedTest
  @CsvSource({
    "api.example.com, api.example.com, true",
    "API.example.COM, api.Example.com, true",
    "*.example.com, api.example.com, true",
    "*.example.com, API.EXAMPLE.COM, true",
    "*.example.com, example.com, false",
    "*.example.com, a.b.example.com, false",
    "*.example.com, .example.com, false",
    "a*.example.com, api.example.com, false",
    "*a.example.com, a.example.com, false",
    "api.*.com, api.example.com, false",
    "*.*.com, api.example.com, false",
    "*.com, example.com, false",
    "*, localhost, false",
    "*., localhost, false",
    "other.example.com, api.example.com, false",
    "example.com, api.example.com, false",
    "'', localhost, false"
  })
  void nameOfACertificateCoversWhatItSays(String pattern, String host, boolean matches) {
    assertThat(HostNames.matches(pattern, host)).isEqualTo(matches);
  }

  /** RFC 9110 section 4.3.4: an address must be there as one. */
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1, true",
    "127.0.0.1, 127.0.0.2, false",
    "127.0.0.1, dns:127.0.0.1, false",
    "127.0.0.1, ::1, false",
    "::1, ::1, true",
    "0:0:0:0:0:0:0:1, ::1, true",
    "2001:db8::a, 2001:DB8:0:0:0:0:0:A, true",
    "2001:db8::a, 2001:db8::b, false",
    "fe80::1%eth0, fe80::1, true",
    "fe80::1%eth0, fe80::2, false",
    "a_b, a_b, true",
    "api.example.com., api.example.com, true"
  })
  void certificateIsForTheHostThatItNames(String host, String certified, boolean matches)
      throws Exception {
    Certificate leaf = TestCa.create().serverKeyStore(certified).getCertificate("server");

    ThrowingCallable check = () -> HostNames.require(leaf, HostNames.certified(host));

    if (matches) {
      assertThatCode(check).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(check).isInstanceOf(SSLPeerUnverifiedException.class);
    }
  }
}
