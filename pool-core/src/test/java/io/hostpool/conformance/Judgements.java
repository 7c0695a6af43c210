package io.hostpool.conformance;

import io.hostpool.conformance.ReplayCase.Expected;
import java.util.List;
import java.util.Optional;

/**
 * Where this client differs from a corpus on purpose, and where a corpus says something about
 * another client's options rather than about the response. Not instantiable.
 */
final class Judgements {

  /** A case that this client judges otherwise, by its id without {@code -crlf}. */
  record Disagreement(String id, String clause, String reason) {}

  /** A case whose verdict is replaced. */
  record Replacement(String id, Expected by, String clause, String reason) {}

  private static final String LF =
      "a recipient MAY take a lone LF for the end of a line; enough servers send it, and nothing"
          + " of a head can move into the next one by it";
  private static final String NOT_LAST =
      "the RFC would read to the end of the connection, and hand over a body in a coding that"
          + " this client cannot undo";
  private static final String NOT_ASKED =
      "curl sent `TE` or asked for the raw body; without `TE` only `chunked` is acceptable";
  private static final String TOO_LONG =
      "the length fits in no 64 bits, and overflow must be prevented; curl reads on or looks at"
          + " its own option";
  private static final String IDENTITY =
      "`identity` has been no transfer coding since RFC 7230; curl skips it";

  private static final String BLANKS =
      "blanks behind a size: servers pad it to a fixed width, other clients take it, and no reader"
          + " takes the size for another one";
  private static final String EMPTY =
      "an empty extension: servers send it, other clients take it, and it says nothing that could"
          + " be read in two ways";

  static final List<Disagreement> DISAGREEMENTS =
      List.of(
          new Disagreement(
              "curl-test129",
              "RFC 9110 §2.5",
              "a higher minor version SHOULD be processed as the highest one that is known"),
          new Disagreement(
              "curl-test772",
              "RFC 9110 §10.2.2",
              "two different `Location`s on a 200, which is no redirect: nothing is followed"),
          new Disagreement("transfer-encoding#L4", "RFC 9112 §7.1", BLANKS),
          new Disagreement("transfer-encoding#L248", "RFC 9112 §7.1.1", EMPTY),
          new Disagreement("invalid#L287", "RFC 9112 §2.2", LF),
          new Disagreement("invalid#L327", "RFC 9112 §2.2", LF),
          new Disagreement("sample#L330", "RFC 9112 §2.2", LF),
          new Disagreement(
              "sample#L645",
              "RFC 9112 §2.3",
              "`HTTP/0.9` has no status line, so this is no version that sends one"),
          new Disagreement("transfer-encoding#L43", "RFC 9112 §6.3", NOT_LAST),
          new Disagreement("transfer-encoding#L74", "RFC 9112 §6.3", NOT_LAST),
          new Disagreement("transfer-encoding#L110", "RFC 9112 §6.3", NOT_LAST));

  static final List<Replacement> REPLACEMENTS =
      List.of(
          new Replacement("curl-test319", Expected.REJECT, "RFC 9110 §10.1.4", NOT_ASKED),
          new Replacement("curl-test1122", Expected.REJECT, "RFC 9110 §10.1.4", NOT_ASKED),
          new Replacement("curl-test1123", Expected.REJECT, "RFC 9110 §10.1.4", NOT_ASKED),
          new Replacement("curl-test1124", Expected.REJECT, "RFC 9110 §10.1.4", NOT_ASKED),
          new Replacement("curl-test1277", Expected.REJECT, "RFC 9110 §10.1.4", NOT_ASKED),
          new Replacement("curl-test393", Expected.EITHER, "RFC 9110 §8.6", TOO_LONG),
          new Replacement("curl-test395", Expected.EITHER, "RFC 9110 §8.6", TOO_LONG),
          new Replacement(
              "curl-test1417",
              Expected.REJECT,
              "RFC 9112 §7.1",
              "a chunk line ends with CRLF; §2.2 lets LF pass in the head only"),
          new Replacement(
              "curl-test1473",
              Expected.EITHER,
              "RFC 9112 §2.2",
              "a blank before the first field: reject it or drop the line; this client rejects"),
          new Replacement("curl-test1493", Expected.EITHER, "RFC 9112 §7", IDENTITY),
          new Replacement("curl-test1494", Expected.EITHER, "RFC 9112 §7", IDENTITY));

  private Judgements() {}

  static Optional<Disagreement> disagreement(String id) {
    return DISAGREEMENTS.stream().filter(d -> d.id().equals(withoutForm(id))).findFirst();
  }

  /** Returns what is expected of the case instead of {@code upstream}, or that. */
  static Expected replace(String id, Expected upstream) {
    return REPLACEMENTS.stream()
        .filter(r -> r.id().equals(withoutForm(id)))
        .map(Replacement::by)
        .findFirst()
        .orElse(upstream);
  }

  static boolean isReplaced(String id) {
    return REPLACEMENTS.stream().anyMatch(r -> r.id().equals(withoutForm(id)));
  }

  private static String withoutForm(String id) {
    return id.endsWith("-crlf") ? id.substring(0, id.length() - "-crlf".length()) : id;
  }
}
