package io.hostpool.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostpool.http.Url;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * WHATWG's own table of URLs: each is read with the host that browsers connect to, or is refused
 * for a reason that {@code wpt_refused.json} names.
 */
class WptUrlTest {

  /** What the message says of a URL that is refused for a reason. */
  private static final Map<String, List<String>> MESSAGES =
      Map.of(
          "control", List.of("control character at index"),
          "number", List.of("host that ends in a number but is no a.b.c.d of 0 to 255"),
          "slashes", List.of("not an absolute URL", "without //host", "empty host"),
          "percent", List.of("malformed host"),
          "label", List.of("host label empty or longer than 63", "host longer than 253"),
          "port", List.of("port must be 1 to 65535"),
          "backslash", List.of("backslash before the path"),
          "international", List.of("international host"));

  private final Map<String, String> reasons = new HashMap<>();

  /** A URL of the tables, and what is made of it: a URL, or the message of its refusal. */
  private record Reading(String input, String base, Url url, String refusal) {

    static Reading of(String input, String base) {
      try {
        return new Reading(
            input, base, base(base) == null ? Url.parse(input) : base(base).resolve(input), "");
      } catch (IllegalArgumentException e) {
        return new Reading(input, base, null, e.getMessage());
      }
    }

    /** What is no URL here, {@code about:blank} for example, is not resolved against. */
    private static Url base(String base) {
      try {
        return base == null ? null : Url.parse(base);
      } catch (IllegalArgumentException noUrl) {
        return null;
      }
    }

    String key() {
      return input + " against " + base;
    }

    boolean isSent() {
      return url != null && Set.of("http", "https").contains(url.scheme());
    }
  }

  WptUrlTest() {
    JsonNode refused = Corpora.read("wpt_refused");
    for (String list : List.of("urls", "hosts")) {
      for (JsonNode entry : refused.get(list)) {
        String reason = entry.get("reason").asString();
        assertThat(refused.get("reasons").has(reason)).as(reason).isTrue();
        String input = entry.get("input").asString();
        String url = list.equals("urls") ? input : "http://" + input + "/";
        reasons.put(url + " against " + text(entry, "base"), reason);
      }
    }
  }

  @Test
  void everyUrlIsReadWithTheHostOfWhatwgOrRefusedForItsReason() {
    Set<String> refused = new HashSet<>();
    int[] count = new int[2];
    forEachUrl(
        entry -> {
          Reading reading = Reading.of(text(entry, "input"), text(entry, "base"));
          String protocol = entry.has("failure") ? "none" : text(entry, "protocol");
          boolean sentByWhatwg = Set.of("http:", "https:").contains(protocol);
          if (reading.isSent()) {
            assertThat(protocol).as(reading.key()).isEqualTo(reading.url.scheme() + ":");
            assertSameHost(reading, text(entry, "hostname"));
            assertThat(portOf(reading.url)).as(reading.key()).isEqualTo(text(entry, "port"));
            count[0]++;
          } else if (sentByWhatwg) {
            assertRefusedForItsReason(reading);
            refused.add(reading.key());
          } else {
            count[1]++;
          }
        });

    assertThat(count).containsExactly(169, 644);
    assertThat(refused).hasSize(78);
  }

  @Test
  void everyNameIsReadAsByWhatwgOrRefusedForItsReason() {
    int[] count = new int[2];
    forEach(
        "wpt_toascii",
        entry -> {
          Reading reading = Reading.of("http://" + text(entry, "input") + "/", null);
          String output = text(entry, "output");
          if (reading.isSent()) {
            assertThat(reading.url.host()).as(reading.key()).isEqualTo(output);
            count[0]++;
          } else if (output != null) {
            assertRefusedForItsReason(reading);
            count[1]++;
          }
        });

    assertThat(count).containsExactly(38, 30);
  }

  @Test
  void everyReasonIsNeeded() {
    Set<String> seen = new HashSet<>();
    forEachUrl(entry -> seen.add(text(entry, "input") + " against " + text(entry, "base")));
    forEach("wpt_toascii", e -> seen.add("http://" + text(e, "input") + "/ against null"));

    assertThat(seen).containsAll(reasons.keySet());
    assertThat(new HashSet<>(reasons.values())).isEqualTo(MESSAGES.keySet());
  }

  /** Two hosts for one URL are how a check of one is passed and the other connected to. */
  @Test
  void whereUrllib3AndWhatwgAgreeOnAHostNoOtherIsConnectedTo() {
    Map<String, String> whatwg = new HashMap<>();
    forEachUrl(
        e -> whatwg.put(text(e, "input") + " against " + text(e, "base"), text(e, "hostname")));
    forEach(
        "wpt_toascii",
        e -> whatwg.put("http://" + text(e, "input") + "/ against null", text(e, "output")));
    int agreed = 0;
    for (JsonNode entry : Corpora.read("urllib3_hosts").get("hosts")) {
      Reading reading = Reading.of(text(entry, "input"), text(entry, "base"));
      String host = text(entry, "host");
      if (host.equals(whatwg.get(reading.key()))) {
        agreed++;
        if (reading.isSent()) {
          assertSameHost(reading, host);
        }
      }
    }

    assertThat(agreed).isEqualTo(240);
  }

  @Test
  void urlThatIsAcceptedIsPrintedAsItIsRead() {
    List<Url> urls = new ArrayList<>();
    forEachUrl(entry -> urls.add(Reading.of(text(entry, "input"), text(entry, "base")).url));
    urls.removeIf(url -> url == null);

    assertThat(urls)
        .hasSizeGreaterThan(250)
        .allSatisfy(url -> assertThat(Url.parse(url.toString())).isEqualTo(url.withoutUserInfo()));
  }

  private void assertRefusedForItsReason(Reading reading) {
    assertThat(reading.refusal).as(reading.key()).isNotEmpty();
    assertThat(reasons).as(reading.refusal).containsKey(reading.key());
    assertThat(MESSAGES.get(reasons.get(reading.key())))
        .as(reading.key())
        .anyMatch(reading.refusal::contains);
  }

  /** WHATWG prints the one short form of an IPv6 address, here it stays as it was written. */
  private static void assertSameHost(Reading reading, String hostname) {
    String host = Url.uriHost(reading.url.host());
    if (host.startsWith("[")) {
      assertThat(address(host)).as(reading.key()).isEqualTo(address(hostname));
    } else {
      assertThat(host).as(reading.key()).isEqualTo(hostname);
    }
  }

  private static InetAddress address(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new AssertionError(host, e);
    }
  }

  private static String portOf(Url url) {
    return url.port() == Url.defaultPort(url.scheme()) ? "" : Integer.toString(url.port());
  }

  private static void forEachUrl(Consumer<JsonNode> consumer) {
    forEach("wpt_urltestdata", consumer);
  }

  /** Comments stand between the entries. */
  private static void forEach(String corpus, Consumer<JsonNode> consumer) {
    for (JsonNode entry : Corpora.read(corpus)) {
      if (entry.isObject()) {
        consumer.accept(entry);
      }
    }
  }

  private static String text(JsonNode entry, String name) {
    JsonNode value = entry.get(name);
    return value == null || value.isNull() ? null : value.asString();
  }
}
