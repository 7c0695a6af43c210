package io.hostpool.conformance;

import static io.hostpool.conformance.CaseList.CHUNKED;
import static io.hostpool.conformance.CaseList.END;
import static io.hostpool.conformance.CaseList.HELLO;
import static io.hostpool.conformance.CaseList.LENGTH;
import static io.hostpool.conformance.CaseList.OK;

import java.util.List;

/** RFC 9112 sections 6 to 9: length of a body, chunks, endings, persistence. Not instantiable. */
final class Rfc9112BodyCases {

  private static final String CODING = OK + "Transfer-Encoding: ";
  private static final String CHUNKS = "5\r\nhello\r\n" + END;
  private static final String POISON = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";

  private Rfc9112BodyCases() {}

  static List<ReplayCase> all() {
    CaseList list = new CaseList();
    codings(list);
    lengths(list);
    bodiless(list);
    chunkSizes(list);
    chunkExtensions(list);
    chunkData(list);
    trailers(list);
    cuts(list);
    persistence(list);
    extraBytes(list);
    return list.cases();
  }

  private static void codings(CaseList list) {
    list.accept("6.1", "chunked-in-any-case", CODING + "cHuNkEd\r\n\r\n" + CHUNKS, "hello");
    list.accept("6.1", "chunked-among-blanks", CODING + "\t chunked \r\n\r\n" + CHUNKS, "hello");
    list.acceptOnce(
        "6.3",
        "chunked-and-length",
        OK + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS,
        "hello");
    list.acceptOnce(
        "6.3",
        "chunked-and-length-after",
        CODING + "chunked\r\nContent-Length: 500\r\n\r\n" + CHUNKS,
        "hello");
    list.reject(
        "6.3", "chunked-and-bad-length", CODING + "chunked\r\nContent-Length: +5\r\n\r\n" + CHUNKS);
    list.reject(
        "6.1", "http10-chunked", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS);
    list.reject(
        "6.1",
        "http10-chunked-keep-alive",
        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS);
    for (String coding :
        new String[] {
          "chunked, chunked",
          "chunked\r\nTransfer-Encoding: chunked",
          "xchunked",
          "chunkedx",
          "chunked;q=1",
          "\"chunked\"",
          "chunked,",
          ",chunked",
          "chunked identity",
          "chunked\u00a0",
          "",
          "\u000bchunked",
          "gzip",
          "gzip, chunked",
          "x\r\nTransfer-Encoding: chunked"
        }) {
      list.reject("6.1", "coding " + coding, CODING + coding + "\r\n\r\n" + CHUNKS);
    }
    list.either("6.3", "coding-not-last", CODING + "chunked, gzip\r\n\r\n" + CHUNKS);
    list.either("6.3", "coding-identity", CODING + "identity\r\n\r\nhello");
    list.either("6.3", "coding-unknown", CODING + "foo\r\n\r\nhello");
  }

