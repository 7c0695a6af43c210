package io.hostpool.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostpool.conformance.Observation.Next;
import io.hostpool.conformance.ReplayCase.Corpus;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every response of the corpora, whole and one byte at a time, each followed by a canary on the
 * same pool of one connection. What was seen is in {@code docs/conformance.md}; {@code
 * -Dhostpool.conformance.write=true} writes it there.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ResponseConformanceSocketTest {

  private static final int ALLOWED_PERCENT = 3;

  private static ConformanceRun run;

  @BeforeAll
  static void replay() throws Exception {
    List<ReplayCase> cases = new ArrayList<>();
    cases.addAll(Corpora.llhttp());
    cases.addAll(Corpora.curl());
    cases.addAll(Rfc9112HeadCases.all());
    cases.addAll(Rfc9112BodyCases.all());
    run = ConformanceRun.of(cases);
  }

  @ParameterizedTest
  @EnumSource
  void nothingOfAResponseReachesTheNextRequest(Corpus corpus) {
    assertThat(run.of(corpus, r -> r.any(seen -> seen.next() == Next.POISONED))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void requestAfterAnyResponseSucceeds(Corpus corpus) {
    assertThat(run.of(corpus, r -> r.any(seen -> seen.next() == Next.FAILED))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void connectionComesBackWhateverTheResponse(Corpus corpus) {
    assertThat(run.of(corpus, r -> r.any(seen -> !seen.returned()))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void nobodyWaitsForMoreAfterTheEnd(Corpus corpus) {
    assertThat(run.of(corpus, ConformanceRun.Result::hangs)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void responseByTheByteIsTheSameAsWhole(Corpus corpus) {
    assertThat(run.of(corpus, r -> !r.isSameSplit())).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void everyDisagreementIsListedWithItsClause(Corpus corpus) {
    assertThat(
            run.of(
                corpus,
                r -> r.isDisagreement() && Judgements.disagreement(r.replayed().id()).isEmpty()))
        .isEmpty();
  }

  @Test
  void everyListedDisagreementIsOne() {
    Set<String> seen =
        Stream.of(Corpus.values())
            .flatMap(corpus -> run.of(corpus, ConformanceRun.Result::isDisagreement).stream())
            .map(r -> r.replayed().id().replace("-crlf", ""))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(Judgements.DISAGREEMENTS)
        .extracting(Judgements.Disagreement::id)
        .containsExactlyInAnyOrderElementsOf(seen);
  }

  @Test
  void atMostThreeInAHundredAreJudgedOtherwise() {
    ConformanceRun.Figures all = run.figures(List.of(Corpus.values()));

    assertThat(100 * all.accepted()).isLessThanOrEqualTo(ALLOWED_PERCENT * all.mustReject());
    assertThat(100 * all.rejected()).isLessThanOrEqualTo(ALLOWED_PERCENT * all.mustAccept());
  }

  @Test
  void documentShowsTheFiguresOfThisRun() throws Exception {
    String document = ConformanceDoc.read();
    String current = ConformanceDoc.with(document, run);
    if (Boolean.getBoolean("hostpool.conformance.write")) {
      ConformanceDoc.write(current);
      return;
    }

    assertThat(document).isEqualTo(current);
  }
}
