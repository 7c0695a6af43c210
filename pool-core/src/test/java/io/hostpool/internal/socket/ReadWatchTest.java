package io.hostpool.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ReadWatchTest {

  private static final long MILLI = 1_000_000;

  /** Runs what is scheduled when its time has come, by a clock that is set by hand. */
  private static final class Time {
    private record Task(Runnable task, long at) {}

    long now = 5;
    int looks;
    boolean refuses;
    private final PriorityQueue<Task> tasks =
        new PriorityQueue<>(Comparator.comparingLong(Task::at));

    final ReadWatch watch =
        new ReadWatch(
            (task, nanos) -> {
              if (refuses) {
                throw new OutOfMemoryError("no thread, says the test");
              }
              tasks.add(new Task(task, now + nanos));
              return new CompletableFuture<>();
            },
            () -> now);

    void advance(long nanos) {
      long end = now + nanos;
      while (!tasks.isEmpty() && tasks.peek().at <= end) {
        Task next = tasks.remove();
        now = Math.max(now, next.at);
        looks++;
        next.task.run();
      }
      now = end;
    }

    Reading reading() {
      Reading reading = new Reading();
      watch.add(reading);
      return reading;
    }
  }

  private static final class Reading extends ReadWatch.Reader {
    int expired;

    @Override
    void expire() {
      expired++;
    }
  }

  private final Time time = new Time();

  @Test
  void readThatTakesTooLongIsEndedOnceAndNotEarly() {
    Reading reading = time.reading();
    time.watch.begin(reading, 10 * MILLI);

    time.advance(10 * MILLI - 1);
    assertThat(reading.expired).isZero();
    time.advance(2 * MILLI);
    assertThat(reading.expired).isEqualTo(1);
    time.advance(1000 * MILLI);

    assertThat(reading.expired).isEqualTo(1);
    assertThat(time.watch.end(reading)).isTrue();
  }

  @Test
  void readThatEndedInTimeIsLeftAlone() {
    Reading reading = time.reading();
    time.watch.begin(reading, 10 * MILLI);
    time.advance(9 * MILLI);
    assertThat(time.watch.end(reading)).isFalse();

    time.advance(100 * MILLI);

    assertThat(reading.expired).isZero();
  }

  @Test
  void shortReadDuringALongOneEndsAtItsOwnTime() {
    Reading slow = time.reading();
    Reading fast = time.reading();
    time.watch.begin(slow, 1000 * MILLI);
    time.watch.begin(fast, 10 * MILLI);

    time.advance(12 * MILLI);
    assertThat(fast.expired).isEqualTo(1);
    assertThat(slow.expired).isZero();
    time.advance(990 * MILLI);

    assertThat(slow.expired).isEqualTo(1);
  }

  @Test
  void manyReadsOneAfterTheOtherCostOneLookEachTimeout() {
    Reading reading = time.reading();
    for (int i = 0; i < 10_000; i++) {
      time.watch.begin(reading, 1000 * MILLI);
      time.advance(MILLI);
      time.watch.end(reading);
    }

    assertThat(time.looks).isBetween(1, 11);
  }

  @Test
  void nothingIsScheduledWhileNobodyReads() {
    Reading reading = time.reading();
    time.watch.begin(reading, 10 * MILLI);
    time.watch.end(reading);
    time.advance(100 * MILLI);

    assertThat(time.tasks).isEmpty();
  }

  @Test
  void removedReaderIsNotEndedAndLeavesTheOthersInPlace() {
    List<Reading> readings = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      readings.add(time.reading());
      time.watch.begin(readings.get(i), 10 * MILLI);
    }
    time.watch.remove(readings.get(1));
    time.watch.remove(readings.get(1));
    time.watch.remove(readings.get(4));

    time.advance(20 * MILLI);

    assertThat(readings).extracting(reading -> reading.expired).containsExactly(1, 0, 1, 1, 0);
  }

  @Test
  void lookThatCouldNotBePlannedIsPlannedByTheNextRead() {
    Reading reading = time.reading();
    time.refuses = true;
    assertThatThrownBy(() -> time.watch.begin(reading, 10 * MILLI))
        .isInstanceOf(OutOfMemoryError.class);
    time.watch.end(reading);
    time.refuses = false;

    time.watch.begin(reading, 10 * MILLI);
    time.advance(12 * MILLI);

    assertThat(reading.expired).isEqualTo(1);
  }

  @Test
  void lookThatWasLostIsPlannedAgain() {
    Reading reading = time.reading();
    time.watch.begin(reading, 10 * MILLI);
    time.watch.end(reading);
    time.tasks.clear();
    time.advance(5000 * MILLI);

    time.watch.begin(reading, 10 * MILLI);
    time.advance(12 * MILLI);

    assertThat(reading.expired).isEqualTo(1);
  }

  @Test
  void endlessTimeoutDoesNotOverflow() {
    Reading reading = time.reading();
    time.watch.begin(reading, Long.MAX_VALUE - 1);

    time.advance(1_000_000_000L * MILLI);

    assertThat(reading.expired).isZero();
  }

  /**
   * Beginning, ending and time passing in any order: each read ends when it is due, or 2 ms later.
   */
  @Test
  void everyReadOfARandomHistoryEndsInTime() {
    SplittableRandom random = new SplittableRandom(7);
    Reading[] readings = new Reading[20];
    long[] due = new long[readings.length];
    for (int i = 0; i < readings.length; i++) {
      readings[i] = time.reading();
    }
    for (int step = 0; step < 200_000; step++) {
      int i = random.nextInt(readings.length);
      if (due[i] == 0) {
        long nanos = 1 + random.nextLong(50 * MILLI);
        due[i] = time.now + nanos;
        time.watch.begin(readings[i], nanos);
      } else if (random.nextBoolean()) {
        int before = readings[i].expired;
        boolean expired = time.watch.end(readings[i]);
        assertThat(expired).isEqualTo(before == 1);
        assertThat(expired && time.now < due[i]).as("early").isFalse();
        readings[i].expired = 0;
        due[i] = 0;
      } else {
        time.advance(random.nextLong(3 * MILLI));
      }
      for (int j = 0; j < due.length; j++) {
        boolean late = due[j] != 0 && time.now > due[j] + 2 * MILLI && readings[j].expired == 0;
        assertThat(late).as("late").isFalse();
      }
    }
  }
}
