package io.hostpool.pool;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** The LRU of pools. */
public final class ContainerStress {

  private ContainerStress() {}

  /** Two threads ask for the same missing key: they get the same value. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "one value, and nothing disposed of")
  @State
  public static class TwoMakeOne extends Counting {
    private Object first;
    private Object second;

    @Actor
    public void first() {
      first = container.getOrPut("key", key -> new Object());
    }

    @Actor
    public void second() {
      second = container.getOrPut("key", key -> new Object());
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = first == second && disposed.get() == 0 ? 1 : 0;
      r.r2 = container.size();
    }
  }

  /** A value is used while another one pushes the oldest out. */
  @JCStressTest
  @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "used before: b had to go")
  @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "used too late: a had to go")
  @State
  public static class UseRacesEviction extends Counting {
    public UseRacesEviction() {
      container.put("a", new Object());
      container.put("b", new Object());
    }

    @Actor
    public void use() {
      container.get("a");
    }

    @Actor
    public void evict() {
      container.put("c", new Object());
    }

    @Arbiter
    public void look(III_Result r) {
      r.r1 = container.keys().contains("a") ? 1 : 0;
      r.r2 = container.keys().contains("b") ? 1 : 0;
      r.r3 = disposed.get();
    }
  }

  /** A value is removed while all are cleared: it is disposed of once. */
  @JCStressTest
  @Outcome(id = "0, 2", expect = ACCEPTABLE, desc = "empty, each disposed of once")
  @State
  public static class RemoveRacesClear extends Counting {
    public RemoveRacesClear() {
      container.put("a", new Object());
      container.put("b", new Object());
    }

    @Actor
    public void remove() {
      container.remove("a");
    }

    @Actor
    public void clear() {
      container.clear();
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = container.size();
      r.r2 = disposed.get();
    }
  }

  /** Two values come while there is room for two: the two oldest go. */
  @JCStressTest
  @Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "never more than fit")
  @State
  public static class TwoComeTwoGo extends Counting {
    public TwoComeTwoGo() {
      container.put("a", new Object());
      container.put("b", new Object());
    }

    @Actor
    public void first() {
      container.put("c", new Object());
    }

    @Actor
    public void second() {
      container.put("d", new Object());
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = container.size();
      r.r2 = disposed.get();
    }
  }

  /** A container of two that counts what it disposes of. */
  abstract static class Counting {
    final AtomicInteger disposed = new AtomicInteger();
    final RecentlyUsedContainer<String, Object> container =
        new RecentlyUsedContainer<>(2, value -> disposed.incrementAndGet());
  }
}
