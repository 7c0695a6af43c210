package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostpool.testkit.Eventually;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What is kept and what goes, and that what goes is disposed of once. Upstream: TestLRUContainer of
 * test_collections.py. Iterating, which upstream forbids (test_iter), does not compile here.
 */
class RecentlyUsedContainerTest {

  private final List<String> gone = new ArrayList<>();

  /** Upstream: test_maxsize. */
  @Test
  void oneMoreThanTheSizeSendsTheOldestAway() {
    RecentlyUsedContainer<Integer, String> container = filled(5);
    assertThat(container.size()).isEqualTo(5);
    assertThat(IntStream.range(0, 5).mapToObj(container::get))
        .containsExactly("0", "1", "2", "3", "4");

    container.put(5, "5");

    assertThat(container.size()).isEqualTo(5);
    assertThat(container.get(0)).isNull();
    assertThat(container.get(5)).isEqualTo("5");
    assertThat(gone).containsExactly("0");
  }

  /** Upstream: test_maxsize_0. */
  @Test
  void containerOfSizeZeroKeepsNothing() {
    RecentlyUsedContainer<Integer, String> container = new RecentlyUsedContainer<>(0, gone::add);

    container.put(1, "a");
    String made = container.getOrPut(2, key -> "b");

    assertThat(container.size()).isZero();
    assertThat(made).isEqualTo("b");
    assertThat(gone).containsExactly("a", "b");
  }

  /** Upstream: test_expire. */
  @Test
  void valueThatWasUsedOutlivesThoseThatWereNot() {
    RecentlyUsedContainer<Integer, String> container = filled(5);
    for (int i = 0; i < 5; i++) {
      container.get(0);
    }

    container.put(5, "5");

    assertThat(container.keys()).containsExactlyInAnyOrder(2, 3, 4, 0, 5);
    assertThat(order(container)).containsExactly("2", "3", "4", "0", "5");
  }

  /** Upstream: test_same_key. */
  @Test
  void valueThatIsReplacedIsDisposedOf() {
    RecentlyUsedContainer<String, String> container = new RecentlyUsedContainer<>(5, gone::add);
    for (int i = 0; i < 10; i++) {
      container.put("foo", "" + i);
    }

    assertThat(container.keys()).containsExactly("foo");
    assertThat(container.get("foo")).isEqualTo("9");
    assertThat(gone).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8");
  }

  /** Upstream: test_access_ordering. */
  @Test
  void orderIsThatOfTheLastUse() {
    RecentlyUsedContainer<Integer, String> container = filled(5);
    for (int i = 5; i < 10; i++) {
      container.put(i, "" + i);
    }
    for (int key : new int[] {7, 8, 6, 9, 5}) {
      container.get(key);
    }

    assertThat(order(container)).containsExactly("7", "8", "6", "9", "5");
  }

  /** Upstream: test_delete. */
  @Test
  void removingTellsWhetherThereWasSomething() {
    RecentlyUsedContainer<Integer, String> container = filled(5);

    assertThat(container.remove(0)).isTrue();
    assertThat(container.remove(0)).isFalse();
    assertThat(container.remove(1, "other")).isFalse();
    assertThat(container.remove(4)).isTrue();

    assertThat(order(container)).containsExactly("0", "4", "1", "2", "3");
  }

  /** Upstream: test_get. */
  @Test
  void valueThatIsNotThereIsNull() {
    RecentlyUsedContainer<Integer, String> container = filled(5);

    assertThat(container.get(4)).isEqualTo("4");
    assertThat(container.get(5)).isNull();
  }

  /** Upstream: test_disposal. */
  @Test
  void whateverLeavesIsDisposedOfOnceInItsOrder() {
    RecentlyUsedContainer<Integer, String> container = filled(5);
    assertThat(gone).isEmpty();

    container.put(5, "5");
    container.remove(1);
    container.clear();
    container.clear();

    assertThat(gone).containsExactly("0", "1", "2", "3", "4", "5");
    assertThat(container.size()).isZero();
  }

  @Test
  void sameValuePutAgainIsDisposedOfAsItLeaves() {
    RecentlyUsedContainer<Integer, String> container = new RecentlyUsedContainer<>(2, gone::add);
    container.put(1, "a");
    container.put(1, "a");

    assertThat(gone).containsExactly("a");
    assertThat(container.get(1)).isEqualTo("a");
  }

  @Test
  void valueIsMadeOnlyWhereThereIsNone() {
    RecentlyUsedContainer<Integer, String> container = filled(2);

    assertThat(container.getOrPut(0, key -> "other")).isEqualTo("0");
    assertThat(container.getOrPut(7, key -> "new" + key)).isEqualTo("new7");

    assertThat(gone).containsExactly("1");
  }

