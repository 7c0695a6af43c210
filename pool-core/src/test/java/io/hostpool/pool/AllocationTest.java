package io.hostpool.pool;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a lease costs in memory, as the JVM counts it for this thread. */
@Timeout(60)
class AllocationTest {

  private static final int LEASES = 10_000;
  private static final int SMALL_OBJECT_BYTES = 48;

  @Test
  void leaseAndReturnOfAnIdleConnectionAllocateOneSmallObject() throws Exception {
    try (TestPool test = TestPool.blocking(1)) {
      test.lease().bodyEnded();
      leaseAndReturn(test);

      long before = allocated();
      leaseAndReturn(test);
      long each = (allocated() - before) / LEASES;

      assertThat(each).isLessThanOrEqualTo(SMALL_OBJECT_BYTES);
    }
  }

  private static void leaseAndReturn(TestPool test) throws Exception {
    for (int i = 0; i < LEASES; i++) {
      test.lease().bodyEnded();
    }
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