  private static void lengths(CaseList list) {
    list.accept("6.2", "length", HELLO, "hello");
    list.accept("6.2", "length-zero", LENGTH + "0\r\n\r\n", "");
    list.accept("6.2", "length-leading-zeros", LENGTH + "0005\r\n\r\nhello", "hello");
    list.accept(
        "6.3", "same-length-twice", LENGTH + "5\r\nContent-Length: 5\r\n\r\nhello", "hello");
    list.accept(
        "6.3", "same-length-in-two-cases", LENGTH + "5\r\ncontent-LENGTH: 5\r\n\r\nhello", "hello");
    list.accept("6.3", "same-length-in-list", LENGTH + "5, 5,5\r\n\r\nhello", "hello");
    for (String length :
        new String[] {
          "+5",
          "-5",
          "5.0",
          "5 5",
          "0x5",
          "5h",
          "five",
          "",
          "5,",
          ",5",
          "5, 6",
          "5;5",
          "\"5\"",
          "1e0",
          "5 bytes",
          "\u0665",
          "18446744073709551621",
          "9223372036854775808",
          "99999999999999999999999999999999",
          "5\r\nContent-Length: 6",
          "5\r\ncontent-length: 6",
          "5\r\nContent-Length:",
          "6\r\nContent-Length: 5, 5",
          "-0",
          "--5",
          "5_0"
        }) {
      list.reject("6.3", "length " + length, LENGTH + length + "\r\n\r\nhello");
    }
    list.rejectCut("6.3", "body-too-short", LENGTH + "6\r\n\r\nhello");
    list.rejectCut("6.3", "body-missing", LENGTH + "1\r\n\r\n");
    list.acceptToEnd("6.3", "body-to-end", OK + "\r\nhello", "hello");
    list.acceptToEnd("6.3", "empty-body-to-end", OK + "\r\n", "");
    list.acceptToEnd(
        "6.3", "body-to-end-keep-alive", OK + "Connection: keep-alive\r\n\r\n" + CHUNKS, CHUNKS);
  }

  private static void bodiless(CaseList list) {
    list.acceptAs("6.3", "head-with-length", "HEAD", LENGTH + "5\r\n\r\n", 200, "");
    list.acceptAs("6.3", "head-chunked", "HEAD", CHUNKED, 200, "");
    list.acceptAs("6.3", "head-without-either", "HEAD", OK + "\r\n", 200, "");
    list.acceptOnceAs("6.3", "head-with-body", "HEAD", HELLO, 200, "");
    list.acceptOnceAs("6.3", "head-with-poison", "HEAD", LENGTH + "5\r\n\r\n" + POISON, 200, "");
    for (int status : new int[] {204, 304}) {
      String line = "HTTP/1.1 " + status + " X\r\n";
      list.acceptAs("6.3", status + "", "GET", line + "\r\n", status, "");
      list.acceptAs(
          "6.3", status + "-with-length", "GET", line + "Content-Length: 5\r\n\r\n", status, "");
      list.acceptOnceAs("6.3", status + "-then-bytes", "GET", line + "\r\nhello", status, "");
      list.acceptOnceAs(
          "6.3",
          status + "-with-chunks",
          "GET",
          line + "Transfer-Encoding: chunked\r\n\r\n" + CHUNKS,
          status,
          "");
    }
    list.acceptAs(
        "6.3", "205-empty", "GET", "HTTP/1.1 205 X\r\nContent-Length: 0\r\n\r\n", 205, "");
  }

  private static void chunkSizes(CaseList list) {
    list.accept("7.1", "chunks", CHUNKED + "2\r\nhe\r\n3\r\nllo\r\n" + END, "hello");
    list.accept("7.1", "no-chunks", CHUNKED + END, "");
    list.accept("7.1", "size-leading-zeros", CHUNKED + "0005\r\nhello\r\n" + END, "hello");
    list.accept(
        "7.1", "size-many-zeros", CHUNKED + "0".repeat(40) + "5\r\nhello\r\n" + END, "hello");
    list.accept("7.1", "last-chunk-of-zeros", CHUNKED + "5\r\nhello\r\n000\r\n\r\n", "hello");
    list.accept("7.1", "size-lower", CHUNKED + "a\r\n0123456789\r\n" + END, "0123456789");
    list.accept("7.1", "size-upper", CHUNKED + "A\r\n0123456789\r\n" + END, "0123456789");
    for (String blanks : new String[] {" ", "\t", " \t  "}) {
      list.accept(
          "7.1",
          "blanks-behind-size " + blanks.length(),
          CHUNKED + "5" + blanks + "\r\nhello\r\n0" + blanks + "\r\n\r\n",
          "hello");
    }
    for (String size :
        new String[] {
          "+5",
          "-5",
          " 5",
          "\t5",
          "0x5",
          "5h",
          "g",
          "",
          "5 5",
          "5.0",
          "5,",
          "\u00005",
          "\uff15",
          "5\u0000",
          "5\u000b",
          "5\r",
          "10000000000000005",
          "ffffffffffffffff",
          "8000000000000000",
          "7fffffffffffffff",
          "fffffffffffffffffffff5",
          "5 \n",
          "5 \r",
          "5 0"
        }) {
      list.reject("7.1", "size " + size, CHUNKED + size + "\r\nhello\r\n" + END);
    }
    list.reject("7.1", "size-line-ends-with-lf", CHUNKED + "5\nhello\r\n" + END);
    list.reject("7.1", "size-line-limit", CHUNKED + "0".repeat(5000) + "5\r\nhello\r\n" + END);
  }

