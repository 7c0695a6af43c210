package io.hostpool.conformance;

import static io.hostpool.conformance.CaseList.CHUNKED;
import static io.hostpool.conformance.CaseList.END;
import static io.hostpool.conformance.CaseList.HELLO;
import static io.hostpool.conformance.CaseList.LENGTH;
import static io.hostpool.conformance.CaseList.OK;

import java.util.List;

/** RFC 9112 sections 2 to 5: lines, status line, fields. Not instantiable. */
final class Rfc9112HeadCases {

  private static final String TAIL = "Content-Length: 5\r\n\r\nhello";

  private Rfc9112HeadCases() {}

  static List<ReplayCase> all() {
    CaseList list = new CaseList();
    lines(list);
    versions(list);
    statusLines(list);
    interim(list);
    fieldNames(list);
    fieldValues(list);
    locations(list);
    folding(list);
    limits(list);
    return list.cases();
  }

  private static void lines(CaseList list) {
    list.accept("2.1", "plain", HELLO, "hello");
    list.accept("2.2", "lf-ends-head-lines", HELLO.replace("\r\n", "\n"), "hello");
    list.accept("2.2", "one-empty-line-first", "\r\n" + HELLO, "hello");
    list.reject("2.2", "two-empty-lines-first", "\r\n\r\n" + HELLO);
    list.reject("2.2", "bare-cr-in-status-line", "HTTP/1.1 200 O\rK\r\n" + TAIL);
    list.reject("2.2", "bare-cr-ends-status-line", "HTTP/1.1 200 OK\r" + TAIL);
    list.reject("2.2", "cr-cr-lf", "HTTP/1.1 200 OK\r\r\n" + TAIL);
    list.reject("2.2", "bare-cr-in-value", OK + "X: a\rb\r\n" + TAIL);
    list.reject("2.2", "bare-cr-splits-fields", OK + "X: a\rContent-Length: 1\r\n" + TAIL);
    list.reject("2.2", "blank-before-first-field", OK + " X: 1\r\n" + TAIL);
    list.reject("2.2", "tab-before-first-field", OK + "\tX: 1\r\n" + TAIL);
    list.reject("2.2", "blank-first-hides-length", OK + " Content-Length: 1\r\n" + TAIL);
    list.reject("2.2", "junk-line-first", "junk\r\n" + HELLO);
    list.reject("2.2", "blank-before-status-line", " " + HELLO);
    list.reject("2.2", "nul-first", "\0" + HELLO);
    list.rejectCut("2.2", "nothing", "");
    list.rejectCut("2.2", "empty-line-only", "\r\n");
  }

  private static void versions(CaseList list) {
    list.accept(
        "2.3", "http10-length-keep-alive", with("HTTP/1.0", "Connection: keep-alive\r\n"), "hello");
    list.acceptOnce("2.3", "http10", with("HTTP/1.0", ""), "hello");
    list.accept("2.3", "http12", with("HTTP/1.2", ""), "hello");
    list.accept("2.3", "http19", with("HTTP/1.9", ""), "hello");
    list.acceptOnce("2.3", "http12-close", with("HTTP/1.2", "Connection: close\r\n"), "hello");
    list.accept(
        "2.3",
        "http12-chunked",
        "HTTP/1.2 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n" + END,
        "hello");
    for (String version :
        new String[] {
          "HTTP/1.11",
          "HTTP/1.10",
          "HTTP/1.20",
          "HTTP/1.01",
          "HTTP/01.1",
          "HTTP/11.1",
          "HTTP/1.a",
          "HTTP/1.\u0662",
          "HTTP/1.",
          "HTTP/1",
          "HTTP/2.0",
          "HTTP/2",
          "HTTP/0.9",
          "HTTP/3.1",
          "HTTP /1.1",
          "HTTP/1 .1",
          "HTTP/-1.1",
          "http/1.1",
          "HTTP1.1",
          "HTTPS/1.1",
          "ICY",
          "HTTP/+1.1",
          "HTTP/1.1a",
          "HTTP/1,1"
        }) {
      list.reject("2.3", "version " + version, with(version, ""));
    }
  }

