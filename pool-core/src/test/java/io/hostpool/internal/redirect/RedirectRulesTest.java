package io.hostpool.internal.redirect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Method and body of the next request, in the ways of urllib3 and of requests. */
class RedirectRulesTest {

  @ParameterizedTest
  @CsvSource({
    "POST,301,POST,GET", "POST,302,POST,GET", "POST,303,GET,GET", "POST,307,POST,POST",
    "POST,308,POST,POST", "PUT,301,PUT,PUT", "PUT,302,PUT,GET", "PUT,303,GET,GET",
    "HEAD,301,HEAD,HEAD", "HEAD,302,HEAD,HEAD", "HEAD,303,GET,HEAD", "GET,303,GET,GET",
    "DELETE,301,DELETE,DELETE", "DELETE,302,DELETE,GET"
  })
  void methodOfTheNextRequestIsThatOfUpstream(
      String method, int status, String urllib3, String requests) {
    assertThat(RedirectRules.URLLIB3.method(method, status)).isEqualTo(urllib3);
    assertThat(RedirectRules.REQUESTS.method(method, status)).isEqualTo(requests);
  }

  @ParameterizedTest
  @CsvSource({
    "301,false,true",
    "302,false,true",
    "303,true,true",
    "307,false,false",
    "308,false,false"
  })
  void bodyIsDroppedAsUpstreamDoes(int status, boolean urllib3, boolean requests) {
    assertThat(RedirectRules.URLLIB3.dropsBody(status)).isEqualTo(urllib3);
    assertThat(RedirectRules.REQUESTS.dropsBody(status)).isEqualTo(requests);
  }

  @ParameterizedTest
  @CsvSource({
    "200,false",
    "300,false",
    "301,true",
    "302,true",
    "303,true",
    "304,false",
    "305,false",
    "306,false",
    "307,true",
    "308,true",
    "399,false"
  })
  void redirectIsOneOfFiveStatuses(int status, boolean expected) {
    assertThat(RedirectRules.isRedirect(status)).isEqualTo(expected);
  }
}
