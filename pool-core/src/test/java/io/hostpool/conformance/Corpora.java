package io.hostpool.conformance;

import io.hostpool.conformance.ReplayCase.Corpus;
import io.hostpool.conformance.ReplayCase.Ending;
import io.hostpool.conformance.ReplayCase.Expected;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the responses of other projects' test suites, and what they expect. Not instantiable. */
final class Corpora {

  /** Exits of curl that are about its options or its other protocols, not about the response. */
  private static final Set<Integer> CURL_OWN_POLICY = Set.of(22, 23, 28, 61, 63);

  private Corpora() {}

  /** Reads llhttp's cases, each once kept open and once with a FIN after the last byte. */
  static List<ReplayCase> llhttp() {
    List<ReplayCase> cases = new ArrayList<>();
    for (JsonNode node : read("llhttp_responses").get("cases")) {
      for (Ending ending : Ending.values()) {
        cases.add(llhttp(node, ending));
      }
    }
    return cases;
  }

  private static ReplayCase llhttp(JsonNode node, Ending ending) {
    JsonNode expect = node.get("client_expect");
    boolean kept = ending == Ending.KEEP;
    Expected expected =
        switch (expect.get("kind").asString()) {
          case "reject", "status-then-body-error", "incomplete (FIN => error)" -> Expected.REJECT;
          // What ends with the connection cannot end while that is open.
          case "read-until-close" -> kept ? Expected.EITHER : Expected.ACCEPT_CLOSE;
          case "response" ->
              expect.get("extra_bytes_follow").asBoolean()
                  ? Expected.ACCEPT_CLOSE
                  : Expected.ACCEPT;
          case "same-as-unpaused" -> Expected.ACCEPT;
          default -> Expected.EITHER;
        };
    JsonNode body = expect.get("body_base64");
    return new ReplayCase(
        Corpus.LLHTTP,
        node.get("id").asString(),
        node.get("name").asString(),
        node.get("skip_body").asBoolean() ? "HEAD" : "GET",
        bytes(node, "bytes"),
        ending,
        expected,
        expect.has("status") ? expect.get("status").asInt() : 0,
        body == null ? null : Base64.getDecoder().decode(body.asString()));
  }

  /**
   * Reads curl's cases as they are, and once more with CRLF in the head where that is different.
   */
  static List<ReplayCase> curl() {
    List<ReplayCase> cases = new ArrayList<>();
    for (JsonNode node : read("curl_responses").get("cases")) {
      String id = node.get("id").asString();
      byte[] bytes = bytes(node, "bytes");
      byte[] crlf = bytes(node, "bytes_crlf");
      cases.add(curl(node, id, bytes));
      if (!Arrays.equals(bytes, crlf)) {
        cases.add(curl(node, id + "-crlf", crlf));
      }
    }
    return cases;
  }

  private static ReplayCase curl(JsonNode node, String id, byte[] bytes) {
    String head = new String(bytes, StandardCharsets.ISO_8859_1);
    String method = node.get("method").asString();
    boolean closes = node.get("server_closes").asBoolean();
    Ending ending = closes || !saysItsEnd(head, method) ? Ending.FIN : Ending.KEEP;
    Expected expected = Judgements.replace(id, curlExpected(node, head));
    return new ReplayCase(
        Corpus.CURL,
        id,
        node.get("name").asString(),
        method,
        bytes,
        ending,
        expected,
        0,
        expected.isAccept() ? plainBody(bytes, head, method) : null);
  }

  private static Expected curlExpected(JsonNode node, String response) {
    int exit = node.get("expected").get("curl_exit").asInt();
    String options = node.get("options").toString();
    String head = head(response).toLowerCase(Locale.ROOT);
    if (response.isEmpty() || options.contains("--http0.9")) {
      return Expected.REJECT;
    }
    if (head.contains("\ncontent-encoding:")) {
      // curl was asked to decode; that is another test.
      return exit == 0 ? Expected.ACCEPT : Expected.EITHER;
    }
    if (options.contains("--ignore-content-length")) {
      return Expected.EITHER;
    }
    if (exit == 61) {
      return Expected.REJECT;
    }
    return exit == 0 || CURL_OWN_POLICY.contains(exit) ? Expected.ACCEPT : Expected.REJECT;
  }

  /** Whether a client can tell the end of the response without the end of the connection. */
  private static boolean saysItsEnd(String response, String method) {
    String head = head(response).toLowerCase(Locale.ROOT);
    return head.contains("\ncontent-length:")
        || head.contains("\ntransfer-encoding:")
        || head.contains(" 204 ")
        || method.equals("HEAD");
  }

  /** Returns the body where it stands in the response as it is and is not coded, else null. */
  private static byte[] plainBody(byte[] bytes, String response, String method) {
    String head = head(response);
    String lower = head.toLowerCase(Locale.ROOT);
    if (lower.contains("-encoding:") || lower.startsWith("http/1.1 1")) {
      return null;
    }
    if (method.equals("HEAD")) {
      return new byte[0];
    }
    byte[] rest = Arrays.copyOfRange(bytes, head.length(), bytes.length);
    int at = lower.indexOf("\ncontent-length:");
    if (at < 0) {
      return rest;
    }
    String value = lower.substring(at + "\ncontent-length:".length()).lines().findFirst().get();
    int length = (int) Math.min(rest.length, Double.parseDouble(value.split(",")[0]));
    return Arrays.copyOf(rest, length);
  }

  /** Returns everything up to and with the first empty line. */
  private static String head(String response) {
    int crlf = response.indexOf("\r\n\r\n");
    int lf = response.indexOf("\n\n");
    if (crlf < 0 && lf < 0) {
      return response;
    }
    boolean lfFirst = crlf < 0 || (lf >= 0 && lf < crlf);
    return response.substring(0, lfFirst ? lf + 2 : crlf + 4);
  }

  private static byte[] bytes(JsonNode node, String name) {
    JsonNode plain = node.get(name + "_base64");
    if (plain != null) {
      return Base64.getDecoder().decode(plain.asString());
    }
    byte[] packed = Base64.getDecoder().decode(node.get(name + "_gzip_base64").asString());
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode read(String name) {
    String path = "/corpora/" + name + ".json";
    try (InputStream in = Corpora.class.getResourceAsStream(path)) {
      return JsonMapper.shared().readTree(Objects.requireNonNull(in, path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
