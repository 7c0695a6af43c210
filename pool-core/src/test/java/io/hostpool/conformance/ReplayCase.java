package io.hostpool.conformance;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes that a server answers with, and what a client must make of them. Immutable; nobody writes
 * to the arrays.
 *
 * @param clause the section that says so, in words for the table of disagreements
 * @param status the status that must come out, 0 for any; of no account unless it is accepted
 * @param body the body that must come out, null for any
 */
record ReplayCase(
    Corpus corpus,
    String id,
    String clause,
    String method,
    byte[] bytes,
    Ending ending,
    Expected expected,
    int status,
    byte[] body) {

  enum Corpus {
    LLHTTP("llhttp"),
    CURL("curl"),
    RFC9112("RFC 9112");

    final String title;

    Corpus(String title) {
      this.title = title;
    }
  }

  /** What the server does after the last byte. */
  enum Ending {
    KEEP,
    FIN
  }

  enum Expected {
    REJECT,
    ACCEPT,
    /** As ACCEPT, and the connection must not be used again. */
    ACCEPT_CLOSE,
    EITHER;

    boolean isAccept() {
      return this == ACCEPT || this == ACCEPT_CLOSE;
    }
  }

  /**
   * Says whether {@code seen} is the body that must come out. llhttp's logs, from which its bodies
   * are taken, leave line breaks out of them.
   */
  boolean allowsBody(byte[] seen) {
    if (body == null) {
      return true;
    }
    return corpus == Corpus.LLHTTP
        ? withoutLineBreaks(seen).equals(withoutLineBreaks(body))
        : Arrays.equals(seen, body);
  }

  private static String withoutLineBreaks(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1).replaceAll("[\\r\\n]", "");
  }

  String name() {
    return corpus.title + " " + id + " " + ending;
  }
}