  @Test
  void factoryThatFailsLeavesEverythingAsItWas() {
    RecentlyUsedContainer<Integer, String> container = filled(2);

    assertThatThrownBy(
            () ->
                container.getOrPut(
                    7,
                    key -> {
                      throw new IllegalStateException("planted");
                    }))
        .hasMessage("planted");
    assertThatThrownBy(() -> container.getOrPut(7, key -> null)).hasMessage("factory made null");

    assertThat(container.keys()).containsExactlyInAnyOrder(0, 1);
    container.put(7, "7");
    assertThat(gone).containsExactly("0");
  }

  @Test
  void valueThatIsRemovedIsDisposedOfOnlyWhereThatIsAskedFor() {
    RecentlyUsedContainer<Integer, String> container = filled(3);

    assertThat(container.remove(0, container.peek(0))).isTrue();
    assertThat(container.removeUndisposed(1, "other")).isFalse();
    assertThat(container.removeUndisposed(1, container.peek(1))).isTrue();

    assertThat(gone).containsExactly("0");
    assertThat(container.keys()).containsExactly(2);
  }

  @Test
  void disposingMayUseTheContainer() {
    List<RecentlyUsedContainer<Integer, String>> self = new ArrayList<>();
    RecentlyUsedContainer<Integer, String> container =
        new RecentlyUsedContainer<>(
            1,
            value -> {
              gone.add(value);
              if (value.equals("a")) {
                self.get(0).put(9, "again");
              }
            });
    self.add(container);

    container.put(1, "a");
    container.put(2, "b");

    assertThat(gone).containsExactly("a", "b");
    assertThat(container.keys()).containsExactly(9);
  }