  private static void chunkExtensions(CaseList list) {
    for (String extension :
        new String[] {
          ";a",
          ";a=b",
          ";a=\"b c\"",
          ";a;b=c;d",
          " ; a = b",
          "\t;a",
          ";a=\"\\\"\"",
          ";a=\";\"",
          ";a=\"\t\u00e9\"",
          ";a=\"\"",
          ";",
          "; ",
          " ;\t",
          ";a;",
          ";a ",
          ";a=b ;",
          ";a=\"b\"\t"
        }) {
      String response = CHUNKED + "5" + extension + "\r\nhello\r\n0" + extension + "\r\n\r\n";
      list.accept("7.1.1", "extension " + extension, response, "hello");
    }
    for (String extension :
        new String[] {
          ";a\nb",
          ";a\rb",
          ";a\0",
          ";a=\"b\u0000\"",
          ";a=\"b\nc\"",
          ";\u007f",
          ";\n",
          ";\na",
          ";\r",
          ";;",
          ";;a",
          ";=b",
          ";a=",
          ";a=\"b",
          ";a=\"b\"c",
          ";a=b\"",
          ";a b",
          "a",
          ";a=b c",
          ";a=\"b\\"
        }) {
      list.reject(
          "7.1.1", "extension " + extension, CHUNKED + "5" + extension + "\r\nhello\r\n" + END);
    }
    list.reject(
        "7.1.1",
        "extensions-limit",
        CHUNKED + ("1;a=" + "b".repeat(4000) + "\r\nx\r\n").repeat(10) + END);
    list.reject(
        "7.1.1", "extension-limit", CHUNKED + "5;a=" + "b".repeat(70_000) + "\r\nhello\r\n" + END);
  }

  private static void chunkData(CaseList list) {
    list.accept(
        "7.1", "line-breaks-in-data", CHUNKED + "7\r\n\r\n0\r\n\r\n\r\n" + END, "\r\n0\r\n\r\n");
    list.reject("7.1", "data-longer-than-size", CHUNKED + "4\r\nhello\r\n" + END);
    list.reject("7.1", "data-shorter-than-size", CHUNKED + "6\r\nhello\r\n" + END);
    list.reject("7.1", "data-ends-with-lf", CHUNKED + "5\r\nhello\n" + END);
    list.reject("7.1", "data-ends-with-cr", CHUNKED + "5\r\nhello\r" + END);
    list.reject("7.1", "data-without-line-break", CHUNKED + "5\r\nhello" + END);
    list.reject("7.1", "blank-after-data", CHUNKED + "5\r\nhello \r\n" + END);
    list.reject("7.1", "empty-line-between-chunks", CHUNKED + "5\r\nhello\r\n\r\n" + END);
  }

