package io.hostpool.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.internal.socket.Endpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses as hosts: what one parser connects to, no other parser reads as another address. */
class UrlHostTest {

  private static final String NO_QUAD = "host that ends in a number but is no a.b.c.d of 0 to 255";

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "127.0.0.1", "255.255.255.255", "10.20.30.40"})
  void dottedQuadIsAHost(String host) {
    assertThat(Url.parse("http://" + host + "/").host()).isEqualTo(host);
  }

  /** The JDK reads 0127 as 127, curl, requests and browsers as 87. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0127.0.0.1",
        "127.0.0.01",
        "127.00.0.1",
        "127.1",
        "127.0.1",
        "1",
        "2130706433",
        "0x7f000001",
        "0X7F.0.0.1",
        "127.0.0.0x1",
        "127.0.0.0x",
        "0x",
        "256.0.0.1",
        "1.2.3.256",
        "1.2.3.4.5",
        "example.1",
        "example.0xff",
        "example.08",
        "127.0.0.1.",
        "0127.0.0.1.",
        "1.",
        "\uff11",
        "127.0.0.\uff10\uff11",
        "\uff10\uff58\uff17f.1"
      })
  void hostThatEndsInANumberAndIsNoDottedQuadIsRefused(String host) {
    Url base = Url.parse("http://h/");

    assertThatThrownBy(() -> Url.parse("http://" + host + "/")).hasMessageContaining(NO_QUAD);
    assertThatThrownBy(() -> base.resolve("http://" + host)).hasMessageContaining(NO_QUAD);
    assertThatThrownBy(() -> base.resolve("//" + host + "/x")).hasMessageContaining(NO_QUAD);
    assertThatThrownBy(() -> Endpoint.of("http", host, 80)).hasMessageContaining(NO_QUAD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1a", "a1", "1.a", "0xg", "0x1.a", "1-2", "127.0.0.1a", "1_"})
  void hostThatOnlyHasDigitsInItIsAName(String host) {
    assertThat(Url.parse("http://" + host + "/").host()).isEqualTo(host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::",
        "::1",
        "1::",
        "1:2:3:4:5:6:7::",
        "::2:3:4:5:6:7:8",
        "1:2:3::5:6:7:8",
        "1:2:3:4:5:6:7:8",
        "::1.2.3.4",
        "1:2:3:4:5:6:1.2.3.4",
        "1::5:6:1.2.3.4",
        "ffff::00ff"
      })
  void addressOfIpv6IsAHost(String address) throws Exception {
    assertThat(Url.parse("http://[" + address + "]/").host()).isEqualTo(address);
    assertThat(java.net.InetAddress.getByName(address).getAddress()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ":",
        ":::",
        "::1::",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8",
        "12345::",
        "g::",
        "1:::2",
        "1.2.3.4::",
        "::1.2.3.4:5",
        "::01.2.3.4",
        "::1.2.3",
        "::256.1.1.1",
        ":1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7:8:",
        "::%31",
        "::%3a"
      })
  void whatIsNoAddressOfIpv6IsRefused(String address) {
    assertThatThrownBy(() -> Url.parse("http://[" + address + "]/"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("malformed IPv6");
  }

  @ParameterizedTest
  @CsvSource({
    "[fe80::1%25eth0], fe80::1%eth0, [fe80::1%25eth0]",
    "[FE80::1%25Eth0], fe80::1%Eth0, [fe80::1%25Eth0]",
    "[::1%25LO], ::1%LO, [::1%25LO]",
    "[fe80::1%eth0], fe80::1%eth0, [fe80::1%25eth0]",
    "[fe80::1%25251], fe80::1%251, [fe80::1%25251]",
    "[fe80::1%2525], fe80::1%25, [fe80::1%2525]",
    "[fe80::1%251], fe80::1%1, [fe80::1%251]"
  })
  void zoneKeepsItsLetterCaseAndIsPrintedAsItIsRead(String text, String host, String printed) {
    Url url = Url.parse("http://" + text + ":81/x");

    assertThat(url.host()).isEqualTo(host);
    assertThat(url).hasToString("http://" + printed + ":81/x");
    assertThat(Url.parse(url.toString())).isEqualTo(url);
    assertThat(url.hostHeader()).doesNotContain("%");
    assertThat(Endpoint.of(url).host()).isEqualTo(host);
    assertThat(Endpoint.of("http", host, 81)).isEqualTo(Endpoint.of(url));
    assertThat(Url.parse(Endpoint.of(url) + "/x")).isEqualTo(url);
  }

  @Test
  void zonesTellHostsApart() {
    assertThat(Url.parse("http://[fe80::1%25eth0]/"))
        .isNotEqualTo(Url.parse("http://[fe80::1%25eth1]/"));
    assertThat(Url.parse("http://[fe80::1%25eth0]/").isSameOrigin(Url.parse("http://[fe80::1]/")))
        .isFalse();
  }

  /** What a browser takes for slashes is none here: no host is read out of it by one alone. */
  @ParameterizedTest
  @ValueSource(strings = {"\\\\evil.example/", "/\\evil.example/", "\\/evil.example/"})
  void referenceThatBrowsersReadAHostInIsRefused(String reference) {
    assertThatThrownBy(() -> Url.parse("http://h/").resolve(reference))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("backslash before the path");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"tel:5551234", "host:8080/x", "mailto:a", "javascript:1", "data:,x", "http:/x"})
  void referenceOfASchemeWithoutAHostIsRefusedByItsName(String reference) {
    String scheme = reference.substring(0, reference.indexOf(':'));

    assertThatThrownBy(() -> Url.parse("http://h/a/").resolve(reference))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("scheme " + scheme + " without //host");
  }

  /** requests: a password without a user counts, two delimiters alone do not. */
  @ParameterizedTest
  @CsvSource({"@h,", ":@h,", "u@h, u", "u:@h, u:", ":p@h, :p", "@@h, %40"})
  void userThatIsEmptyIsNone(String authority, String userInfo) {
    Url url = Url.parse("http://" + authority + "/");

    assertThat(url.userInfo()).isEqualTo(userInfo);
    assertThat(url.host()).isEqualTo("h");
  }
}
