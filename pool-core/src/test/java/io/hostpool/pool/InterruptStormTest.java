package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostpool.error.RequestInterruptedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Row 37 of docs/faults.md: interrupts at every moment of asking, waiting and being served. */
@Timeout(120)
class InterruptStormTest {

  private static final int THREADS = 8;
  private static final int INTERRUPTS = 100_000;

  @Test
  void noPermitIsLostToAHundredThousandInterrupts() throws Exception {
    try (TestPool test = TestPool.blocking(2)) {
      AtomicBoolean stop = new AtomicBoolean();
      AtomicLong interrupted = new AtomicLong();
      AtomicLong served = new AtomicLong();
      List<TestPool.Call<Boolean>> calls = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        calls.add(
            test.inThread(
                () -> {
                  while (!stop.get()) {
                    try {
                      test.lease().bodyEnded();
                      served.incrementAndGet();
                    } catch (RequestInterruptedException e) {
                      interrupted.incrementAndGet();
                      Thread.interrupted();
                    }
                  }
                  return true;
                }));
      }

      for (int i = 0; i < INTERRUPTS; i++) {
        calls.get(i % THREADS).thread().interrupt();
      }
      stop.set(true);
      for (TestPool.Call<Boolean> call : calls) {
        assertThat(call.get()).isTrue();
      }

      assertThat(interrupted.get()).isPositive();
      assertThat(served.get()).isPositive();
      PoolStats stats = test.stats();
      assertThat(stats.leased() + stats.dialing() + stats.pending()).isZero();
      assertThat(stats.idle()).isEqualTo(test.factory.open().size());
      test.pool.configure(test.pool.capacity().withPoolTimeout(Duration.ZERO));
      test.lease();
      test.lease();
    }
  }
}