  private static void trailers(CaseList list) {
    String last = CHUNKED + "5\r\nhello\r\n0\r\n";
    list.accept("7.1.2", "trailers", last + "X: 1\r\nY:\t2\r\n\r\n", "hello");
    list.accept("7.1.2", "framing-in-trailers", last + "Content-Length: 9\r\n\r\n", "hello");
    list.accept("7.1.2", "close-in-trailers", last + "Transfer-Encoding: x\r\n\r\n", "hello");
    list.accept("7.1.2", "many-trailers", last + "X: 1\r\n".repeat(100) + "\r\n", "hello");
    list.reject("7.1.2", "trailer-without-colon", last + "X\r\n\r\n");
    list.reject("7.1.2", "trailer-blank-before-colon", last + "X : 1\r\n\r\n");
    list.reject("7.1.2", "trailer-with-nul", last + "X: \0\r\n\r\n");
    list.reject("7.1.2", "trailer-with-cr", last + "X: a\rb\r\n\r\n");
    list.reject("7.1.2", "trailer-blank-first", last + " X: 1\r\n\r\n");
    list.reject("7.1.2", "trailer-ends-with-lf", last + "X: 1\n\r\n");
    list.reject("7.1.2", "body-ends-with-lf", last + "\n" + POISON);
    list.reject("7.1.2", "response-for-trailers", last + POISON);
  }

  private static void cuts(CaseList list) {
    String whole = "5;a=b\r\nhello\r\n0\r\nX: 1\r\n\r\n";
    for (int length : new int[] {0, 1, 5, 6, 7, 9, 12, 13, 14, 15, 16, 17, 19, 21, 22, 23}) {
      list.rejectCut("8", "chunked-cut-at-" + length, CHUNKED + whole.substring(0, length));
    }
    list.rejectCut("8", "last-chunk-cut", CHUNKED + "5\r\nhello\r\n0");
    list.rejectCut("8", "final-line-missing", CHUNKED + "5\r\nhello\r\n0\r\n");
    list.rejectCut("8", "final-line-cut", CHUNKED + "5\r\nhello\r\n0\r\n\r");
  }

  private static void persistence(CaseList list) {
    for (String option :
        new String[] {
          "close",
          "CLOSE",
          "keep-alive, close",
          "x,close , y",
          "close\r\nConnection: keep-alive",
          "keep-alive\r\nConnection: close"
        }) {
      String response = OK + "Connection: " + option + "\r\nContent-Length: 5\r\n\r\nhello";
      list.acceptOnce("9.3", "connection " + option, response, "hello");
    }
    list.accept(
        "9.3", "proxy-connection", OK + "Proxy-Connection: close\r\nContent-Length: 0\r\n\r\n", "");
    list.accept("9.3", "closely", OK + "Connection: closed\r\nContent-Length: 0\r\n\r\n", "");
    list.acceptOnce(
        "9.3",
        "http10-keep-alive-and-close",
        "HTTP/1.0 200 OK\r\nConnection: keep-alive, close\r\nContent-Length: 0\r\n\r\n",
        "");
    list.acceptOnce(
        "9.6",
        "close-then-poison",
        OK + "Connection: close\r\nContent-Length: 0\r\n\r\n" + POISON,
        "");
  }

  private static void extraBytes(CaseList list) {
    list.acceptOnce("9.2", "length-then-response", HELLO + POISON, "hello");
    list.acceptOnce("9.2", "length-then-line-break", HELLO + "\r\n", "hello");
    list.acceptOnce("9.2", "length-then-byte", HELLO + "x", "hello");
    list.acceptOnce("9.2", "length-zero-then-response", LENGTH + "0\r\n\r\n" + POISON, "");
    list.acceptOnce("9.2", "chunks-then-response", CHUNKED + CHUNKS + POISON, "hello");
    list.acceptOnce("9.2", "chunks-then-line-break", CHUNKED + CHUNKS + "\r\n", "hello");
    list.acceptOnce(
        "9.2", "chunks-then-interim", CHUNKED + CHUNKS + "HTTP/1.1 100 C\r\n\r\n", "hello");
    list.acceptOnce("9.2", "many-responses", HELLO + POISON.repeat(50), "hello");
    list.acceptOnce("9.2", "half-a-response", HELLO + POISON.substring(0, 20), "hello");
  }
}
