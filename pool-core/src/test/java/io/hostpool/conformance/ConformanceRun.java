package io.hostpool.conformance;

import io.hostpool.conformance.Observation.Next;
import io.hostpool.conformance.ReplayCase.Corpus;
import io.hostpool.conformance.ReplayCase.Ending;
import io.hostpool.conformance.ReplayCase.Expected;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Replays every case, whole and one byte at a time, and keeps what was seen. Immutable. */
final class ConformanceRun {

  /** Mostly they wait. */
  private static final int THREADS = 8;

  private final List<Result> results;

  /** A case and how it was met twice. */
  record Result(ReplayCase replayed, Observation whole, Observation split) {

    boolean any(Predicate<Observation> wrong) {
      return wrong.test(whole) || wrong.test(split);
    }

    boolean isDisagreement() {
      return any(seen -> !seen.agreesWith(replayed));
    }

    /** Whether the client waited for more although the end was there to be seen. */
    boolean hangs() {
      boolean hasEnd = replayed.ending() == Ending.FIN || replayed.expected().isAccept();
      return hasEnd && any(Observation::timedOut);
    }

    boolean isSameSplit() {
      return whole.outcome().equals(split.outcome()) && whole.next() == split.next();
    }

    @Override
    public String toString() {
      return String.format(
          "%s (%s, %s): %s; split: %s%n",
          replayed.name(),
          replayed.clause(),
          replayed.expected(),
          whole.summary(),
          split.summary());
    }
  }

  private ConformanceRun(List<Result> results) {
    this.results = results;
  }

  static ConformanceRun of(List<ReplayCase> cases) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (ReplayServer server = new ReplayServer()) {
      ReplayClient client = new ReplayClient(server);
      List<Future<Result>> running = new ArrayList<>();
      for (ReplayCase replayed : cases) {
        running.add(
            threads.submit(
                () ->
                    new Result(replayed, client.run(replayed, false), client.run(replayed, true))));
      }
      return new ConformanceRun(collect(running));
    } finally {
      threads.shutdownNow();
      threads.awaitTermination(10, TimeUnit.SECONDS);
    }
  }

  private static List<Result> collect(List<Future<Result>> running)
      throws InterruptedException, ExecutionException {
    List<Result> results = new ArrayList<>();
    for (Future<Result> one : running) {
      results.add(one.get());
    }
    return List.copyOf(results);
  }

  /**
   * Returns the results of one corpus for which {@code wanted} holds, in the order of the corpus.
   */
  List<Result> of(Corpus corpus, Predicate<Result> wanted) {
    return results.stream().filter(r -> r.replayed().corpus() == corpus).filter(wanted).toList();
  }

  /** Counts of cases, each of which was replayed twice. */
  record Figures(
      int cases,
      int poisoned,
      int hung,
      int nextFailed,
      int splitDiffers,
      int mustReject,
      int accepted,
      int mustAccept,
      int rejected) {}

  Figures figures(List<Corpus> corpora) {
    List<Result> some =
        results.stream().filter(r -> corpora.contains(r.replayed().corpus())).toList();
    return new Figures(
        some.size(),
        count(some, r -> r.any(seen -> seen.next() == Next.POISONED)),
        count(some, Result::hangs),
        count(some, r -> r.any(seen -> seen.next() == Next.FAILED)),
        count(some, r -> !r.isSameSplit()),
        count(some, r -> r.replayed().expected() == Expected.REJECT),
        count(some, r -> r.replayed().expected() == Expected.REJECT && r.isDisagreement()),
        count(some, r -> r.replayed().expected().isAccept()),
        count(some, r -> r.replayed().expected().isAccept() && r.isDisagreement()));
  }

  private static int count(List<Result> results, Predicate<Result> counted) {
    return (int) results.stream().filter(counted).count();
  }
}
