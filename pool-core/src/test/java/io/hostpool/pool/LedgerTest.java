package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.internal.lease.Ledger;
import io.hostpool.internal.lease.Use;
import io.hostpool.stats.AcquireOutcome;
import io.hostpool.stats.CloseReason;
import io.hostpool.stats.PoolState;
import io.hostpool.stats.PoolStats;
import java.lang.reflect.Method;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What each transition changes in the books, and that a reader sees all of it or nothing. */
class LedgerTest {

  private static final List<String> NUMBERS =
      List.of(
          "state",
          "max",
          "leased",
          "idle",
          "dialing",
          "pending",
          "created",
          "opened",
          "closed",
          "closedBy",
          "reused",
          "redialed",
          "failedDials",
          "discarded",
          "leaked",
          "timeouts",
          "unserved",
          "requests");

  private final Ledger ledger = new Ledger("http://host:80", 3);

  static Stream<Arguments> transitions() {
    return Stream.of(
        step("leased+1 idle-1", Ledger::idleToLeased),
        step("leased-1 idle+1 reused+1 requests+1", l -> l.leasedToIdle(Use.REUSED)),
        step("leased-1 idle+1 requests+1", l -> l.leasedToIdle(Use.OPENED)),
        step("leased-1 idle+1", l -> l.leasedToIdle(Use.NONE)),
        step("pending-1 requests+1", l -> l.leasedToLeased(Use.OPENED, true)),
        step("reused+1 requests+1", l -> l.leasedToLeased(Use.REUSED, false)),
        step(
            "leased-1 closed+1 closedBy{ERROR=1} requests+1",
            l -> l.leasedToClosed(CloseReason.ERROR, Use.OPENED)),
        step(
            "leased-1 closed+1 closedBy{OVERFLOW=1} discarded+1",
            l -> l.leasedToClosed(CloseReason.OVERFLOW, Use.NONE)),
        step("idle-1 closed+1 closedBy{IDLE=1}", l -> l.idleToClosed(CloseReason.IDLE)),
        step(
            "leased-1 dialing+1 closed+1 closedBy{STALE=1}",
            l -> l.leasedToDialing(CloseReason.STALE, true)),
        step(
            "leased-1 dialing+1 created+1 closed+1 closedBy{IDLE=1}",
            l -> l.leasedToDialing(CloseReason.IDLE, false)),
        step("dialing+1 pending-1 created+1", l -> l.permitToDialing(true)),
        step("dialing+1 created+1", l -> l.permitToDialing(false)),
        step("leased+1 dialing-1 opened+1 redialed+1", l -> l.dialingToLeased(true)),
        step("leased+1 dialing-1 opened+1", l -> l.dialingToLeased(false)),
        step("dialing-1 failedDials+1", l -> l.dialingToPermit(true)),
        step("dialing-1", l -> l.dialingToPermit(false)),
        step("pending+1", Ledger::waitStarted),
        step("pending-1", Ledger::waitEnded),
        step("timeouts+1 unserved{TIMEOUT=1}", l -> l.unserved(AcquireOutcome.TIMEOUT)),
        step("timeouts+1 unserved{LIMIT=1}", l -> l.unserved(AcquireOutcome.LIMIT)),
        step("unserved{FAILED=1}", l -> l.unserved(AcquireOutcome.FAILED)),
        step("leaked+1", Ledger::leakFound),
        step("state{RETIRED}", l -> l.ended(PoolState.RETIRED)),
        step("max+4", l -> l.resized(7)));
  }

  private static Arguments step(String change, Consumer<Ledger> transition) {
    return Arguments.of(change, transition);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("transitions")
  void transitionChangesTheseNumbersAndTheNextReaderSeesIt(
      String change, Consumer<Ledger> transition) throws Exception {
    PoolStats before = ledger.tryRead();

    transition.accept(ledger);

    PoolStats after = ledger.tryRead();
    assertThat(after).as("read without the lock").isNotNull();
    assertThat(changes(before, after)).isEqualTo(change);
    assertThat(ledger.permitsTaken()).isEqualTo(after.leased() + after.dialing());
    assertThat(ledger.dialing()).isEqualTo(after.dialing());
    assertThat(ledger.idle()).isEqualTo(after.idle());
    assertThat(ledger.created()).isEqualTo(after.created());
  }

  @Test
  void readersShareOneObjectWhileNothingChanges() {
    PoolStats first = ledger.tryRead();

    assertThat(ledger.tryRead()).isSameAs(first);
    ledger.waitStarted();
    ledger.waitEnded();
    assertThat(ledger.tryRead()).isNotSameAs(first).isEqualTo(first);
  }

  /** The transition breaks off half-way, so it is being written for ever. */
  @Test
  void readerThatMeetsATransitionHalfWrittenGetsNothing() {
    assertThat(ledger.tryRead()).isNotNull();

    assertThatThrownBy(() -> ledger.idleToClosed(null)).isInstanceOf(NullPointerException.class);

    assertThat(ledger.tryRead()).isNull();
  }

  @Test
  void numbersOfAPoolAreReadUnderItsLockWhereATransitionIsHalfWritten() throws Exception {
    try (TestPool test = TestPool.blocking(2)) {
      test.lease();
      Ledger own = test.pool.store().books().ledger;

      assertThatThrownBy(() -> own.idleToClosed(null)).isInstanceOf(NullPointerException.class);

      assertThat(test.stats().leased()).isEqualTo(1);
      TestPool.assertLockComesFree(test.pool);
    }
  }

  /** Returns what differs, in the order of {@link #NUMBERS}. */
  private static String changes(PoolStats before, PoolStats after)
      throws ReflectiveOperationException {
    StringJoiner changes = new StringJoiner(" ");
    for (String name : NUMBERS) {
      Method part = PoolStats.class.getMethod(name);
      Object old = part.invoke(before);
      Object now = part.invoke(after);
      if (now instanceof Number number && !now.equals(old)) {
        long change = number.longValue() - ((Number) old).longValue();
        changes.add(name + (change < 0 ? "" : "+") + change);
      } else if (!now.equals(old)) {
        String text = now.toString();
        changes.add(name + (text.startsWith("{") ? text : "{" + text + "}"));
      }
    }
    return changes.toString();
  }
}
