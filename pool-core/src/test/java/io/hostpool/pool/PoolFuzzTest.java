package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.hostpool.CapturedLog;
import io.hostpool.internal.lease.ConnectionLimit;
import io.hostpool.internal.lease.LeaseConfig;
import io.hostpool.internal.lease.LeaseRules;
import io.hostpool.internal.time.FakeTicker;
import io.hostpool.policy.ReusePolicy;
import io.hostpool.policy.WhenExhausted;
import io.hostpool.pool.BrokenInvariant.Invariant;
import io.hostpool.pool.PoolModel.Faults;
import io.hostpool.stats.CloseReason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random histories of a manager and its pools, stepped by one thread with a fake clock, all rules
 * checked after each step. A failure names its seed; {@code -Dhostpool.fuzz.seed=…} runs that one
 * alone, {@code -Dhostpool.fuzz.steps=…} that many steps a seed.
 */
@Timeout(300)
class PoolFuzzTest {

  private static final int SEEDS = 50;
  private static final int STEPS_A_SEED = Integer.getInteger("hostpool.fuzz.steps", 20_000);
  private static final int STEPS_A_MANAGER = 400;

  @Test
  void everyRuleHoldsAfterEachOfAMillionRandomSteps() {
    Long only = Long.getLong("hostpool.fuzz.seed");
    long first = only == null ? 1 : only;
    int seeds = only == null ? SEEDS : 1;
    long steps = 0;
    try (CapturedLog quiet = quiet()) {
      for (long seed = first; seed < first + seeds; seed++) {
        steps += run(seed, UnaryOperator.identity(), new Faults());
      }
    }

    assertThat(steps).isEqualTo((long) seeds * STEPS_A_SEED);
  }

  static Stream<Arguments> plantedBugs() {
    return Stream.of(
        bug("keeps more than max", Invariant.SIZE, PlantedBugs.keeping(CloseReason.OVERFLOW)),
        bug("keeps what is retired", Invariant.END, PlantedBugs.keeping(CloseReason.EVICTED)),
        bug("keeps what is closed", Invariant.END, PlantedBugs.keeping(CloseReason.SHUTDOWN)),
        bug("hands nothing over", Invariant.PROGRESS, new PlantedBugs.HandsNothingOver()),
        bug("serves the newest first", Invariant.ORDER, new PlantedBugs.ServesTheNewestFirst()),
        bug("gives one permit too many", Invariant.SIZE, new PlantedBugs.OpensOneMore()),
        bug("gives one permit too few", Invariant.PROGRESS, new PlantedBugs.OpensOneLess()),
        bug("shrinks too little", Invariant.SIZE, new PlantedBugs.ShrinksToOneMore()),
        bug("prewarms beyond max", Invariant.SIZE, new PlantedBugs.OpensAheadBeyondTheSize()),
        bug("opens one beyond the limit", Invariant.LIMIT, PlantedBugs.AllowsOneMore::new),
        bug("lets nothing give way", Invariant.PROGRESS, PlantedBugs.NothingGivesWay::new),
        bug("starves other pools", Invariant.ORDER, PlantedBugs.BusyPoolsKeepWhatTheyHave::new),
        bug("loses slots", Invariant.SLOTS, PlantedBugs.LosesSlots::new),
        Arguments.of(
            "leaves evicted pools out when it closes",
            Invariant.END,
            (UnaryOperator<LeaseConfig.Seams>)
                seams -> seams.withRetired(PlantedBugs.ForgetsEvicted::new),
            new Faults()),
        bug(
            "loses the permit of a failed dial",
            Invariant.BOOKS,
            new PlantedBugs.LosesFailedDials()),
        bug("loses a permit it did not use", Invariant.BOOKS, new PlantedBugs.LosesUnusedPermits()),
        bug("gives a permit for a timeout", Invariant.TIMEOUT, new PlantedBugs.PermitForTimeout()),
        bug("forgets who was interrupted", Invariant.BOOKS, new PlantedBugs.ForgetsInterrupted()),
        bug(
            "leaves what it replaces open",
            Invariant.SOCKETS,
            new PlantedBugs.LeavesPredecessorsOpen()),
        bug("releases twice", Invariant.BOOKS, new PlantedBugs.ReleasesTwice()),
        bug("keeps what broke booked", Invariant.BOOKS, new PlantedBugs.CountsErrorsOnly()));
  }

  @Tag("slow")
  @ParameterizedTest(name = "{0}")
  @MethodSource("plantedBugs")
  void plantedBugIsFoundByTheInvariantItBreaks(
      String name, Invariant broken, UnaryOperator<LeaseConfig.Seams> seams, Faults faults) {
    try (CapturedLog quiet = quiet()) {
      Throwable found =
          catchThrowable(
              () -> {
                for (long seed = 1; seed <= SEEDS; seed++) {
                  run(seed, seams, faults);
                }
              });

      assertThat(found).isInstanceOf(AssertionError.class).hasMessageContaining("seed ");
      assertThat(found.getCause()).isInstanceOf(BrokenInvariant.class);
      assertThat(((BrokenInvariant) found.getCause()).invariant())
          .as(found.getMessage())
          .isEqualTo(broken);
    }
  }

  private static Arguments bug(String name, Invariant broken, LeaseRules rules) {
    return Arguments.of(name, broken, PlantedBugs.rules(rules), new Faults());
  }

  private static Arguments bug(
      String name, Invariant broken, java.util.function.IntFunction<ConnectionLimit> limits) {
    return Arguments.of(name, broken, PlantedBugs.limits(limits), new Faults());
  }

  private static Arguments bug(String name, Invariant broken, Faults faults) {
    return Arguments.of(name, broken, UnaryOperator.<LeaseConfig.Seams>identity(), faults);
  }

  /** Runs manager after manager until the steps of the seed are used up; returns how many. */
  private static long run(long seed, UnaryOperator<LeaseConfig.Seams> seams, Faults faults) {
    SplittableRandom random = new SplittableRandom(seed);
    Deque<String> last = new ArrayDeque<>();
    long steps = 0;
    try {
      while (steps < STEPS_A_SEED) {
        PoolManager.Builder settings = settings(random).seams(seams.apply(LeaseConfig.Seams.NONE));
        PoolModel model = new PoolModel(random, new FakeTicker(), settings, faults);
        for (int i = 0; i < STEPS_A_MANAGER; i++) {
          last.addLast(model.step());
          if (last.size() > 12) {
            last.removeFirst();
          }
          steps++;
        }
        model.finish();
      }
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          "seed " + seed + ", step " + steps + " after " + List.copyOf(last) + ": " + e, e);
    }
    return steps;
  }

  private static PoolManager.Builder settings(SplittableRandom random) {
    PoolManager.Builder settings =
        PoolManager.builder()
            .numPools(1 + random.nextInt(4))
            .maxsize(1 + random.nextInt(5))
            .whenExhausted(WhenExhausted.values()[random.nextInt(3)])
            .reusePolicy(ReusePolicy.values()[random.nextInt(2)])
            .idleTimeout(Duration.ofMillis(1 + random.nextInt(1000)));
    return random.nextBoolean() ? settings : settings.maxConnections(1 + random.nextInt(8));
  }

  private static CapturedLog quiet() {
    return CapturedLog.of("io.hostpool.pool", ch.qos.logback.classic.Level.OFF);
  }
}
