package io.hostpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MonitorsTest {

  private static final String PLANTED = "io.hostpool.testkit.MonitorsTest$Planted";

  @Test
  void whatSynchronizesIsFoundAndNothingElse() {
    assertThat(Monitors.in(Path.of("target/test-classes")))
        .containsExactlyInAnyOrder(
            PLANTED + ": method(java.lang.String)",
            PLANTED + ": block()",
            PLANTED + ": " + PLANTED + "(java.lang.Object)",
            PLANTED + ": lambda$inALambda$0()");
  }

  /** Has one of each kind. */
  @SuppressWarnings("unused")
  private static final class Planted<T extends List<?>> {
    private int count;

    Planted(Object lock) {
      synchronized (lock) {
        count = 1;
      }
    }

    synchronized T method(String text) {
      count++;
      return null;
    }

    int block() {
      synchronized (this) {
        return count;
      }
    }

    Runnable inALambda() {
      return () -> {
        synchronized (this) {
          count++;
        }
      };
    }

    /** Only speaks of monitorenter and is not synchronized. */
    String free(int monitorenter) {
      return " synchronized " + monitorenter;
    }
  }
}
