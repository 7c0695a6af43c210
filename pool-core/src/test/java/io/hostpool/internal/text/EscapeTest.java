package io.hostpool.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Text of a peer in messages and logs: one line, bounded. */
class EscapeTest {

  @Test
  void textIsQuotedAndKeepsWhatIsReadable() {
    assertThat(Escape.quote("grüß \"x\" 日本 😀")).isEqualTo("\"grüß \\\"x\\\" 日本 😀\"");
    assertThat(Escape.quote("")).isEqualTo("\"\"");
  }

  @ParameterizedTest
  @ValueSource(chars = {0, 1, 0x1b, 0x7f, 0x80, 0x85, 0x9b, 0x2028, 0x2029})
  void characterThatCouldStartALineOrSteerATerminalIsEscaped(char c) {
    assertThat(Escape.quote("a" + c + "b")).isEqualTo(String.format("\"a\\u%04xb\"", (int) c));
  }

  @Test
  void commonOnesHaveTheirShortForm() {
    assertThat(Escape.quote("\r\n\t")).isEqualTo("\"\\r\\n\\t\"");
  }

  @ParameterizedTest
  @CsvSource({"5, abcde, \"abcde\"", "4, abcde, \"abcd…\"", "0, a, \"…\"", "3, ab😀, \"ab…\""})
  void longTextIsCutBetweenCharacters(int max, String text, String quoted) {
    assertThat(Escape.quote(text, max)).isEqualTo(quoted);
  }

  /** A password may hold what ends an authority early; then the rest of it is no query. */
  @ParameterizedTest
  @CsvSource({
    "http://h/p, http://h/p",
    "http://h/p?q, http://h/p?…",
    "http://h/p#f, http://h/p#…",
    "http://h?q@x, http://…",
    "http://u:hunter2@h/p?q, http://…@h/p?…",
    "http://u:hunter2#x@h/, http://…",
    "http://u:hunter2?x@h/, http://…",
    "http://u:hunter2/x@h/, http://…@h/",
    "http://u:hunter2@h/a@b, http://…@b",
    "//u:hunter2@h, //…@h",
    "u:hunter2@h//x, …@h//x",
    "u:hunter2//x@h, …@h",
    "http:/u:hunter2@h//, …@h//",
    "http://u:hunter2%40h/p, http://…%40h/p",
    "?hunter2, ?…",
    "#hunter2@, …",
    "'', ''"
  })
  void urlIsQuotedWithoutUserQueryAndFragment(String text, String shown) {
    assertThat(Escape.url(text)).isEqualTo('"' + shown + '"');
  }
}
