package io.hostpool.net;

import static org.assertj.core.api.Assertions.assertThat;

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
}
