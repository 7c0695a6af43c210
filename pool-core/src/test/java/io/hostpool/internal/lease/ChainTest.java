package io.hostpool.internal.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostpool.internal.lease.Chain.Link;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ChainTest {

  private static final int STEPS = 20_000;

  private final Chain<Integer> chain = new Chain<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void chainHoldsWhatAListWouldHold(long seed) {
    Random random = new Random(seed);
    List<Link<Integer>> listed = new ArrayList<>();
    List<Link<Integer>> out = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      out.add(new Link<>(i));
    }
    for (int step = 0; step < STEPS; step++) {
      switch (random.nextInt(6)) {
        case 0, 1 -> {
          if (!out.isEmpty()) {
            Link<Integer> link = out.remove(random.nextInt(out.size()));
            chain.add(link);
            listed.add(link);
          }
        }
        case 2 -> {
          assertThat(chain.pollNewest()).isEqualTo(valueOf(newest(listed)));
          moveOut(newest(listed), listed, out);
        }
        case 3 -> {
          assertThat(chain.pollOldest()).isEqualTo(valueOf(oldest(listed)));
          moveOut(oldest(listed), listed, out);
        }
        case 4 -> {
          if (!listed.isEmpty()) {
            Link<Integer> link = listed.get(random.nextInt(listed.size()));
            chain.remove(link);
            moveOut(link, listed, out);
          }
        }
        default -> {
          if (!out.isEmpty()) {
            Link<Integer> link = out.get(random.nextInt(out.size()));
            chain.forget(link);
            chain.remove(link);
          }
        }
      }
      assertThat(forward()).isEqualTo(listed);
      assertThat(backward()).isEqualTo(listed);
      assertThat(chain.size()).isEqualTo(listed.size());
      assertThat(chain.isEmpty()).isEqualTo(listed.isEmpty());
      assertThat(listed).allMatch(Link::isLinked);
      assertThat(out).noneMatch(Link::isLinked);
    }
  }

  @Test
  void elementThatIsForgottenIsHeldByNoOther() {
    Chain<Object> objects = new Chain<>();
    objects.add(new Link<>("stays"));
    WeakReference<Object> forgotten = takeAndForget(objects);

    for (int i = 0; i < 10 && forgotten.get() != null; i++) {
      System.gc();
    }

    assertThat(forgotten.get()).isNull();
    assertThat(objects.oldest()).isEqualTo("stays");
  }

  private static WeakReference<Object> takeAndForget(Chain<Object> objects) {
    Link<Object> link = new Link<>(new Object());
    objects.add(link);
    WeakReference<Object> taken = new WeakReference<>(objects.pollNewest());
    objects.forget(link);
    return taken;
  }

  private List<Link<Integer>> forward() {
    List<Link<Integer>> links = new ArrayList<>();
    for (Link<Integer> at = chain.oldestLink(); at != null; at = chain.newer(at)) {
      links.add(at);
    }
    return links;
  }

  private List<Link<Integer>> backward() {
    List<Link<Integer>> links = new ArrayList<>();
    for (Link<Integer> at = chain.newestLink(); at != null; at = chain.older(at)) {
      links.add(0, at);
    }
    return links;
  }

  private static Link<Integer> newest(List<Link<Integer>> listed) {
    return listed.isEmpty() ? null : listed.get(listed.size() - 1);
  }

  private static Link<Integer> oldest(List<Link<Integer>> listed) {
    return listed.isEmpty() ? null : listed.get(0);
  }

  private static Integer valueOf(Link<Integer> link) {
    return link == null ? null : link.value();
  }

  private static void moveOut(
      Link<Integer> link, List<Link<Integer>> listed, List<Link<Integer>> out) {
    if (link != null) {
      listed.remove(link);
      out.add(link);
    }
  }
}
