package io.hostpool.conformance;

import io.hostpool.conformance.ReplayCase.Corpus;
import io.hostpool.conformance.ReplayCase.Ending;
import io.hostpool.conformance.ReplayCase.Expected;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes down cases of RFC 9112, one a line. Not thread-safe. */
final class CaseList {

  static final String OK = "HTTP/1.1 200 OK\r\n";
  static final String LENGTH = OK + "Content-Length: ";
  static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";
  static final String HELLO = LENGTH + "5\r\n\r\nhello";
  static final String END = "0\r\n\r\n";

  private final List<ReplayCase> cases = new ArrayList<>();

  List<ReplayCase> cases() {
    return cases;
  }

  /** The server keeps the connection: the client must see by itself that this is wrong. */
  void reject(String clause, String id, String response) {
    add(clause, id, "GET", response, Ending.KEEP, Expected.REJECT, 0, null);
  }

  /** Wrong because the connection ends there. */
  void rejectCut(String clause, String id, String response) {
    add(clause, id, "GET", response, Ending.FIN, Expected.REJECT, 0, null);
  }

  /** Accepted as 200. */
  void accept(String clause, String id, String response, String body) {
    acceptAs(clause, id, "GET", response, 200, body);
  }

  void acceptAs(String clause, String id, String method, String response, int status, String body) {
    add(clause, id, method, response, Ending.KEEP, Expected.ACCEPT, status, body);
  }

  /** Accepted as 200, on a connection that is not used again although the server keeps it. */
  void acceptOnce(String clause, String id, String response, String body) {
    acceptOnceAs(clause, id, "GET", response, 200, body);
  }

  void acceptOnceAs(
      String clause, String id, String method, String response, int status, String body) {
    add(clause, id, method, response, Ending.KEEP, Expected.ACCEPT_CLOSE, status, body);
  }

  /** Accepted as 200, its body ended by the connection. */
  void acceptToEnd(String clause, String id, String response, String body) {
    add(clause, id, "GET", response, Ending.FIN, Expected.ACCEPT_CLOSE, 200, body);
  }

  void either(String clause, String id, String response) {
    add(clause, id, "GET", response, Ending.FIN, Expected.EITHER, 0, null);
  }

  private void add(
      String clause,
      String id,
      String method,
      String response,
      Ending ending,
      Expected expected,
      int status,
      String body) {
    cases.add(
        new ReplayCase(
            Corpus.RFC9112,
            id,
            "§" + clause,
            method,
            response.getBytes(StandardCharsets.ISO_8859_1),
            ending,
            expected,
            status,
            body == null ? null : body.getBytes(StandardCharsets.ISO_8859_1)));
  }
}
