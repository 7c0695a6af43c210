package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.CapturedLog;
import io.hostpool.policy.FakeTicker;
import io.hostpool.pool.PoolModel.Stores;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random histories of one pool, stepped by one thread with a fake clock, all rules checked after
 * each step. A failure names its seed; {@code -Dhostpool.fuzz.seed=…} runs that one alone.
 */
@Timeout(300)
class PoolFuzzTest {

  private static final int SEEDS = 60;
  private static final int STEPS_A_SEED = 20_000;
  private static final int STEPS_A_POOL = 400;

  @Test
  void everyRuleHoldsAfterEachOfAMillionRandomSteps() {
    Long only = Long.getLong("hostpool.fuzz.seed");
    long first = only == null ? 1 : only;
    int seeds = only == null ? SEEDS : 1;
    long steps = 0;
    try (CapturedLog quiet = quiet()) {
      for (long seed = first; seed < first + seeds; seed++) {
        steps += run(seed, ConnectionStore::new);
      }
    }

    assertThat(steps).isEqualTo((long) seeds * STEPS_A_SEED);
  }

  static Stream<Arguments> plantedBugs() {
    return Stream.of(
        bug(
            "keeps more than max",
            "beyond max|more connections than max",
            PlantedBugs.KeepsAll::new),
        bug(
            "wakes nobody when a dial failed",
            "while a permit is free",
            PlantedBugs.HandsNoPermitOn::new),
        bug("hands nothing over", "somebody waits", PlantedBugs.HandsNothingOver::new),
        bug("serves the second first", "waits longer", PlantedBugs.ServesTheSecondFirst::new),
        bug(
            "keeps a connection of a retired pool",
            "that ended keeps",
            PlantedBugs.KeepsAfterRetire::new),
        bug(
            "keeps a connection of a closed pool",
            "that ended keeps",
            PlantedBugs.KeepsAfterClose::new),
        bug("loses the permit of a failed dial", "dialing", PlantedBugs.LosesFailedDials::new),
        bug(
            "gives a permit for a timeout",
            "timed out changed|dialing",
            PlantedBugs.PermitForTimeout::new),
        bug(
            "loses what an interrupted waiter had",
            "leased|dialing|pending",
            PlantedBugs.ForgetsInterrupted::new),
        bug("does not close what it discards", "open", PlantedBugs.LeavesOpen::new),
        bug("closes twice", "closed twice|places taken", PlantedBugs.ClosesTwice::new),
        bug("releases twice", "leased|twice", PlantedBugs.ReleasesTwice::new),
        bug("hands out what it found dead", "closed connection", PlantedBugs.HandsOutTheDead::new),
        bug(
            "leaves waiters when it closes",
            "somebody waits",
            PlantedBugs.CloseForgetsWaiters::new));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("plantedBugs")
  void plantedBugIsFound(String name, String symptom, Stores stores) {
    try (CapturedLog quiet = quiet()) {
      assertThatThrownBy(
              () -> {
                for (long seed = 1; seed <= SEEDS; seed++) {
                  run(seed, stores);
                }
              })
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("seed ")
          .cause()
          .message()
          .containsPattern(symptom);
    }
  }

  private static Arguments bug(String name, String symptom, Stores stores) {
    return Arguments.of(name, symptom, stores);
  }

  /** Runs pool after pool until the steps of the seed are used up; returns how many there were. */
  private static long run(long seed, Stores stores) {
    SplittableRandom random = new SplittableRandom(seed);
    Deque<String> last = new ArrayDeque<>();
    long steps = 0;
    try {
      while (steps < STEPS_A_SEED) {
        PoolModel model = new PoolModel(random, new FakeTicker(), settings(random), stores);
        for (int i = 0; i < STEPS_A_POOL; i++) {
          last.addLast(model.step());
          if (last.size() > 12) {
            last.removeFirst();
          }
          steps++;
        }
        model.finish();
      }
    } catch (RuntimeException | AssertionError e) {
      String message =
          "seed "
              + seed
              + ", step "
              + steps
              + " after "
              + List.copyOf(last)
              + ": "
              + e.getMessage();
      throw new AssertionError(message, e);
    }
    return steps;
  }

  private static PoolManager.Builder settings(SplittableRandom random) {
    PoolManager.Builder settings =
        PoolManager.builder()
            .maxsize(1 + random.nextInt(5))
            .whenExhausted(WhenExhausted.values()[random.nextInt(3)])
            .idleTimeout(Duration.ofMillis(1 + random.nextInt(1000)));
    return random.nextBoolean() ? settings : settings.maxConnections(1 + random.nextInt(6));
  }

  private static CapturedLog quiet() {
    return CapturedLog.of("io.hostpool.pool", ch.qos.logback.classic.Level.OFF);
  }
}