  private static void statusLines(CaseList list) {
    list.accept("4", "reason-of-blanks", "HTTP/1.1 200   \r\n" + TAIL, "hello");
    list.accept("4", "no-reason", "HTTP/1.1 200 \r\n" + TAIL, "hello");
    list.accept("4", "no-blank-after-status", "HTTP/1.1 200\r\n" + TAIL, "hello");
    list.accept("4", "reason-with-tab", "HTTP/1.1 200 All\tright\r\n" + TAIL, "hello");
    list.accept("4", "reason-in-latin-1", "HTTP/1.1 200 Tr\u00e8s bien\r\n" + TAIL, "hello");
    list.acceptAs("4", "status-unknown", "GET", "HTTP/1.1 299 X\r\n" + TAIL, 299, "hello");
    list.acceptAs("4", "status-599", "GET", "HTTP/1.1 599 X\r\n" + TAIL, 599, "hello");
    list.reject("4", "reason-with-nul", "HTTP/1.1 200 O\0K\r\n" + TAIL);
    list.reject("4", "reason-with-escape", "HTTP/1.1 200 \u001b[2J\r\n" + TAIL);
    list.reject("4", "reason-with-del", "HTTP/1.1 200 O\u007fK\r\n" + TAIL);
    for (String status :
        new String[] {
          "20",
          "2",
          "2000",
          "0200",
          "+20",
          "-20",
          "2x0",
          "20O",
          "",
          "0x7",
          "000",
          "099",
          "2 00",
          "200OK",
          "\u0662\u0660\u0660"
        }) {
      list.reject("4", "status " + status, "HTTP/1.1 " + status + " OK\r\n" + TAIL);
    }
    list.reject("4", "tab-before-status", "HTTP/1.1\t200 OK\r\n" + TAIL);
    list.reject("4", "tab-after-status", "HTTP/1.1 200\tOK\r\n" + TAIL);
    list.reject("4", "two-blanks-before-status", "HTTP/1.1  200 OK\r\n" + TAIL);
    list.reject("4", "no-blank-before-status", "HTTP/1.1200 OK\r\n" + TAIL);
    list.reject("4", "request-for-an-answer", "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    list.rejectCut("4", "cut-in-version", "HTTP/1");
    list.rejectCut("4", "cut-after-status", "HTTP/1.1 200 OK");
    list.rejectCut("4", "cut-in-line-break", "HTTP/1.1 200 OK\r");
  }

  private static void interim(CaseList list) {
    String hints = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n";
    list.accept("4", "interim-responses", hints + "HTTP/1.1 100 C\r\n\r\n" + HELLO, "hello");
    list.accept("4", "interim-with-empty-line-after", hints + "\r\n" + HELLO, "hello");
    list.accept("4", "interim-limit", hints.repeat(16) + HELLO, "hello");
    list.reject("4", "interim-limit-plus-one", hints.repeat(17) + HELLO);
    list.reject("4", "interim-malformed", "HTTP/1.1 100 C\r\nX\r\n\r\n" + HELLO);
    list.reject("4", "interim-with-body", "HTTP/1.1 103 X\r\nContent-Length: 2\r\n\r\nhi" + HELLO);
    list.reject("4", "switching-unsolicited", "HTTP/1.1 101 S\r\nUpgrade: x\r\n\r\n" + HELLO);
    list.rejectCut("4", "interim-only", hints);
  }

  private static void fieldNames(CaseList list) {
    list.accept("5.1", "odd-but-legal-name", OK + "!#$%&'*+-.^_`|~9z: 1\r\n" + TAIL, "hello");
    list.accept("5.1", "name-in-any-case", OK + "cONTENT-lENGTH: 5\r\n\r\nhello", "hello");
    list.reject("5.1", "blank-before-colon", OK + "Content-Length : 5\r\n\r\nhello");
    list.reject("5.1", "tab-before-colon", OK + "Content-Length\t: 5\r\n\r\nhello");
    list.reject(
        "5.1", "blank-before-colon-of-coding", OK + "Transfer-Encoding : chunked\r\n\r\n" + END);
    list.reject("5.1", "no-colon", OK + "Server\r\n" + TAIL);
    list.reject("5.1", "no-name", OK + ": value\r\n" + TAIL);
    list.reject("5.1", "colon-only", OK + ":\r\n" + TAIL);
    for (String name :
        new String[] {
          "X Y", "X(", "X/Y", "X@", "X[0]", "X\"", "X,Y", "X\0", "X\u00e9", "X\u007f", "X;Y", "X=Y",
          "{X}"
        }) {
      list.reject("5.1", "name " + name, OK + name + ": 1\r\n" + TAIL);
    }
  }

  private static void fieldValues(CaseList list) {
    list.accept("5.1", "no-blank-after-colon", OK + "Content-Length:5\r\n\r\nhello", "hello");
    list.accept("5.1", "blanks-around-value", OK + "Content-Length: \t 5 \t\r\n\r\nhello", "hello");
    list.accept("5.5", "empty-value", OK + "X:\r\n" + TAIL, "hello");
    list.accept("5.5", "latin-1-value", OK + "X: \u00e9\u00ff\r\n" + TAIL, "hello");
    list.accept("5.5", "colons-in-value", OK + "X: a:b: c\r\n" + TAIL, "hello");
    for (char c : new char[] {0, 1, 7, 8, 11, 12, 27, 31, 127}) {
      list.reject("5.5", "control " + (int) c + " in value", OK + "X: a" + c + "b\r\n" + TAIL);
    }
    list.reject("5.5", "nul-ends-length", OK + "Content-Length: 5\0\r\n\r\nhello");
  }

  /** Of two targets none is the right one; where none is followed there is no harm. */
  private static void locations(CaseList list) {
    String two = "Location: /a\r\nlocation: /b\r\n" + TAIL;
    list.accept("5.3", "two-locations-200", OK + two, "hello");
    list.acceptAs("5.3", "two-locations-201", "GET", "HTTP/1.1 201 C\r\n" + two, 201, "hello");
    for (int status : new int[] {300, 301, 302, 303, 304, 305, 307, 308, 399}) {
      list.reject("5.3", "two-locations-" + status, "HTTP/1.1 " + status + " X\r\n" + two);
    }
  }

  private static void folding(CaseList list) {
    list.accept("5.2", "folded-value", OK + "X: a\r\n b\r\n\tc\r\n" + TAIL, "hello");
    list.accept("5.2", "folded-to-nothing", OK + "X: a\r\n \r\n" + TAIL, "hello");
    list.reject("5.2", "length-folded-apart", OK + "Content-Length: 5\r\n 0\r\n\r\nhello");
    list.reject("5.2", "coding-folded", OK + "Transfer-Encoding: chunked\r\n x\r\n\r\n" + END);
    list.reject("5.2", "nul-in-fold", OK + "X: a\r\n \0\r\n" + TAIL);
    list.reject(
        "5.2",
        "fold-beyond-a-line",
        OK + "X: a\r\n" + (" " + "b".repeat(60_000) + "\r\n").repeat(2) + TAIL);
    list.accept("5.2", "folds-limit", OK + "X: a\r\n" + " b\r\n".repeat(98) + TAIL, "hello");
    list.reject("5.2", "folds-limit-plus-one", OK + "X: a\r\n" + " b\r\n".repeat(99) + TAIL);
    list.reject("5.2", "blank-folds-limit", OK + "X: a\r\n" + " \r\n".repeat(60_000) + TAIL);
    list.reject(
        "7.1.2", "trailer-folds-limit", CHUNKED + "0\r\nX: a\r\n" + " \n".repeat(101) + "\r\n");
  }

  private static void limits(CaseList list) {
    String filler = "b".repeat(65_500);
    list.accept("3", "long-status-line", "HTTP/1.1 200 " + filler + "\r\n" + TAIL, "hello");
    list.reject("3", "status-line-limit", "HTTP/1.1 200 " + filler + filler + "\r\n" + TAIL);
    list.accept("5", "long-field-line", OK + "X: " + filler + "\r\n" + TAIL, "hello");
    list.reject("5", "field-line-limit", OK + "X: " + filler + filler + "\r\n" + TAIL);
    list.accept("5", "fields-limit", OK + "X: 1\r\n".repeat(99) + TAIL, "hello");
    list.reject("5", "fields-limit-plus-one", OK + "X: 1\r\n".repeat(100) + TAIL);
    list.reject("5", "heads-limit", ("HTTP/1.1 103 " + filler + "\r\n\r\n").repeat(5) + HELLO);
    list.reject("5", "head-limit", OK + ("X: " + filler + "\r\n").repeat(5) + TAIL);
    list.reject("7.1.2", "trailers-limit", CHUNKED + "0\r\n" + "X: 1\r\n".repeat(101) + "\r\n");
    list.reject("7.1.2", "trailer-line-limit", CHUNKED + "0\r\nX: " + filler + filler + "\r\n\r\n");
    list.rejectCut("5", "cut-in-name", OK + "Content-Le");
    list.rejectCut("5", "cut-in-value", LENGTH + "5");
    list.rejectCut("5", "cut-before-empty-line", LENGTH + "0\r\n");
    list.rejectCut("5", "cut-in-empty-line", LENGTH + "0\r\n\r");
  }

  private static String with(String version, String field) {
    return version + " 200 OK\r\n" + field + TAIL;
  }
}