  /** Upstream lets the exception of one value keep the others from being disposed of. */
  @Test
  void valueWhoseDisposalFailsDoesNotKeepTheOthers() {
    RecentlyUsedContainer<Integer, String> container =
        new RecentlyUsedContainer<>(
            3,
            value -> {
              gone.add(value);
              throw new IllegalStateException("disposing " + value);
            });
    container.put(1, "a");
    container.put(2, "b");

    assertThatThrownBy(container::clear)
        .hasMessage("disposing a")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));

    assertThat(gone).containsExactly("a", "b");
    assertThat(container.size()).isZero();
  }

  @Test
  void copiesThatComeOutDoNotChange() {
    RecentlyUsedContainer<Integer, String> container = filled(2);
    Set<Integer> keys = container.keys();
    List<String> values = container.values();

    container.clear();

    assertThat(keys).hasSize(2);
    assertThat(values).containsExactlyInAnyOrder("0", "1");
    assertThatThrownBy(keys::clear).isInstanceOf(UnsupportedOperationException.class);
  }

  /** Against a map that the JDK keeps in the order of use. */
  @Test
  void randomStepsAgreeWithTheModel() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      int size = random.nextInt(6);
      List<String> expected = new ArrayList<>();
      gone.clear();
      Map<Integer, String> model = new LinkedHashMap<>(16, 0.75f, true);
      RecentlyUsedContainer<Integer, String> container =
          new RecentlyUsedContainer<>(size, gone::add);
      for (int step = 0; step < 2000; step++) {
        int key = random.nextInt(9);
        switch (random.nextInt(10)) {
          case 0 -> {
            container.remove(key);
            String old = model.remove(key);
            if (old != null) {
              expected.add(old);
            }
          }
          case 1, 2, 3, 4 -> {
            String value = seed + "/" + step;
            container.put(key, value);
            String old = model.remove(key);
            if (old != null) {
              expected.add(old);
            }
            model.put(key, value);
            if (model.size() > size) {
              expected.add(model.remove(model.keySet().iterator().next()));
            }
          }
          default -> assertThat(container.get(key)).isEqualTo(model.get(key));
        }
        assertThat(gone).as("seed %s step %s", seed, step).isEqualTo(expected);
      }
      assertThat(container.keys()).isEqualTo(model.keySet());
    }
  }

  /** The value used last is the latest already; the use that waits is older. */
  @Test
  @Timeout(60)
  void valueUsedLastStaysAlthoughAnOlderUseIsStillToBeNoted() {
    RecentlyUsedContainer<Integer, String> container = filled(2);
    whileLocked(
        container,
        () -> {
          container.get(0);
          container.get(1);
        });
    assertThat(container.notedUses()).isEqualTo(2);

    container.put(2, "2");

    assertThat(gone).containsExactly("0");
  }

  @Test
  @Timeout(60)
  void useThatIsNotedAtOnceComesAfterThoseThatWait() {
    RecentlyUsedContainer<Integer, String> container = filled(2);
    whileLocked(container, () -> container.get(0));

    container.get(1);
    container.put(2, "2");

    assertThat(gone).containsExactly("0");
  }

  @Test
  @Timeout(60)
  void valueThatIsPutInEvictsNoneWhoseUseWaits() {
    RecentlyUsedContainer<Integer, String> container = filled(2);
    whileLocked(container, () -> container.get(0));

    container.put(2, "2");

    assertThat(gone).containsExactly("1");
    assertThat(container.notedUses()).isZero();
  }

  @Test
  @Timeout(60)
  void valueThatIsMadeEvictsNoneWhoseUseWaits() {
    RecentlyUsedContainer<Integer, String> container = filled(2);
    whileLocked(container, () -> container.get(0));

    container.getOrPut(2, key -> "2");

    assertThat(gone).containsExactly("1");
    assertThat(container.notedUses()).isZero();
  }

  @Test
  @Timeout(60)
  void valueThatLeftBeforeItsUseIsNotedStaysAway() {
    RecentlyUsedContainer<Integer, String> container = filled(3);
    whileLocked(container, () -> container.get(0));

    container.remove(0);
    container.put(3, "3");
    container.put(4, "4");

    assertThat(gone).containsExactly("0", "1");
    assertThat(container.keys()).containsExactlyInAnyOrder(2, 3, 4);
  }

  /** Runs {@code uses} on another thread while this one holds the lock; changes nothing itself. */
  private static void whileLocked(RecentlyUsedContainer<Integer, String> container, Runnable uses) {
    Thread user = new Thread(uses, "testkit-container-user");
    assertThatThrownBy(
            () ->
                container.getOrPut(
                    -1,
                    key -> {
                      user.start();
                      joinQuietly(user);
                      throw new IllegalStateException("nothing is made");
                    }))
        .hasMessage("nothing is made");
  }

  private static void joinQuietly(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  @Timeout(60)
  void valueThatAnotherThreadMakesMeanwhileIsNotMadeAgain() throws Exception {
    RecentlyUsedContainer<Integer, String> container = filled(1);
    List<String> found = new ArrayList<>();
    Thread late =
        new Thread(() -> found.add(container.getOrPut(7, key -> "late")), "testkit-late-maker");

    container.getOrPut(
        7,
        key -> {
          late.start();
          Eventually.until("it waits for the lock", () -> late.getState() == Thread.State.WAITING);
          return "early";
        });
    late.join();

    assertThat(found).containsExactly("early");
    assertThat(gone).containsExactly("0");
  }

  /** Else the holder of the lock could be kept for ever, and the queue would take all memory. */
  @Test
  @Timeout(60)
  void usesThatCannotBeNotedAtOnceAreBoundedInNumber() throws Exception {
    RecentlyUsedContainer<Integer, String> container = filled(2);
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    Thread holder =
        new Thread(
            () ->
                container.getOrPut(
                    2,
                    key -> {
                      inside.countDown();
                      awaitQuietly(leave);
                      return "2";
                    }));
    holder.start();
    inside.await();
    Thread user =
        new Thread(
            () -> {
              for (int i = 0; i < 10_000; i++) {
                container.get(i % 2);
              }
            });
    user.start();
    Eventually.until(
        "it waits or is through", () -> user.getState() == Thread.State.WAITING || !user.isAlive());

    assertThat(container.notedUses()).isEqualTo(RecentlyUsedContainer.MAX_NOTED);
    leave.countDown();
    user.join();
    holder.join();
    container.put(3, "3");
    assertThat(container.notedUses()).isZero();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void negativeSizeAndAbsentPartsAreRefused() {
    assertThatThrownBy(() -> new RecentlyUsedContainer<Integer, String>(-1, gone::add))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxsize must be 0 or more: -1");
    assertThatThrownBy(() -> new RecentlyUsedContainer<Integer, String>(1, null))
        .hasMessage("dispose");
    assertThatThrownBy(() -> filled(1).put(1, null)).hasMessage("value");
  }

  private RecentlyUsedContainer<Integer, String> filled(int size) {
    RecentlyUsedContainer<Integer, String> container = new RecentlyUsedContainer<>(size, gone::add);
    for (int i = 0; i < size; i++) {
      container.put(i, "" + i);
    }
    return container;
  }

  /** Returns the values in the order of their last use, emptying the container. */
  private List<String> order(RecentlyUsedContainer<Integer, String> container) {
    container.clear();
    return gone.subList(gone.size() - Math.min(gone.size(), 5), gone.size());
  }
}
